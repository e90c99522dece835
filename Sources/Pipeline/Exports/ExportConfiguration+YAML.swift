internal import Base
public import YAML

extension ExportsConfiguration: NodeReadable {
  private static var settings: [String] { keys.map(\.name) }

  /// The settings, and every other key as the name of an export.
  public init?(from node: Node, problems: ProblemCollector) {
    let settings = Self.settings
    let names = (node.entries ?? []).compactMap { $0.key.scalar?.text }.filter { !settings.contains($0) }
    guard let map = MappingReader(node, of: "the exports", keys: settings + names, problems: problems) else {
      return nil
    }
    self.init()
    _ = map.read(Self.keys, into: &self)
    exports = readExports(map.entries.filter { !settings.contains($0.key.scalar?.text ?? "") }, problems)
    if directory == nil, !exports.isEmpty {
      problems.report("the exports lack the key \(quoted(Self.directory.name))", at: node)
    }
  }

  /// Beside them every name of an export is a key.
  static var keys: [any ReadableKey<Self>] {
    let usual = Self()
    return [
      directory,
      MappingKey(
        "lock", Lock.allCases.map(\.rawValue).joined(separator: " or "), .choice, default: .value(usual.lock.rawValue),
        "What a run does while another one writes the same file: wait for it, or say so and end", \Self.lock),
      MappingKey(
        "lock_timeout", "duration", .duration(atMost: .seconds(86_400)),
        default: .value(durationText(usual.lockTimeout)), "How long it waits", \Self.lockTimeout),
    ]
  }

  static var directory: MappingKey<Self, Located<String>?> {
    MappingKey(
      "directory", "path", .path, default: .words("none, so there can be no exports"),
      "The folder that the files are in, which must be there; it is no symbolic link", \.directory)
  }

  fileprivate func readExports(_ entries: [(key: Node, value: Node)], _ problems: ProblemCollector)
    -> [ExportConfiguration]
  {
    entries.compactMap { key, value in
      guard let name = key.scalar?.text else { return nil }
      let isSetting = value.scalar != nil
      if !isKebabCase(name) || isSetting, let near = Self.settings.first(where: { isNear(name, $0) }) {
        problems.report("unknown key \"\(name)\" in the exports; did you mean \"\(near)\"?", at: key)
        return nil
      }
      if !isKebabCase(name) {
        problems.report("the export's name \"\(name)\" must be lower-case words joined by -", at: key)
      }
      return ExportConfiguration(name: key.locate(name), node: value, problems: problems)
    }
  }
}

private func isNear(_ name: String, _ setting: String) -> Bool { !suggestions(for: name, among: [setting]).isEmpty }

extension ValueReader where Value == [ExportConfiguration] {
  /// Exports by name, as an included file has them: without the settings, which stand in the main file.
  static var exports: Self {
    ValueReader { node, label, problems in
      guard let entries = node.entries else {
        problems.reportMismatch(node, label: label, wanted: "a mapping of names to exports")
        return nil
      }
      return ExportsConfiguration().readExports(entries, problems)
    }
  }
}

extension ExportConfiguration {
  init?(name: Located<String>, node: Node, problems: ProblemCollector) {
    let what = "the export \"\(name.value)\""
    guard let map = MappingReader(node, of: what, keys: Self.keys, problems: problems) else { return nil }
    self.init(name: name)
    _ = map.read(Self.keys, into: &self)
  }

  static var keys: [any ReadableKey<Self>] {
    [
      MappingKey("report", "report", .located(.name), default: .required, "What is in the file", \Self.report),
      MappingKey(
        "parameters", "mapping", .mappingNode, default: .none,
        "The report's parameters, as muster run --set gives them",
        \Self.parameters),
      MappingKey(
        "where", "mapping of dimensions", .mapping(of: .selection), default: .none,
        "What it is narrowed to, as by select in a report", \Self.filter),
      MappingKey("exporter", "exporter", .located(.name), default: .required, "The format", \Self.exporter),
      MappingKey(
        "format_parameters", "mapping", .mappingNode, default: .none, "The exporter's parameters",
        \Self.formatParameters),
      MappingKey(
        "file", "name", .located(.plainFileName), default: .required,
        "The name of the file in the directory; no two exports have the same", \Self.file),
      MappingKey(
        "keep", "count", .integer(in: 0...100_000), default: .value("\(usualKeep)"),
        "How many of the versions before are kept beside it; each run removes those beyond it, all of them without "
          + "this key", \Self.keep),
    ]
  }
}

extension ValueReader where Value == Located<String> {
  /// A path, relative to the file in which it is written.
  fileprivate static var path: Self {
    ValueReader { node, label, problems in
      ValueReader<String>.name.read(node, label, problems).map { node.locate(resolve($0, relativeTo: node.file)) }
    }
  }
}

extension ValueReader where Value == Node {
  /// A mapping of which the entries are checked later.
  fileprivate static var mappingNode: Self {
    ValueReader { node, label, problems in
      if node.entries != nil { return node }
      problems.reportMismatch(node, label: label, wanted: "a mapping of parameters to values")
      return nil
    }
  }
}

extension ValueReader where Value == String {
  /// The name of a file that is in the directory itself and in plain view, and of no file that stands beside another.
  fileprivate static var plainFileName: Self {
    ValueReader { node, label, problems in
      guard let name = ValueReader.name.read(node, label, problems) else { return nil }
      func refuse(_ reason: String) -> String? {
        problems.report("\(label) \(reason), not \"\(name.prefix(300))\"", at: node)
        return nil
      }
      // By bytes: to a String, a mark that follows makes another character of / and of the point.
      let bytes = Array(name.utf8)
      if bytes.contains(UInt8(ascii: "/")) { return refuse("must be the name of a file, without /") }
      if bytes.first == UInt8(ascii: ".") { return refuse("must not begin with a point") }
      if name.unicodeScalars.contains(where: \.isUnseen) {
        return refuse("must not hold control characters, or others that nobody sees")
      }
      if name.allSatisfy(\.isWhitespace) { return refuse("must not be of white space alone") }
      // The files beside it have names of up to fifty bytes more, of 255.
      if bytes.count > 200 { return refuse("must have at most 200 bytes") }
      if let suffix = ExportConfiguration.reservedSuffixes.first(where: {
        bytes.suffix($0.utf8.count).elementsEqual($0.utf8)
      }) {
        return refuse("must not end with \(suffix), as the files that stand beside exports do")
      }
      return name
    }
  }
}

extension Unicode.Scalar {
  /// Whether it is a control or format character, or a separator of lines.
  fileprivate var isUnseen: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
