internal import Base
internal import TabularPackage

/// What stated totals cover.
extension ModelReader {
  /// For each stated total the observations that it claims to sum: what several rows name in a dimension are alternatives,
  /// and a dimension that is not named is not restricted. A row names a code, all codes of a bloc, or all codes under
  /// another.
  mutating func readScopes(count: Int, _ schemes: [Scheme]) throws(FileChanged) -> [Selection] {
    var scopes = [Selection](repeating: .all, count: count)
    guard let part = parts.statedTotalScopes, let table = table(part.resource), let totals = parts.statedTotals,
      let reference = part.reference("stated_total", to: totals.resource)
    else { return scopes }
    let fields = ScopeRow.Field.allCases.map { part.field($0.rawValue) }
    var rows: [ScopeRow] = []
    try table.forEachRow { _, row in rows.append(ScopeRow(texts: fields.map { $0.flatMap { row[$0] } })) }
    var allowed = [[Int: CodeSet]](repeating: [:], count: count)
    for (index, row) in rows.enumerated() {
      // What is required was checked while the table was read.
      guard let total = table.rowReferred(byForeignKey: reference, inRow: index),
        let (dimension, codes) = codes(of: row, in: part.resource, number: index, schemes)
      else { continue }
      allowed[total][dimension, default: CodeSet()].formUnion(codes)
    }
    for (index, sets) in allowed.enumerated() {
      for (dimension, codes) in sets { scopes[index].restrict(dimension, to: codes) }
    }
    return scopes
  }

  private mutating func codes(
    of row: ScopeRow, in resource: Resource, number: Int, _ schemes: [Scheme]
  ) -> (dimension: Int, codes: CodeSet)? {
    let named = [ScopeRow.Field.code, .bloc, .under].filter { row[$0] != nil }
    guard named.count == 1 else {
      report(
        resource, row: number, field: "code",
        named.isEmpty
          ? "the row names neither a code nor a bloc nor what codes are under"
          : "the row names a \(named.map(\.rawValue).joined(separator: " and a ")); each needs a row of its own")
      return nil
    }
    if let bloc = row[.bloc] { return codes(ofBloc: bloc, row, in: resource, number: number, schemes) }
    guard let id = row[.dimension] else {
      report(resource, row: number, field: "dimension", "the row does not say of which dimension the code is")
      return nil
    }
    guard let dimension = findDimension(id, in: resource, row: number) else { return nil }
    let field = row[.code] != nil ? ScopeRow.Field.code : .under
    let text = row[field] ?? ""
    guard let code = findCode(text, of: dimension, in: resource, row: number, field: field.rawValue) else { return nil }
    if field == .code { return (dimension, [code]) }
    if let below = dimensions[dimension].hierarchy?.descendants[code], !below.isEmpty { return (dimension, below) }
    report(resource, row: number, field: "under", "nothing is under \"\(text)\" in the dimension \"\(id)\"")
    return nil
  }

  private mutating func codes(
    ofBloc bloc: String, _ row: ScopeRow, in resource: Resource, number: Int, _ schemes: [Scheme]
  ) -> (dimension: Int, codes: CodeSet)? {
    guard let scheme = schemes.first(where: { hasSameBytes($0.id, row[.scheme] ?? "") }) else {
      let name = row[.scheme] ?? ""
      let hint = nearMiss(name, among: schemes.map(\.id))
      report(
        resource, row: number, field: "scheme",
        name.isEmpty ? "the row does not say of which scheme the bloc is" : "unknown scheme \"\(name)\"\(hint)")
      return nil
    }
    guard let group = scheme.groups.firstIndex(where: { hasSameBytes($0.id, bloc) }) else {
      let hint = nearMiss(bloc, among: scheme.groups.map(\.id))
      report(resource, row: number, field: "bloc", "the scheme has no bloc \"\(bloc)\"\(hint)")
      return nil
    }
    let dimension = scheme.dimension
    if let id = row[.dimension], !hasSameBytes(id, dimensions[dimension].id) {
      report(
        resource, row: number, field: "dimension",
        "the scheme \"\(scheme.id)\" is of the dimension \"\(dimensions[dimension].id)\", not \"\(id)\"")
      return nil
    }
    return (
      dimension,
      CodeSet(
        scheme.memberships.filter { scheme.isGroup($0.group, within: group) }.map(\.code))
    )
  }

  mutating func findDimension(_ id: String, in resource: Resource, row: Int) -> Int? {
    if let index = dimensions.firstIndex(where: { hasSameBytes($0.id, id) }) { return index }
    let known = dimensions.map(\.id)
    report(resource, row: row, field: "dimension", "unknown dimension \"\(id)\"\(nearMiss(id, among: known))")
    return nil
  }

  /// The code that a cell names.
  mutating func findCode(_ text: String, of dimension: Int, in resource: Resource, row: Int, field: String) -> Int? {
    let codes = dimensions[dimension].codes
    if let code = codes.index(ofKey: text) { return code }
    let hint = nearMiss(text, among: codes.ids)
    report(resource, row: row, field: field, "unknown \(dimensions[dimension].id) \"\(text)\"\(hint)")
    return nil
  }
}

/// A row of the table of what stated totals cover.
private struct ScopeRow {
  enum Field: String, CaseIterable {
    case dimension, code, scheme, bloc, under
  }

  /// In the order of the fields; nil for what is empty.
  let texts: [String?]

  subscript(_ field: Field) -> String? { Field.allCases.firstIndex(of: field).flatMap { texts[$0] } }
}
