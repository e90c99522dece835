import Base
import Glibc
import Posix
import Synchronization

/// Reads one table: its header, then all its rows on several threads, then what holds between the rows.
struct TableLoader {
  let resource: Resource
  let schema: Schema
  let request: TableRequest
  let threads: Int
  let chunkSize: Int

  private(set) var problems = ProblemList()
  /// What the rows refer to in tables whose keys are compared later.
  private(set) var references: [PendingReference] = []
  private(set) var blockDigests: [UInt8] = []
  private var late: [Problem] = []

  private static let maximumColumnCount = 4096
  private static let maximumHeaderSize = 1 << 20

  init(resource: Resource, schema: Schema, request: TableRequest, threads: Int, chunkSize: Int) {
    self.resource = resource
    self.schema = schema
    self.request = request
    self.threads = threads
    self.chunkSize = chunkSize
  }

  /// What is left when the rows were read.
  struct Loaded {
    let plan: TablePlan
    let file: DataFile
    let text: TableText
    let rowCount: Int
    /// Of the fields whose vocabulary is open.
    let vocabularies: [Int: OpenVocabulary.Finished]
  }

  /// - Parameter targets: for every foreign key the table that it refers to; nil when that one could not be read.
  mutating func load(_ file: DataFile, targets: [KeyTarget?]) -> Loaded? {
    if let foreign = foreignContent(of: file) {
      problems.append(Problem(file: resource.displayPath, message: foreign.message))
      return nil
    }
    guard let fieldOfColumn = readHeader(file) else { return nil }
    var foundDecimals = firstDecimals(of: file, fieldOfColumn)
    while true {
      guard
        let plan = TablePlan(
          resource: resource, schema: schema, fieldOfColumn: fieldOfColumn, size: file.size, threads: threads,
          request: request, foundDecimals: foundDecimals, targets: targets)
      else {
        problems.append(Problem(file: resource.displayPath, message: "there is not enough memory for its columns"))
        return nil
      }
      let collector = FindingsCollector()
      let reader = ChunkedReader(file: file, dialect: resource.dialect, chunkSize: chunkSize, threads: threads)
      let workerCount = Atomic(0)
      let result = reader.read(digesting: true) {
        let number = workerCount.add(1, ordering: .relaxed).oldValue
        return TableWorker(plan: plan, collector: collector, number: number)
      }
      let found = collector.finish()
      if result.isComplete, !found.neededDecimals.isEmpty {
        // Only now it is known what the last digit stands for.
        foundDecimals.merge(found.neededDecimals) { max($0, $1) }
        continue
      }
      return finish(plan, file, found, result)
    }
  }

  private mutating func finish(
    _ plan: TablePlan, _ file: DataFile, _ found: FindingsCollector.Total, _ result: ChunkedReader.Result
  ) -> Loaded? {
    let rowCount = max(0, result.recordCount - plan.firstDataRecord)
    plan.trim(to: rowCount)
    problems.append(contentsOf: found.problems)
    references = found.references
    blockDigests = result.digests.bytes
    let text =
      result.isComplete
      ? TableText(
        file: file, digests: result.digests, dialect: resource.dialect, columnCount: plan.fieldOfColumn.count,
        rowOffsets: plan.rowOffsets, rowCount: rowCount) : nil
    guard let text else {
      problems.append(Problem(file: resource.displayPath, message: "the file changed while it was being read"))
      return nil
    }
    var vocabularies: [Int: OpenVocabulary.Finished] = [:]
    for (field, open) in plan.openVocabularies.sorted(by: { $0.key < $1.key }) {
      guard let finished = open.finish(rowCount: min(rowCount, plan.capacity)) else {
        let limit = request.vocabularyLimit
        let message = "the field \(quoted(schema.fields[field].name)) has more than \(limit) distinct values"
        problems.append(Problem(file: resource.displayPath, message: message))
        continue
      }
      vocabularies[field] = finished
    }
    let loaded = Loaded(plan: plan, file: file, text: text, rowCount: rowCount, vocabularies: vocabularies)
    checkKeys(of: loaded, keysAscend: found.keysAscend)
    return loaded
  }

