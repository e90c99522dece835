public import Model

/// What has to be said of single cells of a batch, beside their values. Most cells have nothing, and cost nothing.
public struct SparseAnnotations: Sendable {
  /// What is said of one cell.
  public struct Annotation: Hashable, Sendable {
    /// As `Cell.notes`.
    public var notes: [Note]
    /// As `Cell.coverage`.
    public var coverage: Coverage?
    /// As `Cell.bounds`.
    public var bounds: Bounds?
    /// As `Cell.provenance`.
    public var provenance: [Selection]?

    /// With none of them it is nothing, and is not kept.
    public init(
      notes: [Note] = [], coverage: Coverage? = nil, bounds: Bounds? = nil, provenance: [Selection]? = nil
    ) {
      self.notes = notes
      self.coverage = coverage
      self.bounds = bounds
      self.provenance = provenance
    }

    /// As `Cell.remarks`.
    public var remarks: [Note] { notes + Note.remarks(coverage, bounds) }

    var isEmpty: Bool { notes.isEmpty && coverage == nil && bounds == nil && provenance == nil }
  }

  private struct Place: Hashable {
    var row: Int
    var column: Int
  }

  private var byPlace: [Place: Annotation] = [:]

  /// Nothing is said of any cell.
  public init() {}

  /// Whether nothing is said of any cell.
  public var isEmpty: Bool { byPlace.isEmpty }

  /// The columns that any of them is about, ascending.
  public var columns: [Int] { Set(byPlace.keys.map(\.column)).sorted() }

  /// Whether any cell has coverage or bounds.
  public var haveCoverage: Bool { byPlace.values.contains { $0.coverage != nil || $0.bounds != nil } }

  /// What is said of a cell; nil where that is nothing.
  public subscript(row: Int, column: Int) -> Annotation? {
    get { byPlace[Place(row: row, column: column)] }
    set { byPlace[Place(row: row, column: column)] = newValue.flatMap { $0.isEmpty ? nil : $0 } }
  }

  func gathering(_ rows: [Int]) -> SparseAnnotations {
    if isEmpty { return self }
    var result = SparseAnnotations()
    // A row may be wanted more than once.
    var targets: [Int: [Int]] = [:]
    for (target, row) in rows.enumerated() { targets[row, default: []].append(target) }
    for (place, annotation) in byPlace {
      for target in targets[place.row] ?? [] { result[target, place.column] = annotation }
    }
    return result
  }

  func projecting(_ columns: [Int]) -> SparseAnnotations {
    if isEmpty { return self }
    var result = SparseAnnotations()
    for (place, annotation) in byPlace {
      for (target, column) in columns.enumerated() where column == place.column {
        result[place.row, target] = annotation
      }
    }
    return result
  }

  func inserting(column: Int, annotatedAs source: Int) -> SparseAnnotations {
    if isEmpty { return self }
    var result = SparseAnnotations()
    for (place, annotation) in byPlace {
      result[place.row, place.column < column ? place.column : place.column + 1] = annotation
      if place.column == source {
        var derived = annotation
        if derived.bounds != nil { derived.bounds = .unknown }
        result[place.row, column] = derived
      }
    }
    return result
  }

  /// With those of a batch of one column, which comes before that column.
  func inserting(_ inserted: SparseAnnotations, asColumn column: Int) -> SparseAnnotations {
    if isEmpty && inserted.isEmpty { return self }
    var result = SparseAnnotations()
    for (place, annotation) in byPlace {
      result[place.row, place.column < column ? place.column : place.column + 1] = annotation
    }
    for (place, annotation) in inserted.byPlace { result[place.row, column] = annotation }
    return result
  }

  mutating func add(_ other: SparseAnnotations, rowsBefore: Int) {
    for (place, annotation) in other.byPlace { self[rowsBefore + place.row, place.column] = annotation }
  }

  /// About how many bytes of memory they take. What cells share is counted for each of them.
  var estimatedByteCount: Int {
    byPlace.values.reduce(0) { sum, annotation in
      annotation.notes.reduce(sum + 96 + (annotation.provenance?.estimatedByteCount ?? 0)) {
        $0 + MemoryLayout<Note>.stride + $1.text.estimatedByteCount
      }
    }
  }
}
