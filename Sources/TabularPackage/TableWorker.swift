import Base

/// What reading one chunk of a table found.
struct ChunkFindings {
  var problems = ProblemList()
  /// The first and the last key when the chunk's keys ascend strictly; nil when they do not.
  var keyRange: KeyRange? = .empty
  /// References to be compared later, in the order of the rows.
  var references: [PendingReference] = []
  /// For fields whose decimals are to be found, how many the values need when that is more than they were read with.
  var neededDecimals: [Int: Int] = [:]

  enum KeyRange {
    case empty
    case texts(first: [UInt8], last: [UInt8])
    case integers(first: Int64, last: Int64)
  }
}

struct PendingReference {
  let foreignKey: Int
  let dataRow: Int
  let key: [UInt8]
}

/// Reads the records of a table on one thread: checks every cell and fills the columns.
struct TableWorker: ChunkWorker {
  let plan: TablePlan
  private let collector: FindingsCollector
  // Copies of what the plan says, to be at hand for every cell without touching a reference.
  let cells: UnsafeMutablePointer<CellPlan>
  private let columnCount: Int
  private let watchedKeyColumn: Int
  private let hasReferences: Bool
  var contents: CellContents
  var findings = ChunkFindings()
  /// Where the cells of rows go that are too many for the columns.
  private let spareRow: Int
  var caches: CodeCaches
  private var key: [UInt8] = []

  // The last key of the chunk so far, in the chunk's own memory.
  private var keysAscend = true
  private var lastText: UnsafeBufferPointer<UInt8>?
  private var firstText: UnsafeBufferPointer<UInt8>?
  private var integerKeys: (first: Int64, last: Int64)?

  /// - Parameter number: which of the plan's threads this one is.
  init(plan: TablePlan, collector: FindingsCollector, number: Int) {
    self.plan = plan
    self.collector = collector
    cells = plan.cells
    columnCount = plan.fieldOfColumn.count
    watchedKeyColumn = plan.watchedKeyColumn ?? -1
    hasReferences = !plan.references.isEmpty
    contents = CellContents(splitter: RecordSplitter(dialect: plan.resource.dialect, capacity: columnCount))
    spareRow = plan.capacity + number
    caches = CodeCaches(of: plan)
  }

  func skip(chunk index: Int) { collector.add(ChunkFindings(), ofChunk: index) }

  func finish() {
    contents.deallocate()
    caches.deallocate()
  }

  mutating func process(_ chunk: Chunk) {
    findings = ChunkFindings()
    keysAscend = true
    lastText = nil
    firstText = nil
    integerKeys = nil
    readRecords(of: chunk)
    findings.keyRange = keysAscend ? keyRange : nil
    collector.add(findings, ofChunk: chunk.index)
  }

  private mutating func readRecords(of chunk: Chunk) {
    let splitter = contents.splitter
    let firstDataRecord = plan.firstDataRecord
    let needsByteCheck = chunk.hasNonASCII || chunk.hasNULOrCarriageReturn
    let rowOffsets = plan.rowOffsets.base
    var position = chunk.firstRecord
    var record = chunk.recordsBefore
    if chunk.index > 0 || firstDataRecord == 0 {
      // The chunk begins with data.
    } else {
      position = splitter.endOfRecord(position, limit: chunk.limit)
      record += 1
    }
    let end = chunk.recordsBefore + chunk.recordCount
    while record < end {
      let row = record - firstDataRecord
      if row % Table.rowsPerOffset == 0 {
        rowOffsets[row / Table.rowsPerOffset] = chunk.offset + (position - chunk.bytes)
      }
      if chunk.isLastRecordTooLong, record == end - 1 {
        let limit = ChunkedReader.maximumRecordSize >> 20
        report(record, nil, "the row is longer than \(limit) MiB; a quote may not be closed")
        break
      }
      let start = position
      let outcome = splitter.split(start, limit: chunk.limit)
      position = outcome.next
      if case .cells(let count) = outcome.outcome, count == columnCount {
        if needsByteCheck, !checkBytes(record, from: start, to: min(position, chunk.limit), columnCount) {
          record += 1
          continue
        }
        readCells(record: record, row: row < plan.capacity ? row : spareRow, count: count)
      } else {
        reportMalformed(outcome.outcome, record: record, isBlank: position - start <= 2)
      }
      record += 1
    }
  }