  /// The decimals that the first rows need, where they are to be found: nearly always those of all rows, which then
  /// need not be read twice.
  private func firstDecimals(of file: DataFile, _ fieldOfColumn: [Int?]) -> [Int: Int] {
    let columns = fieldOfColumn.indices.filter { column in
      guard let field = fieldOfColumn[column], schema.fields[field].type == .number else { return false }
      return request.decimals(of: schema.fields[field]) == .some(nil)
    }
    let size = min(file.size, Self.peekSize)
    guard !columns.isEmpty, let bytes = file.paddedBytes(from: 0, count: size) else { return [:] }
    let rows = splitRecords(
      bytes, from: 0, dialect: resource.dialect, columnCount: fieldOfColumn.count, columns: columns,
      limit: Self.peekedRowCount, isAtEnd: size == file.size
    ).records
    var found: [Int: Int] = [:]
    for row in rows.dropFirst(resource.dialect.hasHeader ? 1 : 0) where row.count == fieldOfColumn.count {
      for column in columns {
        guard let field = fieldOfColumn[column] else { continue }
        if schema.fields[field].isMissing(row[column]) { continue }
        guard let digits = DecimalNumber(trimmed(row[column].utf8))?.digitsBehindPoint,
          digits <= DecimalNumber.maximumDecimals
        else { continue }
        found[field] = max(found[field] ?? 0, digits)
      }
    }
    return found
  }

  private static let peekSize = 1 << 16
  private static let peekedRowCount = 256

  /// All problems in the order of the rows: those of the cells and those between rows.
  func orderedProblems() -> ProblemList {
    if late.isEmpty { return problems }
    let all = problems.problems + late
    let sorted = all.enumerated().sorted { ($0.element.row, $0.offset) < ($1.element.row, $1.offset) }.map(\.element)
    var list = ProblemList(sorted, limit: problems.limit)
    list.addUnlisted(problems.total - problems.problems.count)
    return list
  }

  mutating func addLate(_ problem: Problem) { late.append(problem) }

  mutating func addUnlisted() { problems.addUnlisted(1) }

  private func foreignContent(of file: DataFile) -> ForeignContent? {
    guard let bytes = file.paddedBytes(from: 0, count: ForeignContent.startLength) else { return nil }
    return ForeignContent(bytes.dropLast(recordPadding))
  }

  // MARK: - Header

  /// For every column of the file its field; nil when the table cannot be read by it.
  private mutating func readHeader(_ file: DataFile) -> [Int?]? {
    guard resource.dialect.hasHeader else { return schema.fields.indices.map { $0 } }
    let size = min(file.size, Self.maximumHeaderSize)
    guard let bytes = file.paddedBytes(from: 0, count: size) else {
      problems.append(Problem(file: resource.displayPath, message: "cannot be read: \(errorText(errno))"))
      return nil
    }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let start = bytes.starts(with: mark) ? mark.count : 0
    let header = splitRecords(
      bytes, from: start, dialect: resource.dialect, columnCount: Self.maximumColumnCount, limit: 1,
      isAtEnd: size == file.size
    ).records.first
    guard let header else {
      if hasLoneReturn(bytes.dropLast(recordPadding)) {
        report(Self.loneReturns)
        return nil
      }
      let isEmpty = file.size == start
      let message = isEmpty ? "the file is empty; it needs a header" : "the header has no end within its first MiB"
      problems.append(Problem(file: resource.displayPath, message: message))
      return nil
    }
    if header.isEmpty || header == [""] {
      report(header.isEmpty ? "the header has a misplaced quote" : "the header is blank")
      return nil
    }
    if header.count > Self.maximumColumnCount {
      report("more than \(Self.maximumColumnCount) columns are not supported")
      return nil
    }
    // No field has such a name, and a file with the line ends of old Macs is one line.
    if header.contains(where: { label in
      hasLoneReturn(Array(label.utf8)[...]) && !schema.fields.contains { hasSameBytes($0.name, label) }
    }) {
      report(Self.loneReturns)
      return nil
    }
    return matchHeader(header)
  }

  private static let loneReturns =
    "a carriage return without a line feed; save the file with lines that end in LF or CRLF"

  private func hasLoneReturn(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.indices.contains { index in
      bytes[index] == UInt8(ascii: "\r") && (index + 1 == bytes.endIndex || bytes[index + 1] != UInt8(ascii: "\n"))
    }
  }

