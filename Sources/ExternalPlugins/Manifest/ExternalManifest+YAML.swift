internal import Base
// Some of the types of Glibc are seen through this module when all files are compiled together.
internal import CLinux
internal import Dataset
internal import Glibc
internal import ReportKit
public import YAML

extension ExternalManifest: NodeReadable {
  public init?(from node: Node, problems: ProblemCollector) {
    // The kind decides which keys there are, so it is looked at first, and reported in its turn.
    let kind = node["kind"].flatMap { ValueReader<Kind>.choice.read($0, "\"kind\"", ProblemCollector()) }
    let keys = Self.keyNames(in: .manifest, of: kind)
    let what = kind.map { "the manifest of \($0 == .exporter ? "an" : "a") \($0.rawValue)" } ?? "the manifest"
    guard let map = MappingReader(node, of: what, keys: keys, problems: problems) else { return nil }
    let name = map.required("name", .located(.kebabCase))
    _ = map.required("kind", ValueReader<Kind>.choice)
    let summary = map.required("summary", .name)
    let command = map.required("command", .command)
    let parameters = map.optional("parameters", .list(of: .parameter), default: [])
    reportRepeated(parameters.map(\.name), "parameter", at: map["parameters"], problems)
    let limits = map.optional("limits", .value(as: PluginLimits.self), default: PluginLimits())
    let describesItself = map.optional("describe", .bool, default: false)
    var query: Query?
    var columns: Columns?
    var mediaType: String?
    var fileExtensions: [String]?
    var content = Content.text
    var wantsNotes = false
    switch kind {
    case .report:
      query = map.required("rows", .value(as: Query.self))
      columns = map.required("columns", .list(of: .column, atLeast: 1)).map { .list($0) }
    case .transform:
      columns = map.required("columns", .columns)
    case .exporter:
      mediaType = map.required("media_type", .name)
      fileExtensions = map.required("file_extensions", .list(of: .name, atLeast: 1))
      content = map.optional("content", ValueReader<Content>.choice, default: content)
      wantsNotes = map.optional("notes", .bool, default: false)
    case nil: return nil
    }
    if case .list(let list)? = columns { reportRepeated(list.map(\.name), "column", at: map["columns"], problems) }
    guard let name, let kind, let summary, let command else { return nil }
    guard kind == .exporter ? mediaType != nil && fileExtensions != nil : columns != nil else { return nil }
    if kind == .report, query == nil { return nil }
    self.init(
      name: name, kind: kind, summary: summary, command: command, parameters: parameters,
      limits: limits, describesItself: describesItself, query: query, columns: columns ?? .same,
      mediaType: mediaType ?? "", fileExtensions: fileExtensions ?? [], content: content, wantsNotes: wantsNotes)
  }
}

private func reportRepeated(_ names: [String], _ what: String, at node: Node?, _ problems: ProblemCollector) {
  var seen: Set<String> = []
  for name in names where !seen.insert(name).inserted {
    if let node { problems.report("the \(what) \(quoted(name)) is there twice", at: node) }
  }
}

extension ExternalManifest.Query: NodeReadable {
  public init?(from node: Node, problems: ProblemCollector) {
    let keys = ExternalManifest.keyNames(in: .rows)
    guard let map = MappingReader(node, of: "the rows", keys: keys, problems: problems) else { return nil }
    let unit = map.optional("of", ValueReader<Unit>.choice, default: .observations)
    let dimensions = map.required("dimensions", .list(of: .located(.name), atLeast: 1))
    let roles = map.optional("roles", .list(of: .role, atLeast: 1))
    if unit == .aggregates, roles != nil, let node = map["roles"] {
      problems.report(
        "aggregates are of counted observations alone: leave out \"roles\", or ask for observations", at: node)
    }
    guard let dimensions else { return nil }
    self.init(unit: unit, dimensions: dimensions, roles: Set(roles ?? [.counted]))
  }
}

extension ValueReader where Value == Role {
  static var role: Self {
    ValueReader { node, label, problems in
      let name = ValueReader<String>.choice(of: Role.allCases.map(\.name)).read(node, label, problems)
      return Role.allCases.first { $0.name == name }
    }
  }
}

