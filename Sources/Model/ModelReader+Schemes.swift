internal import Base
internal import TabularPackage

extension ModelReader {
  /// Those of the tables, then those in columns of code lists.
  mutating func readSchemes() throws(FileChanged) -> [Scheme] {
    let before = problems.total
    let tabled = try readTabledSchemes()
    // Told with their rows.
    if problems.total > before { return [] }
    let schemes = tabled + readColumnSchemes()
    for (index, scheme) in schemes.enumerated() where schemes[..<index].contains(where: { $0.id == scheme.id }) {
      problems.append(layout.configuration.package.problem("there are two schemes \"\(scheme.id)\""))
    }
    return schemes
  }

  // MARK: - In tables

  private mutating func readTabledSchemes() throws(FileChanged) -> [Scheme] {
    guard let part = parts.schemes, let table = table(part.resource), let id = part.field("id"),
      let title = part.field("title")
    else { return [] }
    let dimensionOfScheme = try readSchemeDimensions(part, table)
    let (groups, groupIndexes) = try readGroups(schemeCount: table.rowCount)
    let members = try readMembers(dimensionOfScheme, groupIndexes: groupIndexes)
    let asOf = part.field("as_of")
    let basis = part.field("basis")
    let level = parts.groupMembers?.schema.field("bloc")?.title ?? "Bloc"
    var schemes: [Scheme] = []
    let dimensions = dimensions
    try table.forEachRow { index, row in
      schemes.append(
        Scheme(
          id: row[id] ?? "", title: row[title] ?? row[id] ?? "", asOf: asOf.flatMap { row[$0] },
          basis: basis.flatMap { row[$0] }, dimension: dimensionOfScheme[index], levels: [level],
          groups: groups[index], memberships: members[index],
          codeCount: dimensions[dimensionOfScheme[index]].codes.count))
    }
    let ids = schemes.map(\.id)
    reportEquivalent(ids, rows: Array(ids.indices), of: part.resource, field: table.schema.fields[id].name)
    return schemes
  }

  /// The place, unless the field `dimension` of a scheme names another one.
  private mutating func readSchemeDimensions(
    _ part: DatasetParts.Part, _ table: Table
  ) throws(FileChanged) -> [Int] {
    var result = [Int](repeating: layout.place, count: table.rowCount)
    guard let field = part.field("dimension") else { return result }
    var names: [String?] = []
    try table.forEachRow { _, row in names.append(row[field]) }
    for (row, name) in names.enumerated() {
      guard let name, let index = findDimension(name, in: part.resource, row: row) else { continue }
      result[row] = index
    }
    return result
  }

  /// The groups of each scheme, those that lie in others behind them, and where each id is among them.
  private mutating func readGroups(
    schemeCount: Int
  ) throws(FileChanged) -> (groups: [[Scheme.Group]], indexes: [[ExactText: Int]]) {
    var groups = [[Scheme.Group]](repeating: [], count: schemeCount)
    var indexes = [[ExactText: Int]](repeating: [:], count: schemeCount)
    guard let part = parts.groups, let table = table(part.resource), let schemes = parts.schemes,
      let reference = part.reference("scheme", to: schemes.resource), let id = part.field("id")
    else { return (groups, indexes) }
    let label = part.field(layout.configuration.label?.value ?? "name")
    let parent = part.field("parent")
    var rows: [[(row: Int, id: String, name: String, parent: String?)]] = Array(repeating: [], count: schemeCount)
    try table.forEachRow { index, row in
      guard let scheme = table.rowReferred(byForeignKey: reference, inRow: index) else { return }
      let groupID = row[id] ?? ""
      rows[scheme].append((index, groupID, label.flatMap { row[$0] } ?? groupID, parent.flatMap { row[$0] }))
    }
    for scheme in rows.indices {
      let ids = rows[scheme].map(\.id)
      reportEquivalent(ids, rows: rows[scheme].map(\.row), of: part.resource, field: "id")
      let known = Set(ids.map { ExactText($0) })
      for entry in rows[scheme] {
        if let parent = entry.parent, !known.contains(ExactText(parent)) {
          report(
            part.resource, row: entry.row, field: "parent",
            "the scheme has no group \(quoted(parent))\(nearMiss(parent, among: ids))")
        }
      }
      // Outer groups first; what is left lies in itself.
      var rest = rows[scheme]
      while !rest.isEmpty {
        let ready = rest.filter { entry in
          entry.parent.map { ExactText($0) }.map { indexes[scheme][$0] != nil || !known.contains($0) } ?? true
        }
        if ready.isEmpty {
          report(part.resource, row: rest[0].row, field: "parent", "\(quoted(rest[0].id)) lies in itself")
          break
        }
        for entry in ready {
          indexes[scheme][ExactText(entry.id)] = groups[scheme].count
          groups[scheme].append(
            Scheme.Group(
              id: entry.id, name: entry.name, parent: entry.parent.flatMap { indexes[scheme][ExactText($0)] }))
        }
        rest.removeAll { entry in ready.contains { $0.row == entry.row } }
      }
    }
    return (groups, indexes)
  }

