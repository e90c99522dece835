import Base

extension FieldType {
  /// Whether the distinct values of such a field can become codes.
  var hasOpenVocabulary: Bool {
    switch self {
    case .string, .any, .integer, .year, .yearmonth, .date: true
    case .number, .boolean: false
    }
  }
}

extension TableRequest {
  /// The list whose places become the codes of a field of text; nil when there is none or it is not asked for.
  func words(of field: Field) -> [String]? {
    guard field.type.keyFamily == .string else { return nil }
    if let words = vocabularies[field.name] { return words }
    guard openVocabularies.contains(field.name), let allowed = field.constraints.allowedTexts else { return nil }
    // The list of `enum` may have a text twice; texts are compared by their bytes, unlike strings.
    var seen: Set<[UInt8]> = []
    return allowed.filter { seen.insert(Array($0.utf8)).inserted }
  }
}

/// The distinct values of a field, and for each row which it has, while several threads find them.
///
/// Values get codes in the order in which threads meet them. Only when all rows are read are they put in their order,
/// which does not depend on the threads, and the column gets the width that so many codes need.
final class OpenVocabulary: @unchecked Sendable {
  // Sendable since its columns are written row by row, the rest is locked, and `finish` is for one thread.
  struct Finished {
    let codes: CodeColumn
    let texts: [String]
  }

  private struct Value {
    var text: String
    var firstRow: Int
    /// Of a period or an integer.
    let number: Int64
  }

  private struct State {
    let codeOfText = KeyIndex()
    var codeOfNumber: [Int64: Int32] = [:]
    var values: [Value] = []
    var isOverfull = false
  }

  /// Stands for no value in a column of two bytes.
  static let missingCode = UInt16.max
  /// Says that the code is in the column of four bytes, whose pages are touched only then.
  static let wideCode = UInt16.max - 1

  /// Nil for texts, which are compared by their bytes.
  private let reader: CellReader?
  private let limit: Int
  private let state = Locked(State())
  private var narrow: ColumnStorage<UInt16>?
  private var wide: ColumnStorage<UInt32>?

  init?(of field: Field, capacity: Int, limit: Int) {
    self.limit = limit
    reader = field.type.keyFamily == .string ? nil : CellReader(field)
    narrow = ColumnStorage(capacity: capacity)
    wide = ColumnStorage(capacity: capacity)
    if narrow == nil || wide == nil { return nil }
  }

  var codes: UnsafeMutableRawPointer? { narrow.map { UnsafeMutableRawPointer($0.base) } }
  var wideCodes: UnsafeMutablePointer<UInt32>? { wide?.base }

  /// The code of a value that was checked, or -1 when there are too many. Sixteen bytes behind the text may be read.
  ///
  /// - Parameter row: one thread's rows must ascend as far as the first with a text is concerned.
  func code(of text: UnsafeBufferPointer<UInt8>, row: Int) -> Int32 {
    guard let start = text.baseAddress else { return -1 }
    var number: Int64 = 0
    if let reader {
      switch reader.read(text) {
      case .integer(let value)?: number = value
      case .date(let value)?: number = Int64(value)
      default: return -1
      }
    }
    let isNumber = reader != nil
    return state.withLock { state in
      let known = isNumber ? state.codeOfNumber[number] ?? -1 : state.codeOfText.view.row(of: start, count: text.count)
      if known >= 0 {
        let index = Int(known)
        if row < state.values[index].firstRow {
          state.values[index].firstRow = row
          if isNumber { state.values[index].text = String(decoding: text, as: UTF8.self) }
        }
        return known
      }
      if state.values.count >= limit {
        state.isOverfull = true
        return -1
      }
      let code = Int32(state.values.count)
      state.values.append(Value(text: String(decoding: text, as: UTF8.self), firstRow: row, number: number))
      if isNumber { state.codeOfNumber[number] = code } else { state.codeOfText.insert(text, row: Int(code)) }
      return code
    }
  }

