internal import Base
public import YAML

extension ValueReader where Value == [ReportConfiguration] {
  /// Reports by name.
  static var reports: Self {
    ValueReader { node, label, problems in
      guard let entries = node.entries else {
        problems.reportMismatch(node, label: label, wanted: "a mapping of names to reports")
        return nil
      }
      return entries.compactMap { key, value in
        guard let name = key.scalar?.text else { return nil }
        if !isKebabCase(name) {
          problems.report("the report's name \"\(name)\" must be lower-case words joined by -", at: key)
        }
        return ReportConfiguration(name: key.locate(name), node: value, problems: problems)
      }
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
    let keys = Configuration.keyNames(in: .report)
    guard let map = MappingReader(node, of: "the report \"\(name.value)\"", keys: keys, problems: problems) else {
      return nil
    }
    let title = map.optional("title", .name, default: name.value)
    let summary = map.optional("summary", .name)
    guard let steps = map.required("pipeline", .list(of: .value(as: StepConfiguration.self), atLeast: 1)) else {
      return nil
    }
    self.init(name: name, title: title, summary: summary, steps: steps)
  }
}

/// Either `name`, or `name: { parameter: value }`, or `name: value` for the first parameter.
extension StepConfiguration: NodeReadable {
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
      let codes: [Entry<[Located<String>]>]? = ValueReader.mapping(of: .oneOrMore).read(value, "\"select\"", problems)
      guard let codes else { return nil }
      self.init(name: key.locate(name), parameters: .codes(codes))
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
