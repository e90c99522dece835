import Base

/// What somebody wants to keep of a table, besides the texts that can be read again and the rows that its foreign
/// keys refer to.
public struct TableRequest: Sendable {
  /// Integer fields whose values are kept as a column.
  public var integers: Set<String> = []
  /// Text fields whose values are one of a list; their places in the list are kept as a column.
  public var vocabularies: [String: [String]] = [:]
  /// Fields that must have a value whatever the schema says.
  public var required: Set<String> = []

  /// Keeps nothing.
  public init() {}
}

/// What is done with the cells in one column of the file. Free of references: it is looked at for every cell.
struct CellPlan {
  enum Operation {
    /// The file has a column that is no field.
    case ignore
    /// Any text will do.
    case text
    /// A text that is looked up, and the row found is kept as one, two or four bytes.
    case code8, code16, code32
    /// A text that is looked up only to see whether it is allowed.
    case word
    case integer
    /// A type or constraints that need a closer look.
    case general
  }

  var operation: Operation
  var field: Int
  var isRequired: Bool
  var isKey: Bool
  var missing: MissingTexts.View
  /// Whether a missing value may look like a value.
  var looksForMissingFirst = true
  var keys: KeyIndex.View?
  var codes: UnsafeMutableRawPointer?
  var integers: UnsafeMutablePointer<Int64>?
  var reasons: UnsafeMutablePointer<UInt8>?
  var minimum = Int64.min
  var maximum = Int64.max
}

/// A foreign key that one look at one cell does not decide.
struct ReferencePlan {
  let foreignKey: Int
  let builder: KeyBuilder
  /// Nil when the keys are not known yet: then the references are collected.
  let keys: KeyIndex?
  let rows: CodeColumn?
}

/// Everything that the threads need to read a table.
final class TablePlan: @unchecked Sendable {
  // Sendable since it does not change after its initialiser; the memory that it points to is written row by row.
  let resource: Resource
  let schema: Schema
  /// For every column of the file its field.
  let fieldOfColumn: [Int?]
  let cells: UnsafeMutablePointer<CellPlan>
  let references: [ReferencePlan]
  /// The column of a primary key of one field whose order is watched.
  let watchedKeyColumn: Int?
  let watchesIntegers: Bool
  /// Where every 64th data row begins in the file.
  let rowOffsets: ColumnStorage<Int>
  let firstDataRecord: Int

  let integerColumns: [Int: IntegerColumn]
  let codeColumns: [Int: CodeColumn]
  let foreignKeyColumns: [CodeColumn?]
  let checks: [FieldCheck]
  /// For messages about foreign keys of one field: what it refers to.
  let referenceTexts: [Int: ReferenceText]
  let vocabularyTexts: [Int: [String]]
  /// What each foreign key refers to, such as `countries.id`.
  let targetNames: [String]
  private let retained: [AnyObject]

  struct ReferenceText {
    /// Such as `countries.id`.
    let name: String
    let keys: KeyIndex
    /// For suggestions; empty for long lists.
    let known: [String]
  }

