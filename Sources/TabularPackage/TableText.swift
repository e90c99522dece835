/// Reads rows of a table again, from memory or from the file.
final class TableText: Sendable {
  private let source: Source
  private let dialect: Dialect
  private let columnCount: Int
  /// Where every 64th data row begins.
  private let rowOffsets: ColumnStorage<Int>
  private let rowCount: Int

  private enum Source {
    case memory([UInt8])
    case file(DataFile, BlockDigests)
  }

  /// Files up to this size stay in memory, so that what was loaded stays readable whatever happens to the file.
  static let maximumSizeInMemory = 4 << 20

  /// Nil when the file cannot be read, or is no longer what was loaded.
  ///
  /// - Parameter digests: of what was loaded.
  init?(
    file: DataFile, digests: BlockDigests, dialect: Dialect, columnCount: Int, rowOffsets: ColumnStorage<Int>,
    rowCount: Int
  ) {
    if file.size <= Self.maximumSizeInMemory {
      guard let bytes = Self.bytes(of: file, digests, from: 0, count: file.size) else { return nil }
      source = .memory(bytes)
    } else {
      source = .file(file, digests)
    }
    self.dialect = dialect
    self.columnCount = columnCount
    self.rowOffsets = rowOffsets
    self.rowCount = rowCount
  }

  var isInMemory: Bool { if case .memory = source { true } else { false } }

  /// The cells of data rows that lie one after the other.
  ///
  /// - Parameter columns: those that are wanted; all when nil. The texts of others are empty.
  func cells(ofRows rows: Range<Int>, columns: [Int]? = nil) throws(FileChanged) -> [[String]] {
    guard !rows.isEmpty, rows.lowerBound >= 0, rows.upperBound <= rowCount else { return [] }
    let block = rows.lowerBound / Table.rowsPerOffset
    let skipped = rows.lowerBound % Table.rowsPerOffset
    let records = try records(at: rowOffsets.base[block], count: skipped + rows.count, columns)
    return Array(records.dropFirst(skipped))
  }

  private func records(at offset: Int, count: Int, _ columns: [Int]?) throws(FileChanged) -> [[String]] {
    switch source {
    case .memory(let bytes):
      return splitRecords(
        bytes, from: offset, dialect: dialect, columnCount: columnCount, columns: columns, limit: count
      ).records
    case .file(let file, let digests):
      var size = 1 << 14
      while true {
        guard let bytes = Self.bytes(of: file, digests, from: offset, count: size) else {
          throw FileChanged(path: file.displayPath)
        }
        let isAtEnd = offset + size >= file.size
        let (records, isComplete) = splitRecords(
          bytes, from: 0, dialect: dialect, columnCount: columnCount, columns: columns, limit: count, isAtEnd: isAtEnd)
        if isComplete || isAtEnd { return records }
        size *= 4
      }
    }
  }
}

extension TableText {
  /// A file that nobody did anything to is what it was; of another one only the digest can tell, since touch(1) changes its
  /// times alone, and a restored copy can have the old ones.
  private static func bytes(of file: DataFile, _ digests: BlockDigests, from offset: Int, count: Int) -> [UInt8]? {
    if let bytes = file.paddedBytes(from: offset, count: count), file.isUntouched { return bytes }
    return digests.paddedBytes(of: file, from: offset, count: count)
  }
}

extension DataFile {
  /// At most that many bytes of the file, with line feeds behind them as a splitter wants; nil when they cannot be
  /// read.
  func paddedBytes(from offset: Int, count: Int) -> [UInt8]? {
    let count = max(0, min(count, size - offset))
    var bytes = [UInt8](repeating: UInt8(ascii: "\n"), count: count + recordPadding)
    let isRead = bytes.withUnsafeMutableBytes { buffer in
      read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]), at: offset)
    }
    return isRead ? bytes : nil
  }
}

/// How many line feeds stand behind bytes that are to be split.
let recordPadding = 64

/// Splits records from that place on in padded bytes.
/// - Parameter columns: those whose texts are wanted; all when nil.
/// - Returns: the texts of their cells, and whether there were as many records as asked for.
func splitRecords(
  _ bytes: [UInt8], from offset: Int, dialect: Dialect, columnCount: Int, columns: [Int]? = nil, limit: Int,
  isAtEnd: Bool = true
) -> (records: [[String]], isComplete: Bool) {
  var contents = CellContents(splitter: RecordSplitter(dialect: dialect, capacity: columnCount))
  defer { contents.deallocate() }
  let isWanted = columns.map { columns in (0...columnCount).map(columns.contains) }
  var records: [[String]] = []
  records.reserveCapacity(limit)
  bytes.withUnsafeBufferPointer { buffer in
    guard let start = buffer.baseAddress else { return }
    let end = start + (bytes.count - recordPadding)
    var position = start + offset
    while records.count < limit, position < end {
      let (outcome, next) = contents.splitter.split(position, limit: end)
      // A record that reaches the end of what was read may go on behind it.
      if next > end, !isAtEnd { return }
      position = next
      guard case .cells(let count) = outcome else {
        records.append([])
        continue
      }
      records.append((0..<min(count, columnCount + 1)).map { isWanted?[$0] == false ? "" : contents.text($0) })
    }
  }
  return (records, records.count == limit)
}
