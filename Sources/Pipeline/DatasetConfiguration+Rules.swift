internal import Base
internal import Model
internal import YAML

extension DatasetConfiguration {
  /// What numbers come to, and what is known of codes (MODEL).
  static var rules: [any ReadableKey<Self>] {
    [
      MappingKey(
        "measures", "measures by name", .measures, default: .words("the one that measure names, which adds over all"),
        "What is said of measures: field, unit, decimals, over, uncertain, or of and per for a ratio", \Self.measures),
      MappingKey(
        "indicator", "dimension", .located(.name), default: .none, "The dimension whose codes are measures",
        \Self.indicator),
      MappingKey(
        "time", "dimension", .located(.name), default: .words("the only field that is a year, a month or a date"),
        "The dimension of periods", \Self.time),
      MappingKey(
        "hierarchy", "fields by dimension", .hierarchies, default: .none,
        "The field of a code list that names what contains the code; several; or { parent: field, aggregate: field }",
        \Self.hierarchies),
      MappingKey(
        "parts", "field by dimension", .parts, default: .none,
        "The field of a code list that names the code of which another is only a part", \Self.parts),
      MappingKey(
        "panel", "list of dimensions", .list(of: .located(.name)),
        default: .words("place and time where there is a time"),
        "The dimensions of which every combination of codes should have a number", \Self.panel),
      MappingKey(
        "missing", "mapping of marks to nil", .nilMarks, default: .none,
        "Marks in the place of numbers that count as 0, such as { \"–\": nil }", \Self.nilMarks),
      MappingKey(
        "prefer", "list of sources", .list(of: .located(.name), atLeast: 1), default: .none,
        "Of sources that give a number for the same, those that count before others", \Self.preferredSources),
      MappingKey(
        "repeated", "error or add", .choice, default: .value("error"),
        "What becomes of two counted numbers for one cell of one source; add where each row is an event",
        \Self.repeated),
      MappingKey(
        "incomplete", "mark, omit or accept", .choice, default: .value("mark"),
        "What becomes of a sum that lacks some of its numbers: shown with a mark, not shown, or shown without one",
        \Self.incomplete),
    ]
  }
}

extension DatasetConfiguration {
  /// The keys of the mappings in `dataset`, by their place.
  static var nestedKeyTables: [KeyTable] {
    [
      KeyTable("dataset: measures: NAME", MeasureConfiguration.keys),
      KeyTable("dataset: hierarchy: DIMENSION", HierarchyConfiguration.keys),
      KeyTable("dataset: schemes: NAME", SchemeKeys.keys),
    ]
  }
}

/// The resource with schemes, or schemes in columns of code lists by their names.
struct SchemesKey: ReadableKey {
  typealias Root = DatasetConfiguration

  let description = KeyDescription(
    name: "schemes", type: "resource, or schemes by name", default: .value("schemes"),
    summary: "Classifications of codes: a resource, or by name { of: dimension, columns: [field, field] }")

  func read(from map: MappingReader, into root: inout DatasetConfiguration) -> Bool {
    if map.node["schemes"]?.entries == nil {
      if let name = map.optional("schemes", .located(.name)) { root.schemes = name }
    } else if let entries = map.optional("schemes", .mapping(of: ValueReader<SchemeKeys>.value())) {
      root.columnSchemes = entries.compactMap { entry in
        SchemeConfiguration(
          name: entry.key, of: entry.value.of, columns: entry.value.columns, title: entry.value.title)
      }
    }
    return true
  }
}

struct SchemeKeys: NodeReadable {
  var of: Located<String>
  var columns: [Located<String>] = []
  var title: String?

  static var keys: [any ReadableKey<Self>] {
    [
      MappingKey("of", "dimension", .located(.name), default: .required, "The dimension that is grouped", \Self.of),
      MappingKey(
        "columns", "list of fields", .oneOrMore, default: .required,
        "The fields of its code list that name the groups, the outermost first", \Self.columns),
      MappingKey("title", "text", .name, default: .words("the titles of the fields"), "The heading", \Self.title),
    ]
  }

  init?(from node: Node, problems: ProblemCollector) {
    guard let map = MappingReader(node, of: "the scheme", keys: Self.keys, problems: problems) else { return nil }
    of = node.locate("")
    guard map.read(Self.keys, into: &self) else { return nil }
  }
}

extension ValueReader where Value == [MeasureConfiguration] {
  /// Measures by their names.
  static var measures: Self {
    .named("a mapping of names to measures") { name, value, problems in
      var measure = MeasureConfiguration(name: name)
      if value.isNull { return measure }
      guard
        let map = MappingReader(
          value, of: "the measure \"\(name.value)\"", keys: MeasureConfiguration.keys, problems: problems)
      else { return nil }
      _ = map.read(MeasureConfiguration.keys, into: &measure)
      if (measure.ratioOf == nil) != (measure.ratioPer == nil) {
        problems.report(name.problem("a ratio needs both \"of\" and \"per\", the names of two measures"))
      }
      return measure
    }
  }
}

