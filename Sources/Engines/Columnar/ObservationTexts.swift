internal import Model
internal import Query
internal import TabularPackage

/// The texts of observations, by row: in memory for a small dataset, else read from its file again.
struct ObservationTexts: Sendable {
  private let table: Table
  private let id: Int?
  private let measure: Int
  private let locus: Int?
  private let quote: Int?

  /// - Parameters: the indexes of the fields; nil where the dataset has none.
  init(table: Table, id: Int?, measure: Int, locus: Int?, quote: Int?) {
    self.table = table
    self.id = id
    self.measure = measure
    self.locus = locus
    self.quote = quote
  }

  var isInMemory: Bool { table.hasTextInMemory }

  struct Columns {
    var keys: [String] = []
    var printed: [String] = []
    var loci: [String?] = []
    var quotes: [String?] = []
  }

  /// - Throws: `FileChanged` when the file of a large dataset changed since it was loaded.
  func columns(ofRows rows: [Int], _ wanted: ObservationQuery.Texts) throws(FileChanged) -> Columns {
    var columns = Columns()
    let locus = wanted.contains(.loci) ? locus : nil
    let quote = wanted.contains(.quotes) ? quote : nil
    let id = wanted.contains(.keys) ? id : nil
    let hasPrinted = wanted.contains(.printed)
    if wanted.contains(.keys), id == nil { columns.keys = rows.map(Self.number) }
    let fields = [id, hasPrinted ? measure : nil, locus, quote].compactMap(\.self)
    if fields.isEmpty { return columns }
    try forEach(rows, fields: fields) { row in
      if let id { columns.keys.append(row[id] ?? "") }
      if hasPrinted { columns.printed.append(row.printed(measure) ?? "") }
      if let locus { columns.loci.append(row[locus]) }
      if let quote { columns.quotes.append(row[quote]) }
    }
    return columns
  }

  func keys(ofRows rows: [Int]) throws(FileChanged) -> [ObservationKey] {
    try columns(ofRows: rows, .keys).keys.map { ObservationKey($0) }
  }

  /// The key of an observation in a dataset that declares none.
  private static func number(_ row: Int) -> String { "#\(row + 1)" }

  /// Rows that are asked for together often lie together.
  private func forEach(
    _ rows: [Int], fields: [Int], _ body: (TableRow) -> Void
  ) throws(FileChanged) {
    let span = 64
    var held = 0..<0
    var texts: [TableRow] = []
    for (place, row) in rows.enumerated() {
      if !held.contains(row) {
        held = row / span * span..<min(table.rowCount, (row / span + 1) * span)
        // A run of neighbours is read at once.
        var last = place
        while last + 1 < rows.count, rows[last + 1] == rows[last] + 1 { last += 1 }
        if rows[last] >= held.upperBound { held = row..<rows[last] + 1 }
        texts = try table.rows(held, fields: fields)
      }
      body(texts[row - held.lowerBound])
    }
  }
}
