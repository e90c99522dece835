internal import Base
internal import Model
internal import Query

extension Generation {
  /// What was understood of configuration and data, with why: what `musterd check --explain` prints.
  public var explanation: String { DatasetExplanation(self).text }
}

/// Lines with a name before each, or before the first of several.
private struct DatasetExplanation {
  private struct Entry {
    var name: String
    var lines: [String]
    var isInner: Bool
  }

  private let generation: Generation
  private var entries: [Entry] = []

  private var model: DatasetModel { generation.model }
  private var configuration: DatasetConfiguration { generation.configuration.dataset }
  private var observations: String { configuration.observations?.value ?? "observations" }

  init(_ generation: Generation) {
    self.generation = generation
    addPackage()
    addDimensions()
    addMeasures()
    addPanel()
    addSchemes()
    addStatements()
    addRules()
  }

  var text: String {
    let names = entries.map { ($0.isInner ? "  " : "") + $0.name }
    let width = (names.map { TerminalText.width(of: $0) }.max() ?? 0) + 2
    let lines = zip(names, entries).flatMap { name, entry in
      if entry.lines.isEmpty { return [name] }
      return entry.lines.enumerated().map { index, line in
        let start = index == 0 ? name : ""
        return TerminalText.padded(start, to: width) + line
      }
    }
    return lines.map { "\($0)\n" }.joined()
  }

  private mutating func add(_ name: String, _ lines: String...) {
    append(name, lines, isInner: false)
  }

  private mutating func addInner(_ name: String, _ lines: [String]) {
    append(name, lines, isInner: true)
  }

  /// Names and titles of data may hold anything; each stays on its line.
  private mutating func append(_ name: String, _ lines: [String], isInner: Bool) {
    func safe(_ text: String) -> String { TerminalText.safe(text, showing: .escape) }
    entries.append(Entry(name: safe(name), lines: lines.map(safe), isInner: isInner))
  }

  private func counted(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }

  // MARK: - Package and dimensions

  private mutating func addPackage() {
    add("package", configuration.package.value, "\(model.name): \(model.title)", model.revision)
    let fields = model.observationFields
    let known = [
      (fields.hasIDs, "a key"), (fields.hasParts, "wholes that they are parts of"),
      (fields.hasLoci, "a place in the source"),
      (fields.hasQuotes, "the source's words"),
    ].filter(\.0).map(\.1)
    add(
      "observations",
      "\(generation.engine.observationCount) from \(observations)"
        + (known.isEmpty ? "" : ", with \(known.joined(separator: ", "))"))
  }

  private mutating func addDimensions() {
    add("dimensions")
    for (index, dimension) in model.dimensions.enumerated() {
      var lines = [roles(of: index).joined(separator: "; "), codes(of: index)]
      if let line = hierarchy(of: dimension) { lines.append(line) }
      addInner(dimension.id, lines.filter { !$0.isEmpty })
    }
  }

  private func roles(of index: Int) -> [String] {
    var roles: [String] = []
    if index == model.placeIndex { roles.append("place: a row each in summaries") }
    if index == model.breakdownIndex { roles.append("breakdown: its codes become columns") }
    if index == model.timeIndex {
      roles.append(
        "time: "
          + (configuration.time == nil ? "the only field of years, months or days" : "as time in the configuration"))
    }
    if index == model.sourceIndex {
      roles.append("source: " + (configuration.source == nil ? "by its name" : "as source in the configuration"))
    }
    if index == model.measureIndex {
      roles.append(
        "measures: "
          + (configuration.indicator == nil
            ? "tells the fields with numbers apart" : "its codes are measures, as indicator in the configuration"))
    }
    return roles
  }

  private func codes(of index: Int) -> String {
    let codes = model.dimensions[index].codes
    let count = counted(codes.count, "code", "codes")
    if index == model.measureIndex, configuration.indicator == nil { return "\(count), one for each field" }
    return codes.resource == observations
      ? "\(count), which the field has itself" : "\(count) from \(codes.resource)"
  }

  private func hierarchy(of dimension: Dimension) -> String? {
    guard let hierarchy = dimension.hierarchy else { return nil }
    let all = dimension.codes.ids.indices
    let containers = all.count { hierarchy.isContainer($0) }
    let parts = all.count { hierarchy.wholes[$0] != nil }
    let said = configuration.hierarchies.filter { $0.dimension.value == dimension.id }
    var texts: [String] = []
    if !said.isEmpty {
      let fields = said.flatMap { $0.parents.map(\.value) + [$0.aggregate?.value].compactMap(\.self) }
      let unknown = hierarchy.aggregates.count { hierarchy.descendants[$0].isEmpty }
      texts.append(
        "\(counted(containers, "contains", "contain")) others, by \(fields.joined(separator: ", "))"
          + (unknown == 0 ? "" : ", \(unknown) of them without saying which"))
    }
    if !configuration.parts.filter({ $0.dimension.value == dimension.id }).isEmpty {
      texts.append("\(counted(parts, "is a part", "are parts")) of another")
    }
    return texts.isEmpty ? nil : "hierarchy: \(texts.joined(separator: "; "))"
  }

  // MARK: - Measures

  private mutating func addMeasures() {
    add("measures")
    for measure in model.measures {
      let said = configuration.measures.first { $0.name.value == measure.name }
      var lines: [String] = []
      if let ratio = measure.ratio {
        let (of, per) = (model.measures[ratio.of].name, model.measures[ratio.per].name)
        lines.append("\(of) / \(per)\(ratio.times == 1 ? "" : " × \(ratio.times)"), each after it was aggregated")
      } else if configuration.indicator != nil {
        lines.append("a code of \(model.measureIndex.map { model.dimensions[$0].id } ?? "")")
      } else {
        lines.append("field \(said?.field?.value ?? measure.name)")
      }
      lines[0] += "; \(unit(of: measure, said)); \(decimals(of: measure, said))"
      if let bounds = said?.uncertain {
        lines.append("estimates lie between \(bounds.lower.value) and \(bounds.upper.value)")
      }
      if measure.ratio == nil { lines += rules(of: measure, said) }
      addInner(measure.name, lines)
    }
  }