  /// The codes in their order, in as few bytes as will do; nil when there are too many. Once, when all rows are read.
  func finish(rowCount: Int) -> Finished? {
    guard let narrow, let wide else { return nil }
    defer { (self.narrow, self.wide) = (nil, nil) }
    let isNumber = reader != nil
    let (values, isOverfull) = state.withLock { state in
      defer { state = State() }
      return (state.values, state.isOverfull)
    }
    if isOverfull { return nil }
    let order = values.indices.sorted { a, b in
      isNumber ? values[a].number < values[b].number : values[a].firstRow < values[b].firstRow
    }
    var place = [UInt32](repeating: 0, count: values.count)
    for (position, index) in order.enumerated() { place[index] = UInt32(position) }
    func code(_ row: Int) -> UInt32 {
      let short = narrow.base[row]
      let found = short == Self.missingCode ? Int.max : short == Self.wideCode ? Int(wide.base[row]) : Int(short)
      // A malformed row has no code, and no meaning.
      return found < place.count ? place[found] : .max
    }
    let count = min(rowCount, narrow.capacity)
    let width = CodeColumn.width(of: values.count)
    // In place: what is written never runs ahead of what is still to be read.
    let memory: AnyObject
    let base: UnsafeMutableRawPointer
    if width == 4 {
      for row in 0..<count { wide.base[row] = code(row) }
      wide.trim(to: count)
      (memory, base) = (wide, UnsafeMutableRawPointer(wide.base))
    } else if width == 2 {
      for row in 0..<count { narrow.base[row] = UInt16(truncatingIfNeeded: code(row)) }
      narrow.trim(to: count)
      (memory, base) = (narrow, UnsafeMutableRawPointer(narrow.base))
    } else {
      base = UnsafeMutableRawPointer(narrow.base)
      for row in 0..<count {
        base.storeBytes(of: UInt8(truncatingIfNeeded: code(row)), toByteOffset: row, as: UInt8.self)
      }
      narrow.trim(to: (count + 1) / 2)
      memory = narrow
    }
    return Finished(
      codes: CodeColumn(written: memory, base: base, width: width), texts: order.map { values[$0].text })
  }
}

/// What one thread has learnt of the codes of texts, so that it need not ask for each cell.
struct CodeCaches {
  /// By column.
  let views: UnsafeMutablePointer<KeyIndex.View>
  private let indexes: [KeyIndex?]
  private let empty = KeyIndex()

  /// Further texts are asked for again, rather than that every thread remembers a long list.
  private static let maximumCount = 1 << 16

  init(of plan: TablePlan) {
    indexes = plan.fieldOfColumn.map { field in
      field.map { plan.openVocabularies[$0] != nil } ?? false ? KeyIndex() : nil
    }
    views = .allocate(capacity: max(1, indexes.count))
    for (column, index) in indexes.enumerated() { (views + column).initialize(to: (index ?? empty).view) }
  }

  func deallocate() { views.deallocate() }

  func remember(_ code: Int32, of text: UnsafeBufferPointer<UInt8>, column: Int) {
    guard let index = indexes[column], index.count < Self.maximumCount else { return }
    index.insert(text, row: Int(code))
    views[column] = index.view
  }
}

extension CellPlan {
  /// - Parameter code: -1 for a missing value.
  @inline(__always)
  func setOpenCode(_ code: Int32, row: Int) {
    let isNarrow = code < Int32(OpenVocabulary.wideCode)
    let short =
      code < 0 ? OpenVocabulary.missingCode : isNarrow ? UInt16(truncatingIfNeeded: code) : OpenVocabulary.wideCode
    codes?.storeBytes(of: short, toByteOffset: row * 2, as: UInt16.self)
    if !isNarrow { wideCodes?[row] = UInt32(truncatingIfNeeded: code) }
  }
}

extension TableWorker {
  /// Reads a cell of an open vocabulary whose text this thread does not remember.
  ///
  /// - Returns: whether the whole row is blank, and nothing more is to be said about it.
  mutating func readNewCode(_ cell: CellPlan, column: Int, record: Int, row: Int, count: Int) -> Bool {
    let text = contents.bytes(column)
    guard let start = text.baseAddress else { return false }
    if cell.missing.index(of: start, count: text.count) >= 0 {
      if column == 0, isBlank(count) {
        reportBlank(record)
        return true
      }
      readMissing(cell, record: record)
      cell.setOpenCode(-1, row: row)
      return false
    }
    let problems = plan.checks[cell.field].problems(of: text)
    for message in problems { report(record, cell.field, message) }
    guard problems.isEmpty, let vocabulary = plan.openVocabularies[cell.field] else { return false }
    let code = vocabulary.code(of: text, row: record)
    cell.setOpenCode(code, row: row)
    if code >= 0 { caches.remember(code, of: text, column: column) }
    return false
  }
}