  private mutating func readMembers(
    _ dimensionOfScheme: [Int], groupIndexes: [[ExactText: Int]]
  ) throws(FileChanged) -> [[Scheme.Membership]] {
    var members = [[Scheme.Membership]](repeating: [], count: dimensionOfScheme.count)
    guard let part = parts.groupMembers, let table = table(part.resource), let schemes = parts.schemes,
      let schemeReference = part.reference("scheme", to: schemes.resource), let group = part.field("bloc")
    else { return members }
    let place = layout.dimensions[layout.place]
    let placeReference = place.codeList.flatMap { part.reference(place.field.name, to: $0) }
    let code = part.field("code")
    let basis = part.field("basis")
    let (from, to) = (part.field("valid_from"), part.field("valid_to"))
    var rows: [(group: String?, code: String?, basis: String?, from: String?, to: String?)] = []
    try table.forEachRow { _, row in
      func text(_ field: Int?) -> String? { field.flatMap { row[$0] } }
      rows.append((row[group], text(code), text(basis), text(from), text(to)))
    }
    for (index, row) in rows.enumerated() {
      guard let scheme = table.rowReferred(byForeignKey: schemeReference, inRow: index), let id = row.group
      else { continue }
      guard let group = groupIndexes[scheme][ExactText(id)] else {
        let hint = nearMiss(id, among: groupIndexes[scheme].keys.map(\.wrappedValue).sorted())
        report(part.resource, row: index, field: "bloc", "the scheme has no bloc \"\(id)\"\(hint)")
        continue
      }
      let member: Int?
      if let text = row.code {
        guard let code = findCode(text, of: dimensionOfScheme[scheme], in: part.resource, row: index, field: "code")
        else { continue }
        member = code
      } else {
        member = placeReference.flatMap { table.rowReferred(byForeignKey: $0, inRow: index) }
      }
      guard let member else { continue }
      let validity = readValidity(row.from, row.to, part.resource, row: index)
      members[scheme].append(
        Scheme.Membership(code: member, group: group, basis: row.basis, validity: validity))
    }
    return members
  }

  /// Nil for what always holds.
  private mutating func readValidity(_ from: String?, _ to: String?, _ resource: Resource, row: Int) -> Validity? {
    if from == nil, to == nil { return nil }
    func period(_ text: String?, _ field: String) -> ClosedRange<CalendarDay>? {
      guard let text else { return nil }
      if let period = CalendarDay.period(text) { return period }
      report(resource, row: row, field: field, "\(quoted(text)) is not a day, a month or a year")
      return nil
    }
    let (first, last) = (period(from, "valid_from"), period(to, "valid_to"))
    if let first, let last, last.upperBound < first.lowerBound {
      report(resource, row: row, field: "valid_to", "\(quoted(to ?? "")) is before \(quoted(from ?? ""))")
    }
    return Validity(from: first?.lowerBound, to: last?.upperBound)
  }

  // MARK: - In columns of a code list

  private mutating func readColumnSchemes() -> [Scheme] {
    layout.configuration.columnSchemes.compactMap { scheme in
      guard let index = dimension(named: scheme.of) else { return nil }
      guard layout.dimensions.indices.contains(index), let list = layout.dimensions[index].codeList else {
        report(scheme.of, "the dimension \"\(scheme.of.value)\" has no code list whose columns could group it")
        return nil
      }
      let codes = dimensions[index].codes
      let columns = scheme.columns.compactMap { attribute($0, codes, of: list) }
      guard columns.count == scheme.columns.count, !codes.ids.isEmpty else { return nil }
      let levels = scheme.columns.map { list.schema?.field($0.value)?.title ?? $0.value }
      var groups: [Scheme.Group] = []
      var known: [[String]: Int] = [:]
      var memberships: [Scheme.Membership] = []
      // What contains others is in no group: its parts are.
      let hierarchy = dimensions[index].hierarchy
      for code in codes.ids.indices where !(hierarchy?.isContainer(code) ?? false) {
        var path: [String] = []
        var group: Int?
        for (column, field) in zip(columns, scheme.columns) {
          guard let text = column[code], !text.isEmpty else { break }
          path.append(text)
          if let index = known[path] {
            if !hasSameBytes(groups[index].name, text) {
              let message = EquivalentTexts.message(text, groups[index].name, "of another row")
              report(list, row: code, field: field.value, message)
            }
          } else {
            // The same name in two outer groups is two groups.
            let isTaken = groups.contains { $0.id == text }
            known[path] = groups.count
            groups.append(
              Scheme.Group(id: isTaken ? path.joined(separator: "/") : text, name: text, parent: group))
          }
          group = known[path]
        }
        if let group { memberships.append(Scheme.Membership(code: code, group: group)) }
      }
      return Scheme(
        id: scheme.name.value, title: scheme.title ?? levels.joined(separator: ", "), dimension: index, levels: levels,
        groups: groups, memberships: memberships, codeCount: codes.count)
    }
  }
}
