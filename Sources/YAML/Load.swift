public import Base

/// Reads a YAML file with exactly one document.
///
/// The file is a regular file of UTF-8 text within `YAMLLimits`. The core schema of YAML 1.2 holds, see `ValueReader`
/// for what each type accepts. Throws every problem that was found, not only the first.
public func loadYAML(path: String) throws(ProblemList) -> Node {
  try loadOrThrow { loadYAML(path: path, problems: $0) }
}

/// Reads the contents of a YAML file; `path` only names it in problems.
public func loadYAML(file path: String, contents: [UInt8]) throws(ProblemList) -> Node {
  try loadOrThrow { loadYAML(file: path, contents: contents, problems: $0) }
}

/// As `loadYAML(path:)`, for a caller who goes on reading to find the problems of the content too. Nil when nothing
/// can be read; a node may come with problems.
public func loadYAML(path: String, problems: ProblemCollector) -> Node? {
  do {
    return loadYAML(file: path, contents: try readFile(path, limit: YAMLLimits.fileSize), problems: problems)
  } catch {
    problems.report(error)
    return nil
  }
}

/// As `loadYAML(file:contents:)`, for a caller who goes on reading to find the problems of the content too. Nil when
/// nothing can be read; a node may come with problems.
public func loadYAML(file path: String, contents: [UInt8], problems: ProblemCollector) -> Node? {
  guard contents.count <= YAMLLimits.fileSize else {
    problems.report(tooLarge(path, limit: YAMLLimits.fileSize))
    return nil
  }
  let source = SourceText(file: path, contents: contents)
  guard source.validate(problems) else { return nil }
  do throws(Problem) {
    try checkDirectives(source)
    let composed = source.bytes.withUnsafeBufferPointer { bytes -> Result<Node?, Problem> in
      Result { () throws(Problem) in try compose(source, bytes, problems) }
    }
    if let root = try composed.get() { return root }
    throw Problem(file: path, message: "the file is empty")
  } catch {
    problems.report(error)
    return nil
  }
}

private func compose(
  _ source: SourceText, _ bytes: UnsafeBufferPointer<UInt8>, _ problems: ProblemCollector
) throws(Problem) -> Node? {
  guard let parser = EventParser(bytes) else { throw Problem(file: source.file, message: "out of memory") }
  return try Composer.compose(parser, of: source, problems: problems)
}

private func loadOrThrow(_ load: (ProblemCollector) -> Node?) throws(ProblemList) -> Node {
  let problems = ProblemCollector()
  let node = load(problems)
  try problems.throwIfAny()
  guard let node else { throw ProblemList() }
  return node
}

/// libyaml compares every %TAG directive with all before it, so that a long list of them would take minutes: they are
/// refused before it reads them. A second %YAML it refuses at once.
private func checkDirectives(_ source: SourceText) throws(Problem) {
  guard let first = source.directive(fromLine: 1) else { return }
  for directive in [first, source.directive(fromLine: first.mark.line + 1)] {
    guard let directive, directive.name != "%YAML" else { continue }
    throw Problem(
      file: source.file, position: .text(line: directive.mark.line, column: 1),
      message: "the directive \(abbreviated(directive.name)) is not known; the only one is %YAML 1.2")
  }
}
