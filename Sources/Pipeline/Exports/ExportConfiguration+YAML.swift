internal import Base
public import YAML

extension ExportsConfiguration: NodeReadable {
  private static var settings: [String] { Configuration.keyNames(in: .exports) }

  /// The settings, and every other key as the name of an export.
  public init?(from node: Node, problems: ProblemCollector) {
    let names = (node.entries ?? []).compactMap { $0.key.scalar?.text }.filter { !Self.settings.contains($0) }
    guard let map = MappingReader(node, of: "the exports", keys: Self.settings + names, problems: problems) else {
      return nil
    }
    self.init()
    directory = map.optional("directory", .located(.name)).map { directory in
      Located(
        resolve(directory.value, relativeTo: directory.file), file: directory.file, position: directory.position)
    }
    let locks = Lock.allCases.map(\.rawValue)
    lock = map.optional("lock", .choice(of: locks)).flatMap(Lock.init) ?? lock
    lockTimeout = map.optional("lock_timeout", .duration(atMost: .seconds(86_400)), default: lockTimeout)
    exports = readExports(map.entries.filter { !Self.settings.contains($0.key.scalar?.text ?? "") }, problems)
    if directory == nil, !exports.isEmpty { problems.report("the exports lack the key \"directory\"", at: node) }
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
    let keys = Configuration.keyNames(in: .export)
    guard let map = MappingReader(node, of: "the export \"\(name.value)\"", keys: keys, problems: problems) else {
      return nil
    }
    let report = map.required("report", .located(.name))
    let parameters = map.optional("parameters", .mappingNode)
    let narrowing = map.optional("where", .mapping(of: .oneOrMore), default: [])
    let exporter = map.required("exporter", .located(.name))
    let formatParameters = map.optional("format_parameters", .mappingNode)
    let file = map.required("file", .located(.plainFileName))
    let keep = map.optional("keep", .integer(in: 0...100_000), default: 0)
    self.init(
      name: name, report: report, parameters: parameters, narrowing: narrowing, exporter: exporter,
      formatParameters: formatParameters, file: file, keep: keep)
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
