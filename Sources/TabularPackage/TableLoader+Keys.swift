import Base

/// What no two rows may share.
extension TableLoader {
  /// Fields whose values together no two rows have, and how they are called.
  private struct UniqueFields {
    enum Kind { case primaryKey, uniqueKey, field }
    let fields: [Int]
    let kind: Kind
  }

  mutating func checkKeys(of loaded: Loaded, keysAscend: Bool) {
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
      report("there is not enough memory to compare its keys")
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
        addUnlisted(duplicates.count - position)
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
        addUnlisted()
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

extension TablePlan {
  /// The columns of the file that hold those fields; nil when the file lacks one.
  func columns(of fields: [Int]) -> [Int]? {
    let columns = fields.compactMap { fieldOfColumn.firstIndex(of: $0) }
    return columns.count == fields.count ? columns : nil
  }
}

extension TableLoader.Loaded {
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