  private mutating func matchHeader(_ header: [String]) -> [Int?]? {
    let before = problems.total
    let names = schema.fields.map { ExactText($0.name) }
    let labels = header.map { ExactText($0) }
    checkRepeated(labels)
    if schema.fieldsMatch == .exact, labels != names, Set(labels) == Set(names), labels.count == names.count {
      let order = schema.fields.map(\.name).joined(separator: ", ")
      report("the header's fields are in another order than the schema's: \(order)")
      return nil
    }
    let unknown = header.enumerated().filter { !names.contains(labels[$0.offset]) }
    let absent = schema.fields.filter { !labels.contains(ExactText($0.name)) }
    if schema.fieldsMatch != .subset, schema.fieldsMatch != .partial {
      for (column, label) in unknown {
        let hint = nearMiss(label, among: absent.map(\.name))
        report("column \(column + 1) of the header, \(quoted(label)), is no field of the schema\(hint)")
      }
    }
    for field in absent {
      let isOptional = schema.fieldsMatch == .superset || schema.fieldsMatch == .partial
      let isNeeded =
        field.constraints.required || schema.primaryKey.contains(field.index) || request.keeps(field.name)
      if !isOptional || isNeeded { report("the header lacks the field \(quoted(field.name))") }
    }
    if schema.fieldsMatch == .partial, absent.count == names.count {
      report("the header has no field of the schema")
    }
    guard problems.total == before else { return nil }
    return labels.map { label in names.firstIndex(of: label) }
  }

  private mutating func checkRepeated(_ labels: [ExactText]) {
    var seen: Set<ExactText> = []
    for label in labels where !seen.insert(label).inserted {
      report("the header names \(quoted(label.wrappedValue)) more than once")
    }
  }

  private mutating func report(_ message: String) {
    problems.append(
      Problem(file: resource.displayPath, position: .row(1, field: nil), message: message))
  }

  // MARK: - Keys

  /// Fields whose values together no two rows have, and how they are called.
  private struct UniqueFields {
    enum Kind { case primaryKey, uniqueKey, field }
    let fields: [Int]
    let kind: Kind
  }

  private mutating func checkKeys(of loaded: Loaded, keysAscend: Bool) {
    var keys: [UniqueFields] = []
    let key = schema.primaryKey
    if !key.isEmpty, loaded.plan.watchedKeyColumn == nil || !keysAscend {
      keys.append(UniqueFields(fields: key, kind: .primaryKey))
    }
    for field in schema.fields where field.constraints.unique {
      if key != [field.index] || field.missingValues.isEmpty {
        keys.append(UniqueFields(fields: [field.index], kind: .field))
      }
    }
    // One that says no more than what is compared anyway would be told twice.
    for fields in schema.uniqueKeys where Set(fields) != Set(key) && !isUniqueField(fields) {
      keys.append(UniqueFields(fields: fields, kind: .uniqueKey))
    }
    for key in keys where loaded.rowCount > 0 { checkUnique(key, of: loaded) }
  }

  private func isUniqueField(_ fields: [Int]) -> Bool {
    fields.count == 1 && schema.fields[fields[0]].constraints.unique
  }

  private mutating func checkUnique(_ key: UniqueFields, of loaded: Loaded) {
    let fields = key.fields
    guard let columns = loaded.plan.columns(of: fields) else { return }
    guard let hashes = ColumnStorage<UInt64>(capacity: loaded.rowCount) else {
      problems.append(Problem(file: resource.displayPath, message: "there is not enough memory to compare its keys"))
      return
    }
    var builder = KeyBuilder(schema, fields: fields, columns: columns)
    builder.needsEveryPart = key.kind != .primaryKey
    loaded.readKeys(builder, use: .hashes(hashes), threads: threads, chunkSize: chunkSize)
    if key.kind == .primaryKey, fields.count > 1 { reportMissingKeys(fields, hashes, of: loaded) }
    let search = DuplicateSearch(hashes: hashes.base, rowCount: loaded.rowCount, threads: threads)
    let duplicates = search.duplicates()
    var listed = 0
    for (position, duplicate) in duplicates.enumerated() {
      if listed == problems.limit {
        problems.addUnlisted(duplicates.count - position)
        break
      }
      // Equal hashes are only a hint.
      guard let first = loaded.firstRow(before: duplicate.row, from: duplicate.first, equalIn: fields) else { continue }
      let values = quotedKey(loaded.keyTexts(fields, row: duplicate.row))
      let field = schema.fields[fields[0]].name
      let subject =
        switch key.kind {
        case .primaryKey: "the primary key \(values)"
        case .uniqueKey where fields.count > 1:
          "the unique key \(values) of \(fields.map { schema.fields[$0].name }.joined(separator: ", "))"
        case .uniqueKey: "the unique key \(values)"
        case .field: values
        }
      addLate(
        Problem(
          file: resource.displayPath,
          position: .row(loaded.recordNumber(duplicate.row), field: field),
          message: "\(subject) is already used in row \(loaded.recordNumber(first))"))
      listed += 1
    }
  }