  /// Whether the code list of measures says something of one in a field of that name.
  private func isListed(_ field: String, of measure: Measure) -> Bool {
    guard configuration.indicator != nil, let index = model.measureIndex, let code = measure.code else { return false }
    return model.dimensions[index].codes.attribute(field)?[code] != nil
  }

  private func unit(of measure: Measure, _ said: MeasureConfiguration?) -> String {
    guard let unit = measure.unit else { return "no unit" }
    let origin = said?.unit != nil ? "said" : isListed("unit", of: measure) ? "by its code list" : "by its field"
    return "unit \(unit) (\(origin))"
  }

  private func decimals(of measure: Measure, _ said: MeasureConfiguration?) -> String {
    let origin =
      said?.decimals != nil
      ? "said"
      : isListed("decimals", of: measure)
        ? "by its code list" : measure.ratio == nil ? "as many as the data have" : "by default"
    return "\(counted(measure.decimals, "decimal", "decimals")) (\(origin))"
  }

  private func rules(of measure: Measure, _ said: MeasureConfiguration?) -> [String] {
    var lines: [(text: String, dimensions: [String])] = []
    // Measures are never added to each other.
    for (index, rule) in measure.rules.enumerated() where index != model.measureIndex {
      let text = "\(rule.rawValue) (\(origin(ofRule: index, of: measure, said)))"
      let dimension = model.dimensions[index].id
      if let line = lines.firstIndex(where: { $0.text == text }) {
        lines[line].dimensions.append(dimension)
      } else {
        lines.append((text, [dimension]))
      }
    }
    return lines.map { "over \($0.dimensions.joined(separator: ", ")): \($0.text)" }
  }

  private func origin(ofRule index: Int, of measure: Measure, _ said: MeasureConfiguration?) -> String {
    let id = model.dimensions[index].id
    switch said?.over {
    case .all: return "said"
    case .each(let entries): if entries.contains(where: { $0.dimension.value == id }) { return "said" }
    case nil: if isListed("over_\(id)", of: measure) || isListed("over", of: measure) { return "by its code list" }
    }
    return "by default"
  }

  // MARK: - The rest

  private mutating func addPanel() {
    let dimensions = model.panel.map { model.dimensions[$0] }
    if dimensions.isEmpty {
      add("panel", "none: only numbers that have a row are expected")
      return
    }
    let size = dimensions.reduce(1) { $0 * $1.codes.count }
    add(
      "panel",
      "\(dimensions.map(\.id).joined(separator: " × ")): \(size) combinations should have numbers "
        + (configuration.panel == nil ? "(by default)" : "(said)"))
  }

  private mutating func addSchemes() {
    if model.schemes.isEmpty {
      add("schemes", "none")
      return
    }
    add("schemes")
    for scheme in model.schemes {
      let columns = configuration.columnSchemes.first { $0.name.value == scheme.id }?.columns.map(\.value)
      let dimension = model.dimensions[scheme.dimension]
      let origin = columns.map { "columns \($0.joined(separator: ", ")) of \(dimension.codes.resource)" } ?? "tables"
      let dated = scheme.memberships.count { $0.validity != nil }
      addInner(
        scheme.id,
        [
          "of \(dimension.id), from \(origin)" + (scheme.asOf.map { ", as of \($0)" } ?? ""),
          "\(scheme.levels.joined(separator: " > ")): \(counted(scheme.groups.count, "group", "groups")), "
            + counted(scheme.memberships.count, "member", "members")
            + (dated == 0 ? "" : ", \(dated) of them for a time"),
        ])
    }
  }

  private mutating func addStatements() {
    let totals = model.statedTotals
    let ofContainers = totals.count { $0.isOfContainer }
    add(
      "stated totals",
      totals.isEmpty
        ? "none"
        : "\(totals.count - ofContainers) from \(configuration.statedTotals?.value ?? DatasetTable.statedTotals.rawValue), "
          + "\(ofContainers) of codes that contain others")
    add("caveats", "\(model.caveats.count)")
    add("ledger", counted(model.discrepancies.count, "disagreement", "disagreements"))
    if !model.printedTables.isEmpty { add("printed tables", "\(model.printedTables.count)") }
  }

  private mutating func addRules() {
    if model.missingReasons.isEmpty {
      add("missing", "no marks: every cell has a number")
    } else {
      add("missing")
      for reason in model.missingReasons {
        let words = reason.label ?? "no reason is given"
        addInner(quoted(reason.value), [words + (reason.isNil ? "; counts as 0" : "")])
      }
    }
    let preferred = configuration.preferredSources.map(\.value)
    add("prefer", preferred.isEmpty ? "no source before another" : preferred.joined(separator: ", then "))
    switch configuration.repeated {
    case .error: add("repeated", "error: two counted numbers for one cell of one source are refused")
    case .add: add("repeated", "add: each row is an event, and numbers for one cell are added")
    }
    switch model.incompleteSums {
    case .mark: add("incomplete", "mark: a sum that lacks some of its numbers is shown with a mark")
    case .omit: add("incomplete", "omit: a sum that lacks some of its numbers is not shown")
    case .accept: add("incomplete", "accept: a sum that lacks some of its numbers is shown as if it lacked none")
    }
  }
}