extension ValueReader where Value == String {
  fileprivate static var kebabCase: Self { words(joinedBy: "-", "lower-case words joined by -") }
  static var lowerSnake: Self { words(joinedBy: "_", "lower-case words joined by _") }

  static func words(joinedBy separator: Character, _ wanted: String) -> Self {
    ValueReader { node, label, problems in
      guard let name = ValueReader.name.read(node, label, problems) else { return nil }
      let isRight = name.split(separator: separator, omittingEmptySubsequences: false).allSatisfy { word in
        !word.isEmpty && word.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
      }
      if isRight { return name }
      problems.report("\(label) must be \(wanted), not \(quoted(name))", at: node)
      return nil
    }
  }
}

extension ValueReader where Value == [String] {
  /// The words of a command with the program's absolute path in front.
  fileprivate static var command: Self {
    ValueReader { node, label, problems in
      guard let words = ValueReader<[Node]>.list(of: .node, atLeast: 1).read(node, label, problems) else { return nil }
      var command: [String] = []
      for (index, word) in words.enumerated() {
        guard let text = ValueReader<String>.text.read(word, "an entry of \(label)", problems) else { continue }
        let path = resolved(text, relativeTo: word.file, isProgram: index == 0)
        command.append(path)
        if index == 0, let reason = reasonAgainstStarting(path) {
          problems.report("the program \(quoted(text, limit: 200)) cannot be started: \(reason)", at: word)
        }
      }
      return command.count == words.count ? command : nil
    }
  }
}

/// A program's name without a slash is looked up among the installed ones; a program's path, and an argument that
/// begins with `./` or `../`, is relative to the manifest.
private func resolved(_ word: String, relativeTo file: String, isProgram: Bool) -> String {
  if isProgram, !word.contains("/") {
    let paths = searchPath.split(separator: ":").map { "\($0)/\(word)" }
    return paths.first { access($0, X_OK) == 0 } ?? word
  }
  guard word.hasPrefix("./") || word.hasPrefix("../") || (isProgram && !word.hasPrefix("/")) else { return word }
  let folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
  let path = "\(folder)/\(word)"
  guard !path.hasPrefix("/"), let current = getcwd(nil, 0) else { return path }
  defer { free(current) }
  return "\(String(cString: current))/\(path)"
}

private func reasonAgainstStarting(_ path: String) -> String? {
  guard path.contains("/") else { return "it is not in \(searchPath)" }
  var status = stat()
  if stat(path, &status) != 0 { return String(cString: strerror(errno)) }
  if status.st_mode & S_IFMT != S_IFREG { return "it is no file" }
  return access(path, X_OK) == 0 ? nil : "it is not executable"
}

extension ValueReader where Value == ExternalManifest.Columns {
  fileprivate static var columns: Self {
    ValueReader { node, label, problems in
      if node.scalar?.text == "same" { return .same }
      guard node.elements != nil else {
        problems.reportMismatch(node, label: label, wanted: "same or a list of columns")
        return nil
      }
      return ValueReader<[Column]>.list(of: .column, atLeast: 1).read(node, label, problems).map { .list($0) }
    }
  }
}

extension ValueReader where Value == Column {
  fileprivate static var column: Self {
    ValueReader { node, _, problems in
      let keys = ExternalManifest.keyNames(in: .column)
      guard let map = MappingReader(node, of: "the column", keys: keys, problems: problems) else { return nil }
      let name = map.required("name", .lowerSnake)
      let title = map.optional("title", .name)
      let known = problems.problems.total
      let kind = map.optional("kind", ValueReader<Column.Kind>.choice, default: .text)
      let isKindSound = problems.problems.total == known
      let unit = map.optional("unit", .name)
      let summary = map.optional("summary", .name)
      let total = map.optional("total", .choice(of: ["none", "sum"]), default: "none")
      if total == "sum", kind == .text, isKindSound, let node = map["total"] {
        problems.report("a column of texts has no sum", at: node)
      }
      guard let name else { return nil }
      return Column(
        name: name, title: title ?? name, kind: kind, unit: unit, summary: summary,
        total: total == "sum" ? .sum : .none)
    }
  }
}
