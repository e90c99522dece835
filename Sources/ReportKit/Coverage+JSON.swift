internal import JSON

/// The member of a row that has the coverage of its cells. No column can have that name.
let coverageKey = "@coverage"

/// Coverage and bounds as formats and frames of JSON tell them, by column:
///
///     "@coverage":{"persons":{"numbers":139,"expected":167,"lacking":[{"reason":"withheld","count":28}]}}
///
/// A number that is or contains an estimate has `lower` and `upper`, both null where nobody can say.
struct CoverageWriter {
  private let columns: [String]
  private let quotesLongNumbers: Bool

  /// - Parameter quotesLongNumbers: whether a bound of more than 15 digits is a text, for readers that compute with doubles
  ///   and write what they read.
  init(columns: [String], quotesLongNumbers: Bool = false) {
    self.columns = columns
    self.quotesLongNumbers = quotesLongNumbers
  }

  /// Appends the member with the comma before it; nothing where no cell has any.
  func writeMember(to bytes: inout [UInt8], _ coverage: (_ column: Int) -> (Coverage?, Bounds?)) {
    var isFirst = true
    for (index, name) in columns.enumerated() {
      let (coverage, bounds) = coverage(index)
      if coverage == nil, bounds == nil { continue }
      bytes += (isFirst ? ",\"\(coverageKey)\":{" : ",").utf8
      isFirst = false
      writeJSON(name, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      write(coverage, bounds, to: &bytes)
    }
    if !isFirst { bytes.append(UInt8(ascii: "}")) }
  }

  private func write(_ coverage: Coverage?, _ bounds: Bounds?, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "{"))
    if let coverage {
      bytes += "\"numbers\":\(coverage.numbers),\"expected\":\(coverage.expected),\"lacking\":".utf8
      JSONValue.array(
        coverage.lacks.map { ["reason": .string($0.reason), "count": .integer(Int64($0.count))] }
      ).write(to: &bytes)
    }
    if let bounds {
      bytes += "\(coverage == nil ? "" : ",")\"lower\":\(text(bounds.lower)),\"upper\":\(text(bounds.upper))".utf8
    }
    bytes.append(UInt8(ascii: "}"))
  }

  private func text(_ bound: ExactDecimal?) -> String {
    guard let bound else { return "null" }
    let isLong = bound.units.magnitude >= 1_000_000_000_000_000
    return quotesLongNumbers && isLong ? "\"\(bound)\"" : bound.description
  }
}

extension BatchWriter {
  /// Appends rows as `json` does, each with a last member `@coverage` where a cell of it has coverage or bounds.
  public mutating func writeJSON(_ batch: Batch, columns: [Column], to bytes: inout [UInt8]) {
    guard batch.annotations.haveCoverage else { return write(batch.columns, count: batch.count, to: &bytes) }
    let writer = CoverageWriter(columns: columns.map(\.name))
    write(
      batch.columns, rows: batch.indices,
      rowEnd: { row, bytes in
        writer.writeMember(to: &bytes) { column in
          let annotation = batch.annotations[row, column]
          return (annotation?.coverage, annotation?.bounds)
        }
      }, to: &bytes)
  }
}

extension Coverage {
  /// Reads what `CoverageWriter` writes of one cell.
  static func read(_ value: JSONValue, of column: String) throws(FrameError) -> (Coverage?, Bounds?) {
    func problem(_ what: String) -> FrameError { FrameError("\"\(coverageKey)\" of \"\(column)\" \(what)") }
    guard let object = value.objectValue else { throw problem("is not an object but \(value.article)") }
    let known = ["numbers", "expected", "lacking", "lower", "upper"]
    if let name = object.names.first(where: { !known.contains($0) }) {
      throw problem("has the unknown member \"\(name)\"; there are: \(known.joined(separator: ", "))")
    }
    var coverage: Coverage?
    if let numbers = object["numbers"] {
      var sum = Coverage(numbers: try count(numbers).unwrapped(or: problem("wants \"numbers\" to be a count")))
      for lack in object["lacking"].map({ $0.arrayValue ?? [.null] }) ?? [] {
        guard let reason = lack["reason"]?.stringValue, let count = lack["count"].flatMap(count) else {
          throw problem("wants \"lacking\" to be a list of objects with \"reason\" and \"count\"")
        }
        sum.formUnion(Coverage(numbers: 0, lacks: [Lack(reason: reason, count: count)]))
      }
      if let expected = object["expected"], count(expected) != sum.expected {
        throw problem(
          "says that \(count(expected).map { "\($0)" } ?? expected.article) are expected, where \(sum.words)")
      }
      coverage = sum
    } else if object["expected"] != nil || object["lacking"] != nil {
      throw problem("lacks \"numbers\"")
    }
    guard object["lower"] != nil || object["upper"] != nil else { return (coverage, nil) }
    func bound(_ name: String) throws(FrameError) -> ExactDecimal? {
      guard let value = object[name], value != .null else { return nil }
      return try ExactDecimal(value).unwrapped(or: problem("wants \"\(name)\" to be a number or null"))
    }
    return (coverage, Bounds(lower: try bound("lower"), upper: try bound("upper")))
  }
}

/// What can be counted, with room for sums of it.
private func count(_ value: JSONValue) -> Int? {
  value.integerValue.flatMap { (0...Int64(UInt32.max) << 16).contains($0) ? Int($0) : nil }
}

extension Optional {
  fileprivate func unwrapped(or error: FrameError) throws(FrameError) -> Wrapped {
    guard let self else { throw error }
    return self
  }
}
