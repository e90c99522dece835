public import Model

/// What has to be said of single cells of a batch, beside their values. Most cells have nothing, and cost nothing.
public struct SparseAnnotations: Sendable {
  /// What is said of one cell.
  public struct Annotation: Hashable, Sendable {
    /// As `Cell.notes`.
    public var notes: [Note]
    /// As `Cell.provenance`.
    public var provenance: [Selection]?

    /// With neither it is nothing, and is not kept.
    public init(notes: [Note] = [], provenance: [Selection]? = nil) {
      self.notes = notes
      self.provenance = provenance
    }

    var isEmpty: Bool { notes.isEmpty && provenance == nil }
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
      if place.column == source { result[place.row, column] = annotation }
    }
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
