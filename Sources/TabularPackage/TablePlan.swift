import Base

/// A foreign key that one look at one cell does not decide.
struct ReferencePlan {
  let foreignKey: Int
  let builder: KeyBuilder
  /// Nil when the keys are not known yet: then the references are collected.
  let keys: KeyIndex?
  let rows: CodeColumn?
  /// For suggestions.
  let known: KnownKeys
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

  /// How many rows the columns have room for.
  let capacity: Int
  let integerColumns: [Int: IntegerColumn]
  /// For fields with an integer column, how many digits behind the point its numbers have.
  let decimals: [Int: Int]
  /// Fields whose decimals are those that the values need.
  let findsDecimals: Set<Int>
  let codeColumns: [Int: CodeColumn]
  let openVocabularies: [Int: OpenVocabulary]
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
    let builder: KeyBuilder
    /// For suggestions.
    let known: KnownKeys
  }

  /// Nil when there is no memory for the columns.
  ///
  /// - Parameters:
  ///   - size: how many bytes the file has.
  ///   - foundDecimals: for fields whose decimals are to be found, as many as are known to be needed.
  init?(
    resource: Resource, schema: Schema, fieldOfColumn: [Int?], size: Int, threads: Int, request: TableRequest,
    foundDecimals: [Int: Int], targets: [KeyTarget?]
  ) {
    self.resource = resource
    self.schema = schema
    self.fieldOfColumn = fieldOfColumn
    firstDataRecord = resource.dialect.hasHeader ? 1 : 0
    // A record of all its cells has a delimiter or a line feed behind each; others are only known to have one byte.
    // The rows that are too many then are errors, and each thread has a row of its own to write their cells to.
    self.capacity = size / max(1, fieldOfColumn.count) + 2
    let capacity = self.capacity + max(1, threads)
    guard let offsets = ColumnStorage<Int>(capacity: size / Table.rowsPerOffset + 2) else { return nil }
    rowOffsets = offsets
    checks = schema.fields.map { FieldCheck($0) }

    var integerColumns: [Int: IntegerColumn] = [:]
    var codeColumns: [Int: CodeColumn] = [:]
    var vocabularies: [Int: KeyIndex] = [:]
    var vocabularyTexts: [Int: [String]] = [:]
    var decimals: [Int: Int] = [:]
    var findsDecimals: Set<Int> = []
    var openVocabularies: [Int: OpenVocabulary] = [:]
    for field in schema.fields {
      if let wanted = request.decimals(of: field) {
        guard let column = IntegerColumn(capacity: capacity) else { return nil }
        integerColumns[field.index] = column
        decimals[field.index] = wanted ?? foundDecimals[field.index] ?? 0
        if wanted == nil { findsDecimals.insert(field.index) }
      } else if let words = request.words(of: field) {
        guard let column = CodeColumn(capacity: capacity, targetCount: words.count) else { return nil }
        codeColumns[field.index] = column
        let keys = KeyIndex(expecting: words.count)
        for (index, word) in words.enumerated() { keys.insert(Array(word.utf8), row: index) }
        vocabularies[field.index] = keys
        vocabularyTexts[field.index] = words
      } else if request.openVocabularies.contains(field.name), field.type.hasOpenVocabulary {
        guard let vocabulary = OpenVocabulary(of: field, capacity: capacity, limit: request.vocabularyLimit) else {
          return nil
        }
        openVocabularies[field.index] = vocabulary
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
        if builder.isPlain, keysOfField[field] == nil, vocabularies[field] == nil,
          openVocabularies[field] == nil
        {
          keysOfField[field] = (keys, column)
          texts[field] = ReferenceText(name: target.name, keys: keys, builder: builder, known: target.known)
          foreignKeyColumns.append(column)
          continue
        }
      }
      references.append(
        ReferencePlan(foreignKey: index, builder: builder, keys: target.keys, rows: column, known: target.known))
      foreignKeyColumns.append(column)
    }
    self.integerColumns = integerColumns
    self.decimals = decimals
    self.findsDecimals = findsDecimals
    self.codeColumns = codeColumns
    self.openVocabularies = openVocabularies
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
      if let open = openVocabularies[fieldIndex] {
        plan.operation = .open
        plan.codes = open.codes
        plan.wideCodes = open.wideCodes
      } else if field.type.keyFamily == .string,
        field.isDecided(byVocabulary: vocabularyTexts[fieldIndex], lookup?.keys)
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
      } else if let decimals = decimals[fieldIndex], decimals > 0 || field.type == .number {
        plan.operation = .number
        plan.decimals = decimals
        plan.allowsPoint = field.type == .number
        // No number is in the range that is empty: then each is looked at closely.
        (plan.minimum, plan.maximum) = field.constraints.range(decimals: decimals) ?? (.max, .min)
        plan.looksForMissingFirst = field.missingValues.contains { DecimalNumber(trimmed($0.value.utf8)) != nil }
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
  /// For suggestions.
  let known: KnownKeys
}

extension MissingTexts {
  static let none = MissingTexts([])
}

extension KeyBuilder {
  init(_ schema: Schema, fields: [Int], columns: [Int]) {
    self.init(
      parts: zip(fields, columns).map { field, column in
        let field = schema.fields[field]
        return Part(
          column: column, name: field.name, reader: CellReader(field), missing: MissingTexts(field.missingValues))
      })
  }
}

extension CellReader {
  init(_ field: Field) {
    self.init(type: field.type, trueValues: field.trueValues, falseValues: field.falseValues)
  }
}
