internal import Base
// Some of the types of Glibc are seen through this module when all files are compiled together.
internal import CLinux
internal import Glibc
internal import Model
internal import Posix
internal import ReportKit
public import YAML

extension ExternalManifest: NodeReadable {
  /// A manifest as it is written, or as the program prints it; nil after a problem.
  public init?(from node: Node, problems: ProblemCollector) {
    // The kind decides which keys there are, so it is looked at first, and reported in its turn.
    let kind = node["kind"].flatMap { ValueReader<Kind>.choice.read($0, "\"kind\"", ProblemCollector()) }
    let keys = ManifestText.keys(of: kind)
    let known = keys.filter { kind.map($0.kinds.contains) ?? true }.map(\.key.name)
    let what = kind.map { "the manifest of \($0 == .exporter ? "an" : "a") \($0.rawValue)" } ?? "the manifest"
    guard let map = MappingReader(node, of: what, keys: known, problems: problems) else { return nil }
    var text = ManifestText()
    // Without a kind, those that all kinds have.
    let read = keys.filter { kind.map($0.kinds.contains) ?? ($0.kinds == Kind.allCases) }.map(\.key)
    let isComplete = map.read(read, into: &text)
    let (parameters, columns) = (ManifestText.parameters.name, ManifestText.columns(of: kind).name)
    reportRepeated(text.parameters.map(\.name), "parameter", at: map[parameters], problems)
    if case .list(let list)? = text.columns { reportRepeated(list.map(\.name), "column", at: map[columns], problems) }
    guard isComplete, let kind, let name = text.name, let summary = text.summary, let command = text.command else {
      return nil
    }
    self.init(
      name: name, kind: kind, summary: summary, command: command, parameters: text.parameters,
      limits: text.limits, describesItself: text.describesItself, query: text.query, columns: text.columns ?? .same,
      mediaType: text.mediaType ?? "", fileExtensions: text.fileExtensions ?? [], content: text.content,
      wantsNotes: text.wantsNotes)
  }
}

private func reportRepeated(_ names: [String], _ what: String, at node: Node?, _ problems: ProblemCollector) {
  var seen: Set<String> = []
  for name in names where !seen.insert(name).inserted {
    if let node { problems.report("the \(what) \(quoted(name)) is there twice", at: node) }
  }
}

extension ExternalManifest.Query: NodeReadable {
  /// The rows that a report asks for; nil after a problem.
  public init?(from node: Node, problems: ProblemCollector) {
    guard let map = MappingReader(node, of: "the rows", keys: QueryText.keys, problems: problems) else { return nil }
    var text = QueryText()
    let isComplete = map.read(QueryText.keys, into: &text)
    let roles = QueryText.rolesKey.name
    if text.unit == .aggregates, text.roles != nil, let node = map[roles] {
      problems.report(
        "aggregates are of counted observations alone: leave out \(quoted(roles)), or ask for observations", at: node)
    }
    guard isComplete else { return nil }
    self.init(unit: text.unit, dimensions: text.dimensions, roles: Set(text.roles ?? [QueryText.usualRole]))
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
  static var kebabCase: Self { words(joinedBy: "-", "lower-case words joined by -") }
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
  static var command: Self {
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
  if isProgram, folderPrefix(of: word).isEmpty {
    let paths = searchPath.split(separator: ":").map { "\($0)/\(word)" }
    return paths.first { access($0, X_OK) == 0 } ?? word
  }
  let isRelative = word.utf8.starts(with: "./".utf8) || word.utf8.starts(with: "../".utf8)
  guard isRelative || (isProgram && !isAbsolute(word)) else { return word }
  let path = "\(parentFolder(of: file))/\(word)"
  guard !isAbsolute(path), let current = getcwd(nil, 0) else { return path }
  defer { free(current) }
  // Of a folder whose name is no UTF-8 a text would be another one's.
  return String(validatingCString: current).map { "\($0)/\(path)" } ?? path
}

private func reasonAgainstStarting(_ path: String) -> String? {
  guard !folderPrefix(of: path).isEmpty else { return "it is not in \(searchPath)" }
  // A plugin is started in a folder of its own, where this path leads nowhere.
  if !isAbsolute(path) {
    return "the path of the current folder is not UTF-8; start musterd in another one, or rename that folder"
  }
  var status = stat()
  if stat(path, &status) != 0 { return errorText(errno) }
  if status.st_mode & S_IFMT != S_IFREG { return "it is no file" }
  return access(path, X_OK) == 0 ? nil : "it is not executable"
}

extension ValueReader where Value == ExternalManifest.Columns {
  static var columnList: Self {
    ValueReader { node, label, problems in
      ValueReader<[Column]>.list(of: .column, atLeast: 1).read(node, label, problems).map { .list($0) }
    }
  }

  static var columns: Self {
    ValueReader { node, label, problems in
      if node.scalar?.text == "same" { return .same }
      guard node.elements != nil else {
        problems.reportMismatch(node, label: label, wanted: "same or a list of columns")
        return nil
      }
      return columnList.read(node, label, problems)
    }
  }
}

extension ValueReader where Value == Column {
  fileprivate static var column: Self {
    ValueReader { node, _, problems in
      let keys = ColumnText.keys
      guard let map = MappingReader(node, of: "the column", keys: keys, problems: problems) else { return nil }
      var text = ColumnText()
      let isComplete = map.read(keys, into: &text)
      let isKindWrong = text.kind == nil && map[ColumnText.kindKey.name]?.isNull == false
      let kind = text.kind ?? ColumnText.usualKind
      if text.total == .sum, kind == .text, !isKindWrong, let node = map[ColumnText.totalKey.name] {
        problems.report("a column of texts has no sum", at: node)
      }
      guard isComplete, let name = text.name else { return nil }
      return Column(
        name: name, title: text.title ?? name, kind: kind, unit: text.unit, summary: text.summary,
        total: text.total == .sum ? .sum : .none)
    }
  }
}