  @inline(__always)
  private mutating func readCells(record: Int, row: Int, count: Int) {
    for column in 0..<count {
      let (start, length) = contents.content(column)
      let cell = cells + column
      switch cell.pointee.operation {
      case .ignore:
        if column == 0, length == 0, isBlank(count) { return reportBlank(record) }
      case .text:
        if cell.pointee.isRequired || cell.pointee.isKey || column == 0 {
          if cell.pointee.missing.index(of: start, count: length) >= 0 {
            if column == 0, isBlank(count) { return reportBlank(record) }
            readMissing(cell.pointee, record: record)
          }
        }
      case .code8, .code16, .code32, .word:
        let missing = cell.pointee.looksForMissingFirst ? cell.pointee.missing.index(of: start, count: length) : -1
        let found = missing >= 0 ? -1 : cell.pointee.keys?.row(of: start, count: length) ?? -1
        if found < 0, missing >= 0 || cell.pointee.missing.index(of: start, count: length) >= 0 {
          if column == 0, isBlank(count) { return reportBlank(record) }
          readMissing(cell.pointee, record: record)
        } else if found < 0 {
          reportUnknown(cell.pointee, record: record, column: column)
        }
        // The code of a missing value is the greatest of its width, which is what -1 becomes.
        switch cell.pointee.operation {
        case .word: break
        case .code8:
          cell.pointee.codes?.storeBytes(of: UInt8(truncatingIfNeeded: found), toByteOffset: row, as: UInt8.self)
        case .code16:
          cell.pointee.codes?.storeBytes(of: UInt16(truncatingIfNeeded: found), toByteOffset: row * 2, as: UInt16.self)
        default:
          cell.pointee.codes?.storeBytes(of: UInt32(truncatingIfNeeded: found), toByteOffset: row * 4, as: UInt32.self)
        }
      case .integer:
        if cell.pointee.looksForMissingFirst || length == 0 || length > 18 || start.pointee &- UInt8(ascii: "0") > 9 {
          if readUnusualInteger(cell.pointee, column: column, record: record, row: row, count: count) { return }
          continue
        }
        var value: Int64 = 0
        var isPlain = true
        for index in 0..<length {
          let digit = start[index] &- UInt8(ascii: "0")
          isPlain = isPlain && digit <= 9
          value = value &* 10 &+ Int64(digit)
        }
        if isPlain, value >= cell.pointee.minimum, value <= cell.pointee.maximum {
          cell.pointee.integers?[row] = value
        } else if readUnusualInteger(cell.pointee, column: column, record: record, row: row, count: count) {
          return
        }
      case .number:
        let missing = cell.pointee.looksForMissingFirst ? cell.pointee.missing.index(of: start, count: length) : -1
        if missing < 0, let units = cell.pointee.units(of: start, count: length) {
          cell.pointee.integers?[row] = units
        } else if readUnusualNumber(cell.pointee, column: column, record: record, row: row, count: count) {
          return
        }
      case .open:
        let code = caches.views[column].row(of: start, count: length)
        if code >= 0 {
          cell.pointee.setOpenCode(code, row: row)
        } else if readNewCode(cell.pointee, column: column, record: record, row: row, count: count) {
          return
        }
      case .general:
        if readGeneral(cell.pointee, column: column, record: record, row: row, count: count) { return }
      }
    }
    if watchedKeyColumn >= 0, keysAscend { watchKey(watchedKeyColumn) }
    if hasReferences { readReferences(record: record, row: row) }
  }

  /// Reads a cell that says that there is no value.
  ///
  /// - Returns: nil for a cell with a value; else whether the whole row is blank, and nothing more is to be said about it.
  mutating func readIfMissing(_ cell: CellPlan, column: Int, record: Int, row: Int, count: Int) -> Bool? {
    let text = contents.bytes(column)
    guard let start = text.baseAddress else { return nil }
    let missing = cell.missing.index(of: start, count: text.count)
    if missing < 0 { return nil }
    if column == 0, isBlank(count) {
      reportBlank(record)
      return true
    }
    readMissing(cell, record: record)
    cell.reasons?[row] = UInt8(truncatingIfNeeded: missing + 1)
    return false
  }

