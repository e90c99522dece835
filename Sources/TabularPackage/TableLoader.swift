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
      report(foreign.message)
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
        report("there is not enough memory for its columns")
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
      report("the file changed while it was being read")
      return nil
    }
    var vocabularies: [Int: OpenVocabulary.Finished] = [:]
    for (field, open) in plan.openVocabularies.sorted(by: { $0.key < $1.key }) {
      guard let finished = open.finish(rowCount: min(rowCount, plan.capacity)) else {
        let limit = request.vocabularyLimit
        let message = "the field \(quoted(schema.fields[field].name)) has more than \(limit) distinct values"
        report(message)
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

  mutating func addUnlisted(_ count: Int = 1) { problems.addUnlisted(count) }

  mutating func add(_ problem: Problem) { problems.append(problem) }

  /// Of the whole file.
  mutating func report(_ message: String) {
    problems.append(Problem(file: resource.displayPath, message: message))
  }

  private func foreignContent(of file: DataFile) -> ForeignContent? {
    guard let bytes = file.paddedBytes(from: 0, count: ForeignContent.startLength) else { return nil }
    return ForeignContent(bytes.dropLast(recordPadding))
  }
}

extension Problem {
  fileprivate var row: Int { if case .row(let row, _) = position { row } else { 0 } }
}

extension TableLoader.Loaded {
  func recordNumber(_ row: Int) -> Int { row + plan.firstDataRecord + 1 }
}
