internal import Model
internal import Query
internal import TabularPackage

/// The texts of observations, by row: in memory for a small dataset, else read from its file again.
struct ObservationTexts: Sendable {
  private let table: Table
  private let id: Int?
  /// The fields with numbers; of several, each row gives one observation each.
  private let measures: [Int]
  /// What tells the observations of one row apart; empty where it is one.
  private let names: [String]
  private let locus: Int?
  private let quote: Int?

  /// - Parameters: the indexes of the fields; nil where the dataset has none.
  init(table: Table, id: Int?, measures: [Int], names: [String], locus: Int?, quote: Int?) {
    self.table = table
    self.id = id
    self.measures = measures
    self.names = names
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
    if wanted.contains(.keys), id == nil { columns.keys = rows.map { key(Self.number($0 / measures.count), of: $0) } }
    let fields = [id, locus, quote].compactMap(\.self) + (hasPrinted ? measures : [])
    if fields.isEmpty { return columns }
    var place = 0
    try forEach(rows.map { $0 / measures.count }, fields: fields) { row in
      let number = rows[place]
      place += 1
      if let id { columns.keys.append(key(row[id] ?? "", of: number)) }
      if hasPrinted { columns.printed.append(row.printed(measures[number % measures.count]) ?? "") }
      if let locus { columns.loci.append(row[locus]) }
      if let quote { columns.quotes.append(row[quote]) }
    }
    return columns
  }

  func keys(ofRows rows: [Int]) throws(FileChanged) -> [ObservationKey] {
    try columns(ofRows: rows, .keys).keys.map { ObservationKey($0) }
  }

  /// The key of one of the observations of a row.
  private func key(_ row: String, of number: Int) -> String {
    names.isEmpty ? row : "\(row)/\(names[number % names.count])"
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