  /// - Returns: whether the whole row is blank, and nothing more is to be said about it.
  private mutating func readUnusualInteger(
    _ cell: CellPlan, column: Int, record: Int, row: Int, count: Int
  ) -> Bool {
    if let isBlank = readIfMissing(cell, column: column, record: record, row: row, count: count) { return isBlank }
    let text = contents.bytes(column)
    if let value = parseInteger(text).value, value >= cell.minimum, value <= cell.maximum {
      cell.integers?[row] = value
    } else {
      for message in plan.checks[cell.field].problems(of: text) { report(record, cell.field, message) }
    }
    return false
  }

  private mutating func readGeneral(_ cell: CellPlan, column: Int, record: Int, row: Int, count: Int) -> Bool {
    let text = contents.bytes(column)
    guard let start = text.baseAddress else { return false }
    var code = -1
    if let isBlank = readIfMissing(cell, column: column, record: record, row: row, count: count) {
      if isBlank { return true }
    } else {
      let problems = plan.checks[cell.field].problems(of: text)
      for message in problems { report(record, cell.field, message) }
      if let integers = cell.integers, let value = parseInteger(text).value { integers[row] = value }
      if let keys = cell.keys {
        code = Int(keys.row(of: start, count: text.count))
        if code < 0, problems.isEmpty { reportUnknown(cell, record: record, column: column) }
      }
    }
    if cell.keys != nil {
      (plan.codeColumns[cell.field] ?? plan.foreignKeyColumn(ofField: cell.field))?.set(code, row: row)
    }
    return false
  }

  mutating func readMissing(_ cell: CellPlan, record: Int) {
    if cell.isKey {
      report(record, cell.field, "the primary key is missing")
    } else if cell.isRequired {
      report(record, cell.field, "a value is required")
    }
  }

  // MARK: - Keys

  private mutating func watchKey(_ column: Int) {
    let (start, count) = contents.content(column)
    if cells[column].missing.index(of: start, count: count) >= 0 { return }
    if plan.watchesIntegers {
      guard let value = parseInteger(UnsafeBufferPointer(start: start, count: count)).value else { return }
      if let last = integerKeys?.last, value <= last { keysAscend = false }
      integerKeys = (integerKeys?.first ?? value, value)
      return
    }
    // A key that had to be put together is not where it could be compared with the next.
    if contents.splitter.cells[column].quoting == 2 { return keysAscend = false }
    let text = UnsafeBufferPointer(start: start, count: count)
    if let lastText {
      if !isAscending(lastText, text) { keysAscend = false }
    } else {
      firstText = text
    }
    lastText = text
  }

  private var keyRange: ChunkFindings.KeyRange {
    if let integerKeys { return .integers(first: integerKeys.first, last: integerKeys.last) }
    if let firstText, let lastText { return .texts(first: Array(firstText), last: Array(lastText)) }
    return .empty
  }

  private mutating func readReferences(record: Int, row: Int) {
    for reference in plan.references {
      guard case .key = reference.builder.build(&key, from: &contents) else {
        reference.rows?.set(-1, row: row)
        continue
      }
      guard let keys = reference.keys else {
        findings.references.append(
          PendingReference(foreignKey: reference.foreignKey, dataRow: record - plan.firstDataRecord, key: key))
        continue
      }
      let found = keys.row(of: key)
      reference.rows?.set(found ?? -1, row: row)
      if found == nil {
        let columns = reference.builder.parts.map(\.column)
        let texts = columns.map { contents.text($0) }
        let plan = plan
        report(
          record, plan.fieldOfColumn[columns[0]],
          plan.unknownReference(
            reference.foreignKey, texts: texts, reference.known.hint(for: texts, of: reference.builder)))
      }
    }
  }
}

/// Whether the second text comes after the first when shorter texts come first. Numbered keys ascend in this order,
/// padded with zeros or not.
func isAscending(_ a: some Collection<UInt8>, _ b: some Collection<UInt8>) -> Bool {
  a.count != b.count ? a.count < b.count : a.lexicographicallyPrecedes(b)
}

extension TablePlan {
  func foreignKeyColumn(ofField field: Int) -> CodeColumn? {
    zip(schema.foreignKeys, foreignKeyColumns).first { $0.0.fields == [field] }?.1
  }
}
