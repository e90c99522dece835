/// Makes a key of every row of a table, to compare keys that cannot be compared while the table is first read.
struct KeyWorker: ChunkWorker {
  /// What becomes of the keys.
  enum Use {
    /// The hash of every row's key, 0 for a key that is missing or invalid.
    case hashes(ColumnStorage<UInt64>)
    /// Every row's key, put into an index. For one thread.
    case insertion(KeyIndex)
    /// The lowest row of each key of an index.
    case search(KeyIndex, FoundRows)
  }

  private let columnCount: Int
  private let firstDataRecord: Int
  private let builder: KeyBuilder
  private let use: Use
  private var contents: CellContents
  private var key: [UInt8] = []

  init(dialect: Dialect, columnCount: Int, builder: KeyBuilder, use: Use) {
    self.columnCount = columnCount
    firstDataRecord = dialect.hasHeader ? 1 : 0
    self.builder = builder
    self.use = use
    contents = CellContents(splitter: RecordSplitter(dialect: dialect, capacity: columnCount))
  }

  func skip(chunk index: Int) {}

  func finish() { contents.deallocate() }

  mutating func process(_ chunk: Chunk) {
    var position = chunk.firstRecord
    for record in chunk.recordsBefore..<chunk.recordsBefore + chunk.recordCount {
      let (outcome, next) = contents.splitter.split(position, limit: chunk.limit)
      position = next
      let row = record - firstDataRecord
      guard row >= 0, case .cells(columnCount) = outcome else { continue }
      guard case .key = builder.build(&key, from: &contents) else { continue }
      switch use {
      case .hashes(let hashes):
        // The file may have changed since its rows were counted.
        guard row < hashes.capacity else { continue }
        let hash = key.withUnsafeBufferPointer { $0.baseAddress.map { hashBytes($0, count: key.count) } ?? 1 }
        hashes.base[row] = hash == 0 ? 1 : hash
      case .insertion(let index): index.insert(key, row: row)
      case .search(let index, let found):
        let count = key.count
        key.append(contentsOf: repeatElement(0, count: 16))
        let wanted = key.withUnsafeBufferPointer { $0.baseAddress.map { index.view.row(of: $0, count: count) } ?? -1 }
        if wanted >= 0 { found.add(row, for: Int(wanted)) }
      }
    }
  }
}