  private mutating func reportMissingKeys(_ fields: [Int], _ hashes: ColumnStorage<UInt64>, of loaded: Loaded) {
    var listed = 0
    for row in 0..<loaded.rowCount where hashes.base[row] == 0 {
      guard loaded.isKeyMissing(fields, row: row) else { continue }
      if listed == problems.limit {
        problems.addUnlisted(1)
        continue
      }
      listed += 1
      addLate(
        Problem(
          file: resource.displayPath, position: .row(loaded.recordNumber(row), field: schema.fields[fields[0]].name),
          message: "the primary key is missing"))
    }
  }
}

extension Problem {
  fileprivate var row: Int { if case .row(let row, _) = position { row } else { 0 } }
}

extension TablePlan {
  /// The columns of the file that hold those fields; nil when the file lacks one.
  func columns(of fields: [Int]) -> [Int]? {
    let columns = fields.compactMap { fieldOfColumn.firstIndex(of: $0) }
    return columns.count == fields.count ? columns : nil
  }
}

extension TableLoader.Loaded {
  func recordNumber(_ row: Int) -> Int { row + plan.firstDataRecord + 1 }

  func readKeys(_ builder: KeyBuilder, use: KeyWorker.Use, threads: Int, chunkSize: Int) {
    let dialect = plan.resource.dialect
    let columnCount = plan.fieldOfColumn.count
    _ = ChunkedReader(file: file, dialect: dialect, chunkSize: chunkSize, threads: threads).read {
      KeyWorker(dialect: dialect, columnCount: columnCount, builder: builder, use: use)
    }
  }

  /// The values of some fields; nil for a missing one, or for one that is not of its type.
  private func values(_ fields: [Int], row: Int) -> [CellValue?] {
    guard let cells = try? text.cells(ofRows: row..<row + 1).first, let columns = plan.columns(of: fields) else {
      return []
    }
    return zip(fields, columns).map { field, column in
      guard column < cells.count else { return nil }
      let field = plan.schema.fields[field]
      if field.isMissing(cells[column]) { return nil }
      return CellReader(field).read(cells[column])
    }
  }

  func isKeyMissing(_ fields: [Int], row: Int) -> Bool {
    guard let cells = try? text.cells(ofRows: row..<row + 1).first, cells.count == plan.fieldOfColumn.count,
      let columns = plan.columns(of: fields), cells.contains(where: { !$0.isEmpty })
    else { return false }
    return zip(fields, columns).allSatisfy { field, column in
      plan.schema.fields[field].isMissing(cells[column])
    }
  }

  /// The lowest row from `first` on that has the same values as `row`. Nearly always that is `first` itself: only
  /// different keys with the same hash make it another, or none.
  func firstRow(before row: Int, from first: Int, equalIn fields: [Int]) -> Int? {
    let wanted = values(fields, row: row)
    if values(fields, row: first) == wanted { return first }
    return (first + 1..<row).first { values(fields, row: $0) == wanted }
  }

  func keyTexts(_ fields: [Int], row: Int) -> [String] {
    guard let cells = try? text.cells(ofRows: row..<row + 1).first, let columns = plan.columns(of: fields) else {
      return []
    }
    return columns.map { $0 < cells.count ? cells[$0] : "" }
  }
}

/// The texts of a key, as messages have them.
func quotedKey(_ texts: [String]) -> String {
  let texts = texts.map { quoted($0) }
  return texts.count == 1 ? texts[0] : "(\(texts.joined(separator: ", ")))"
}
