internal import Base
public import YAML

extension ValueReader where Value == [ReportConfiguration] {
  /// Reports by name.
  static var reports: Self {
    .named("a mapping of names to reports") { name, value, problems in
      if !isKebabCase(name.value) {
        problems.report(name.problem("the report's name \"\(name.value)\" must be lower-case words joined by -"))
      }
      return ReportConfiguration(name: name, node: value, problems: problems)
    }
  }
}

/// Whether a name is lower-case words joined by `-`.
func isKebabCase(_ name: String) -> Bool {
  name.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { word in
    !word.isEmpty && word.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
  }
}

extension ReportConfiguration {
  init?(name: Located<String>, node: Node, problems: ProblemCollector) {
    let what = "the report \"\(name.value)\""
    guard let map = MappingReader(node, of: what, keys: Self.keys, problems: problems) else { return nil }
    self.init(name: name, title: name.value, summary: nil, steps: [])
    guard map.read(Self.keys, into: &self) else { return nil }
  }

  static var keys: [any ReadableKey<Self>] {
    [
      MappingKey("title", "text", .name, default: .words("the name"), "The heading of the report", \Self.title),
      MappingKey(
        "summary", "text", .name, default: .words("that of the report plugin"),
        "A sentence about what the report shows", \Self.summary),
      MappingKey(
        "pipeline", "list of steps", .list(of: .value(as: StepConfiguration.self), atLeast: 1), default: .required,
        "Any number of select, then one report plugin, then any number of transforms; each a name, alone or with "
          + "parameters", \Self.steps),
    ]
  }
}

/// Either `name`, or `name: { parameter: value }`, or `name: value` for the first parameter.
extension StepConfiguration: NodeReadable {
  /// Either `name`, or `name: { parameter: value }`, or `name: value` for the first parameter.
  public init?(from node: Node, problems: ProblemCollector) {
    if let scalar = node.scalar, !scalar.isNull {
      self.init(name: node.locate(scalar.text), parameters: .node(nil))
      return
    }
    guard let entries = node.entries, entries.count == 1, let name = entries[0].key.scalar?.text else {
      problems.report(
        "a step is one name, alone or with its parameters: - \(Self.select): { dimension: [code] }", at: node)
      return nil
    }
    let (key, value) = entries[0]
    if name == Self.select {
      let selection: [Entry<SelectionConfiguration>]? =
        ValueReader.mapping(of: .selection).read(value, "\"select\"", problems)
      guard let selection else { return nil }
      self.init(name: key.locate(name), parameters: .selection(selection))
    } else {
      self.init(name: key.locate(name), parameters: .node(value))
    }
  }
}

extension ValueReader where Value == [Located<String>] {
  /// A list of names, or a single one.
  static var oneOrMore: Self {
    ValueReader { node, label, problems in
      if node.scalar != nil {
        return ValueReader<Located<String>>.located(.name).read(node, label, problems).map { [$0] }
      }
      return ValueReader.list(of: .located(.name), atLeast: 1).read(node, label, problems)
    }
  }
}
