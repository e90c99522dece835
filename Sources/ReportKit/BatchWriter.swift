/// Writes batches as text, row by row, from the typed values of their columns: no row, cell or text is made for a value.
/// A text of a list that columns share is written out once, and copied from then on.
///
///     var writer = BatchWriter.json(columns: columns, between: ",\n")
///     writer.write(batch.columns, count: batch.count, to: &bytes)
public struct BatchWriter: Sendable {
  /// How many rows are put together at a time: few enough to stay in the processor's cache.
  private static let sliceSize = 4096

  private let spelling: ValueSpelling
  private let rowEnd: [UInt8]
  private let between: [UInt8]
  private var columns: [SpelledColumn]

  /// - Parameters:
  ///   - prefixes: what stands before the value of each column.
  ///   - end: what stands behind each row.
  ///   - between: what stands behind it unless it is the last one of a batch.
  public init(prefixes: [[UInt8]], end: String, between: String = "", spelling: ValueSpelling) {
    self.spelling = spelling
    rowEnd = Array((end + between).utf8)
    self.between = Array(between.utf8)
    columns = prefixes.map { SpelledColumn(prefix: $0) }
  }

  /// Appends rows.
  ///
  /// - Parameter vectors: one for each column, each of `count` values.
  public mutating func write(_ vectors: [ColumnVector], count: Int, to bytes: inout [UInt8]) {
    write(vectors, rows: 0..<count, to: &bytes)
  }

  /// Appends some of the rows.
  ///
  /// - Parameters:
  ///   - vectors: one for each column, with values for these rows at least.
  ///   - rowEnd: what stands behind the last value of a row and before its end; nothing unless told.
  public mutating func write(
    _ vectors: [ColumnVector], rows wanted: Range<Int>, rowEnd: ((_ row: Int, _ bytes: inout [UInt8]) -> Void)? = nil,
    to bytes: inout [UInt8]
  ) {
    for start in stride(from: wanted.lowerBound, to: wanted.upperBound, by: Self.sliceSize) {
      let rows = start..<min(start + Self.sliceSize, wanted.upperBound)
      for (index, vector) in vectors.enumerated() { columns[index].spell(vector, rows, spelling) }
      bytes += joined(columns + (rowEnd.map { [SpelledColumn(rows, spelledBy: $0)] } ?? []), rows.count)
    }
    if !wanted.isEmpty { bytes.removeLast(between.count) }
  }

  /// The pieces of all columns, side by side. Column by column, so that each is looked up once.
  private func joined(_ columns: [SpelledColumn], _ count: Int) -> [UInt8] {
    // Where the next piece of each row goes.
    var places = [Int](repeating: 0, count: count)
    for column in columns {
      for (row, piece) in column.pieces.enumerated() { places[row] += piece.count }
    }
    var size = 0
    for row in places.indices {
      let rowSize = places[row] + rowEnd.count
      places[row] = size
      size += rowSize
    }
    return [UInt8](unsafeUninitializedCapacity: size) { result, initializedCount in
      let result = UnsafeMutableRawBufferPointer(result)
      func copy(_ piece: Range<Int>, of bytes: UnsafeRawBufferPointer, toRow row: Int) {
        let place = places[row]
        UnsafeMutableRawBufferPointer(rebasing: result[place..<place + piece.count])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[piece]))
        places[row] = place + piece.count
      }
      for column in columns {
        column.bytes.withUnsafeBytes { bytes in
          for (row, piece) in column.pieces.enumerated() { copy(piece, of: bytes, toRow: row) }
        }
      }
      rowEnd.withUnsafeBytes { bytes in
        for row in 0..<count { copy(bytes.indices, of: bytes, toRow: row) }
      }
      initializedCount = size
    }
  }
}

extension BatchWriter {
  /// Rows as JSON objects keyed by column name, with null for a missing value.
  public static func json(columns: [Column], between: String = "", end: String = "") -> BatchWriter {
    BatchWriter(
      prefixes: RowWriter.keys(of: columns), end: (columns.isEmpty ? "{}" : "}") + end, between: between,
      spelling: .json)
  }
}

/// The values of one column as a format writes them, each with what stands before it.
private struct SpelledColumn: Sendable {
  let prefix: [UInt8]
  private(set) var bytes: [UInt8] = []
  /// Where each row's value stands in `bytes`.
  private(set) var pieces: [Range<Int>] = []
  /// The list whose texts stand in `bytes`, and where; an empty place is that of a text that was not wanted yet.
  private var list: TextList?
  private var places: [Range<Int>] = []
  private var missing: Range<Int>?

  init(prefix: [UInt8]) {
    self.prefix = prefix
  }

  /// Of what is no value.
  init(_ rows: Range<Int>, spelledBy write: (_ row: Int, _ bytes: inout [UInt8]) -> Void) {
    prefix = []
    for row in rows { pieces.append(adding { write(row, &$0) }) }
  }

  mutating func spell(_ vector: ColumnVector, _ rows: Range<Int>, _ spelling: ValueSpelling) {
    pieces.removeAll(keepingCapacity: true)
    if case .codes(let codes, of: let list, let gaps) = vector {
      if list !== self.list { begin(list) }
      return spell(rows, gaps, spelling) { column, row in
        let code = Int(codes[row])
        if column.places[code].isEmpty {
          column.places[code] = column.adding { spelling.write(list.texts[code], to: &$0) }
        }
        return column.places[code]
      }
    }
    begin(nil)
    switch vector {
    case .codes: break
    case .texts(let values, let gaps):
      spell(rows, gaps, spelling) { column, row in column.adding { spelling.write(values[row], to: &$0) } }
    case .integers(let values, let gaps):
      spell(rows, gaps, spelling) { column, row in column.adding { spelling.write(values[row], to: &$0) } }
    case .decimals(let values, let gaps):
      spell(rows, gaps, spelling) { column, row in column.adding { values[row].write(to: &$0) } }
    case .mixed(let values):
      spell(rows, .none, spelling) { column, row in column.adding { spelling.write(values[row], to: &$0) } }
    }
  }

  private mutating func begin(_ list: TextList?) {
    self.list = list
    places = Array(repeating: 0..<0, count: list?.texts.count ?? 0)
    bytes.removeAll(keepingCapacity: true)
    missing = nil
  }

  @inline(__always)
  private mutating func spell(
    _ rows: Range<Int>, _ gaps: Gaps, _ spelling: ValueSpelling,
    _ value: (_ column: inout SpelledColumn, _ row: Int) -> Range<Int>
  ) {
    for row in rows {
      if gaps.hasGap(row) {
        let place = missing ?? adding { spelling.writeMissing(to: &$0) }
        missing = place
        pieces.append(place)
      } else {
        pieces.append(value(&self, row))
      }
    }
  }

  /// - Returns: where the new piece stands.
  @inline(__always)
  private mutating func adding(_ write: (inout [UInt8]) -> Void) -> Range<Int> {
    let start = bytes.count
    bytes += prefix
    write(&bytes)
    return start..<bytes.count
  }
}