  /// Nil when there is no memory for the columns.
  init?(
    resource: Resource, schema: Schema, fieldOfColumn: [Int?], capacity: Int, request: TableRequest,
    targets: [KeyTarget?]
  ) {
    self.resource = resource
    self.schema = schema
    self.fieldOfColumn = fieldOfColumn
    firstDataRecord = resource.dialect.hasHeader ? 1 : 0
    guard let offsets = ColumnStorage<Int>(capacity: capacity / Table.rowsPerOffset + 1) else { return nil }
    rowOffsets = offsets
    checks = schema.fields.map { FieldCheck($0) }

    var integerColumns: [Int: IntegerColumn] = [:]
    var codeColumns: [Int: CodeColumn] = [:]
    var vocabularies: [Int: KeyIndex] = [:]
    var vocabularyTexts: [Int: [String]] = [:]
    for field in schema.fields {
      if request.integers.contains(field.name), field.type == .integer {
        guard let column = IntegerColumn(capacity: capacity) else { return nil }
        integerColumns[field.index] = column
      }
      if let words = request.vocabularies[field.name], field.type.keyFamily == .string {
        guard let column = CodeColumn(capacity: capacity, targetCount: words.count) else { return nil }
        codeColumns[field.index] = column
        let keys = KeyIndex(expecting: words.count)
        for (index, word) in words.enumerated() { keys.insert(Array(word.utf8), row: index) }
        vocabularies[field.index] = keys
        vocabularyTexts[field.index] = words
      }
    }
    let columnOfField = Dictionary(
      fieldOfColumn.enumerated().compactMap { column, field in field.map { ($0, column) } },
      uniquingKeysWith: { first, _ in first })
    var foreignKeyColumns: [CodeColumn?] = []
    var references: [ReferencePlan] = []
    var keysOfField: [Int: (keys: KeyIndex, column: CodeColumn)] = [:]
    var texts: [Int: ReferenceText] = [:]
    for (index, foreignKey) in schema.foreignKeys.enumerated() {
      let target = targets[index]
      let columns = foreignKey.fields.compactMap { columnOfField[$0] }
      guard let target, columns.count == foreignKey.fields.count else {
        foreignKeyColumns.append(nil)
        continue
      }
      let builder = KeyBuilder(schema, fields: foreignKey.fields, columns: columns)
      var column: CodeColumn?
      if let keys = target.keys {
        column = CodeColumn(capacity: capacity, targetCount: target.rowCount)
        guard let column else { return nil }
        let field = foreignKey.fields[0]
        if builder.isPlain, keysOfField[field] == nil, vocabularies[field] == nil {
          keysOfField[field] = (keys, column)
          texts[field] = ReferenceText(name: target.name, keys: keys, known: target.known)
          foreignKeyColumns.append(column)
          continue
        }
      }
      references.append(
        ReferencePlan(foreignKey: index, builder: builder, keys: target.keys, rows: column))
      foreignKeyColumns.append(column)
    }
    self.integerColumns = integerColumns
    self.codeColumns = codeColumns
    self.vocabularyTexts = vocabularyTexts
    targetNames = targets.map { $0?.name ?? "" }
    self.foreignKeyColumns = foreignKeyColumns
    self.references = references
    referenceTexts = texts

    let key = schema.primaryKey.count == 1 ? schema.primaryKey.first : nil
    let keyType = key.map { schema.fields[$0].type }
    let isWatched = keyType == .string || keyType == .any || keyType == .integer
    watchedKeyColumn = isWatched ? key.flatMap { columnOfField[$0] } : nil
    watchesIntegers = keyType == .integer

    cells = .allocate(capacity: max(1, fieldOfColumn.count))
    var retained: [AnyObject] = []
    for (column, fieldIndex) in fieldOfColumn.enumerated() {
      guard let fieldIndex else {
        let plan = CellPlan(
          operation: .ignore, field: 0, isRequired: false, isKey: false, missing: MissingTexts.none.view)
        (cells + column).initialize(to: plan)
        continue
      }
      let field = schema.fields[fieldIndex]
      let missing = checks[fieldIndex].missing
      var plan = CellPlan(
        operation: .general, field: fieldIndex,
        isRequired: field.constraints.required || request.required.contains(field.name), isKey: fieldIndex == key,
        missing: missing.view)
      let lookup = keysOfField[fieldIndex]
      let vocabulary = vocabularies[fieldIndex]
      let codes = lookup?.column ?? codeColumns[fieldIndex]
      plan.keys = (lookup?.keys ?? vocabulary)?.view
      plan.codes = codes?.base
      plan.integers = integerColumns[fieldIndex]?.values.base
      plan.reasons = integerColumns[fieldIndex]?.reasons.base
      var keys = lookup?.keys ?? vocabulary
      if field.type.keyFamily == .string, field.isDecided(byVocabulary: request.vocabularies[field.name], lookup?.keys)
      {
        plan.operation = .text
        if keys == nil, let allowed = checks[fieldIndex].allowed {
          keys = allowed
          plan.keys = allowed.view
        }
        if let keys {
          plan.operation =
            switch codes?.width {
            case nil: .word
            case 1: .code8
            case 2: .code16
            default: .code32
            }
          plan.looksForMissingFirst = field.missingValues.contains { keys.row(of: Array($0.value.utf8)) != nil }
        }
      } else if field.type == .integer, field.constraints.enumeration == nil {
        plan.operation = .integer
        (plan.minimum, plan.maximum) = field.constraints.integerRange
        plan.looksForMissingFirst = field.missingValues.contains { parseInteger($0.value.utf8) != .malformed }
      }
      if let keys { retained.append(keys) }
      retained.append(missing)
      (cells + column).initialize(to: plan)
    }
    self.retained = retained
  }