extension MeasureConfiguration {
  static var keys: [any ReadableKey<Self>] {
    [
      MappingKey(
        "field", "field", .located(.name), default: .words("that of the name"),
        "The field of the observations with its numbers", \Self.field),
      MappingKey("title", "text", .name, default: .words("that of the field"), "A heading for people", \Self.title),
      MappingKey("unit", "text", .name, default: .words("that of the field"), "What one of it is", \Self.unit),
      MappingKey(
        "decimals", "integer", .integer(in: 0...18), default: .words("as many as the data have"),
        "Digits behind the point", \Self.decimals),
      MappingKey(
        "over", "rule, or rules by dimension", .over, default: .words("sum; must be said of a time"),
        "What several numbers become over a dimension: sum, last, first, mean, max, min or none", \Self.over),
      MappingKey(
        "uncertain", "{ lower: field, upper: field }", .bounds, default: .none,
        "The fields with the bounds of numbers that are estimates", \Self.uncertain),
      MappingKey(
        "of", "measure", .located(.name), default: .none, "The measure above the line of a ratio", \Self.ratioOf),
      MappingKey(
        "per", "measure", .located(.name), default: .none, "The measure below the line of a ratio", \Self.ratioPer),
      MappingKey(
        "times", "integer", .integer(in: 1...1_000_000_000_000), default: .value("1"),
        "What a ratio is multiplied by, such as 10000 for deaths per 10,000", \Self.timesAsInt),
    ]
  }

  private var timesAsInt: Int {
    get { Int(times) }
    set { times = Int64(newValue) }
  }
}

extension ValueReader where Value == OverConfiguration {
  static var over: Self {
    ValueReader { node, label, problems in
      if node.scalar != nil {
        return ValueReader<AggregationRule>.choice.read(node, label, problems).map { .all($0) }
      }
      let entries = ValueReader<[Entry<AggregationRule>]>.mapping(of: .choice).read(node, label, problems)
      return entries.map { .each($0.map { ($0.key, $0.value) }) }
    }
  }
}

extension ValueReader where Value == (lower: Located<String>, upper: Located<String>) {
  static var bounds: Self {
    ValueReader { node, label, problems in
      guard let map = MappingReader(node, of: label, keys: ["lower", "upper"], problems: problems) else { return nil }
      let lower = map.required("lower", .located(.name))
      let upper = map.required("upper", .located(.name))
      return lower.flatMap { lower in upper.map { (lower, $0) } }
    }
  }
}

extension ValueReader where Value == [HierarchyConfiguration] {
  /// By dimension a field, several fields, or `{ parent: fields, aggregate: field }`.
  static var hierarchies: Self {
    ValueReader { node, label, problems in
      let entries = ValueReader<[Entry<Node>]>.mapping(of: .node).read(node, label, problems)
      return entries?.compactMap { entry in
        var hierarchy = HierarchyConfiguration(dimension: entry.key)
        let what = "the hierarchy of \"\(entry.key.value)\""
        if entry.value.entries == nil {
          guard let parents = ValueReader<[Located<String>]>.oneOrMore.read(entry.value, what, problems) else {
            return nil
          }
          hierarchy.parents = parents
          return hierarchy
        }
        let keys = HierarchyConfiguration.keys
        guard let map = MappingReader(entry.value, of: what, keys: keys, problems: problems) else { return nil }
        _ = map.read(keys, into: &hierarchy)
        return hierarchy
      }
    }
  }
}

extension HierarchyConfiguration {
  static var keys: [any ReadableKey<Self>] {
    [
      MappingKey(
        "parent", "field, or list of fields", .oneOrMore, default: .none,
        "The field of the code list that names what directly contains a code; several for several ways to contain it",
        \Self.parents),
      MappingKey(
        "aggregate", "field", .located(.name), default: .none,
        "The field that is true of codes that contain others although the list does not say which", \Self.aggregate),
    ]
  }
}

extension ValueReader where Value == [(dimension: Located<String>, field: Located<String>)] {
  static var parts: Self {
    ValueReader { node, label, problems in
      ValueReader<[Entry<Located<String>>]>.mapping(of: .located(.name)).read(node, label, problems)?
        .map { ($0.key, $0.value) }
    }
  }
}

extension ValueReader where Value == [Located<String>] {
  /// Marks, each with `nil` behind it.
  static var nilMarks: Self {
    .named("a mapping of marks to nil, such as { \"–\": nil }") { mark, value, problems in
      if value.scalar?.text == "nil" { return mark }
      problems.report(
        "a mark that counts as 0 is written \"\(mark.value)\": nil; every other mark is missing already", at: value)
      return nil
    }
  }
}
