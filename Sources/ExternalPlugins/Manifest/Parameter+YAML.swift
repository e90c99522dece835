internal import Base
internal import ReportKit
internal import YAML

extension ValueReader where Value == ParameterDeclaration {
  /// A parameter of a manifest. Without a default it must be given.
  static var parameter: Self {
    ValueReader { node, _, problems in
      let keys = ParameterText.keys
      guard let map = MappingReader(node, of: "the parameter", keys: keys, problems: problems) else { return nil }
      var text = ParameterText()
      _ = map.read(keys, into: &text)
      guard let type = text.type, let kind = kind(type, map, problems) else { return nil }
      let argument = text.default.flatMap {
        defaultReader(kind).read($0, quoted(ParameterText.defaultKey.name), problems)
      }
      guard let name = text.name, let summary = text.summary else { return nil }
      return ParameterDeclaration(
        name: name, summary: summary, kind: kind, default: argument.map { .value($0) } ?? .required)
    }
  }

  private static func kind(_ type: ParameterType, _ map: MappingReader, _ problems: ProblemCollector)
    -> ParameterDeclaration.Kind?
  {
    let choices = ParameterText.choicesKey.name
    let (minimum, maximum) = (ParameterText.minimumKey.name, ParameterText.maximumKey.name)
    for (key, owner) in [(choices, ParameterType.choice), (minimum, .integer), (maximum, .integer)] {
      if type != owner, let node = map[key] {
        problems.report(
          "\(quoted(key)) belongs to a parameter of type \(owner.rawValue), not \(type.rawValue)", at: node)
      }
    }
    switch type {
    case .text: return .text
    case .boolean: return .boolean
    case .choice:
      return map.required(choices, .list(of: .name, atLeast: 1)).map { .choice($0) }
    case .integer:
      let least = map.optional(minimum, .integer(), default: .min)
      let most = map.optional(maximum, .integer(in: least...Int.max), default: .max)
      return .integer(least...most)
    }
  }

  private static func defaultReader(_ kind: ParameterDeclaration.Kind) -> ValueReader<Argument> {
    ValueReader<Argument> { node, label, problems in
      switch kind {
      case .integer(let range):
        ValueReader<Int>.integer(in: range).read(node, label, problems).map { .integer($0) }
      case .boolean: ValueReader<Bool>.bool.read(node, label, problems).map { .boolean($0) }
      case .choice(let choices):
        ValueReader<String>.choice(of: choices).read(node, label, problems).map { .text($0) }
      case .text, .scheme, .dimension, .source, .measure, .column, .columns, .columnOrder, .columnTexts, .conditions,
        .texts:
        ValueReader<String>.text.read(node, label, problems).map { .text($0) }
      }
    }
  }
}

/// The types that a manifest may give a parameter.
enum ParameterType: String, CaseIterable {
  case text
  case integer
  case boolean
  case choice
}