  deinit { cells.deallocate() }

  func trim(to rowCount: Int) {
    rowOffsets.trim(to: rowCount / Table.rowsPerOffset + 1)
    for column in integerColumns.values { column.trim(to: rowCount) }
    for column in codeColumns.values { column.trim(to: rowCount) }
    for column in foreignKeyColumns { column?.trim(to: rowCount) }
  }
}

/// The table that a foreign key refers to, as far as it is known before the referring table is read.
struct KeyTarget {
  /// For messages, such as `countries.id`.
  let name: String
  /// Nil when they are to be compared later.
  let keys: KeyIndex?
  let rowCount: Int
  let known: [String]
}

extension MissingTexts {
  static let none = MissingTexts([])
}

extension KeyBuilder {
  init(_ schema: Schema, fields: [Int], columns: [Int]) {
    self.init(
      parts: zip(fields, columns).map { field, column in
        let field = schema.fields[field]
        return Part(column: column, reader: CellReader(field), missing: MissingTexts(field.missingValues))
      })
  }
}

extension CellReader {
  init(_ field: Field) {
    self.init(type: field.type, trueValues: field.trueValues, falseValues: field.falseValues)
  }
}

extension Field {
  /// Whether a text is right if it is in the vocabulary asked for, or else among the keys referred to, or else in the
  /// field's own list.
  fileprivate func isDecided(byVocabulary words: [String]?, _ keys: KeyIndex?) -> Bool {
    guard constraints.isBeyondRequired else { return true }
    guard constraints.hasOnlyEnumeration, let allowed = constraints.allowedTexts else { return false }
    if let words { return Set(words).isSubset(of: allowed) }
    return keys == nil
  }
}

extension Constraints {
  var hasOnlyEnumeration: Bool {
    var others = self
    others.enumeration = nil
    return !others.isBeyondRequired
  }

  /// Whether there is something to check besides a value being there. Uniqueness is checked for all rows at once.
  var isBeyondRequired: Bool {
    minLength != nil || maxLength != nil || minimum != nil || maximum != nil || exclusiveMinimum != nil
      || exclusiveMaximum != nil || enumeration != nil || pattern != nil
  }

  /// The least and the greatest integer that the bounds allow.
  var integerRange: (minimum: Int64, maximum: Int64) {
    var range = (minimum: Int64.min, maximum: Int64.max)
    if case .integer(let value)? = minimum?.value { range.minimum = value }
    if case .integer(let value)? = maximum?.value { range.maximum = value }
    if case .integer(let value)? = exclusiveMinimum?.value {
      if value == .max { return (.max, .min) }
      range.minimum = max(range.minimum, value + 1)
    }
    if case .integer(let value)? = exclusiveMaximum?.value {
      if value == .min { return (.max, .min) }
      range.maximum = min(range.maximum, value - 1)
    }
    return range
  }
}
