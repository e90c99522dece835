internal import Base

/// Builds nodes from events. Everything that leaves a tree to read is reported and passed over; what does not (broken
/// syntax, limits) is thrown.
struct Composer {
  private let file: String
  private let problems: ProblemCollector
  private var root: Node?
  private var open: [OpenCollection] = []
  private var anchors: [String: Anchor] = [:]
  private var count = 0

  private struct OpenCollection {
    var elements: [Node] = []
    /// Nil for a sequence.
    var mapping: MappingBuilder?
    var start: Mark
    var anchor: String?
    var height = 1
    /// The number of nodes before this one.
    var countBefore: Int
  }

  private enum Anchor {
    /// Of a collection that is still being read.
    case open
    case complete(Node, count: Int, height: Int)
  }

  private init(file: String, problems: ProblemCollector) {
    self.file = file
    self.problems = problems
  }

  /// The one document of the file; nil when there is none.
  static func compose(
    _ parser: consuming EventParser, of source: SourceText, problems: ProblemCollector
  ) throws(Problem) -> Node? {
    var composer = Composer(file: source.file, problems: problems)
    while true {
      let event: Event
      do { event = try parser.next() } catch { throw error.problem(in: source) }
      switch event.kind {
      case .streamEnd: return composer.root
      case .documentStart where composer.root != nil: throw composer.secondDocument(at: event.start)
      case .documentEnd:
        // libyaml would read them first, see `checkDirectives`.
        if let directive = source.directive(fromLine: event.start.line) {
          throw composer.secondDocument(at: directive.mark)
        }
      default: try composer.add(event)
      }
    }
  }

  private mutating func add(_ event: Event) throws(Problem) {
    switch event.kind {
    case .streamStart, .streamEnd, .documentStart, .documentEnd: break
    case .alias(let name): try addAlias(name, at: event.start)
    case .scalar(let text, let style): try addScalar(text, style, event)
    case .sequenceStart:
      checkTag(event, expected: "!!seq", kind: "a list")
      try begin(nil, event)
    case .mappingStart:
      checkTag(event, expected: "!!map", kind: "a mapping")
      try begin(MappingBuilder(), event)
    case .collectionEnd: end()
    }
  }

  private mutating func addScalar(_ text: String, _ style: Scalar.Style, _ event: Event) throws(Problem) {
    try countNodes(1, message: "more than \(YAMLLimits.nodes) values in the file", at: event.start)
    var scalar = Scalar(text: text, style: style)
    var isReadable = true
    if let tag = event.tag {
      isReadable = false
      if tag == "!" {
        scalar.tag = .string
        isReadable = true
      } else if let known = Scalar.Tag(rawValue: Self.shorthand(tag)) {
        scalar.tag = known
        isReadable = scalar.fulfilsTag
        if !isReadable { report("the tag \(known.rawValue) does not fit \(scalar.untagged.summary)", at: event.start) }
      } else if ["!!seq", "!!map"].contains(Self.shorthand(tag)) {
        report("the tag \(Self.shorthand(tag)) does not fit \(scalar.summary)", at: event.start)
      } else {
        reportUnknown(tag, at: event.start)
      }
    }
    if text.utf8.contains(0) {
      report("a NUL character in a text", at: event.start)
      isReadable = false
    }
    let node = node(isReadable ? .scalar(scalar) : .unreadable, at: event.start)
    if let anchor = event.anchor { anchors[anchor] = .complete(node, count: 1, height: 0) }
    append(node, height: 0)
  }

  private mutating func addAlias(_ name: String, at mark: Mark) throws(Problem) {
    switch anchors[name] {
    case nil:
      report("no anchor &\(abbreviated(name)) before this alias" + didYouMeanAnchor(name), at: mark)
      append(node(.unreadable, at: mark), height: 0)
    case .open:
      report("the alias *\(abbreviated(name)) stands inside the value that it repeats", at: mark)
      append(node(.unreadable, at: mark), height: 0)
    case .complete(let target, let size, let height):
      try countNodes(
        size, message: "with the alias *\(abbreviated(name)) the file has more than \(YAMLLimits.nodes) values",
        at: mark)
      if open.count + height > YAMLLimits.depth {
        throw problem(
          "with the alias *\(abbreviated(name)) values are nested deeper than \(YAMLLimits.depth) levels", at: mark)
      }
      append(target, height: height, alias: mark)
    }
  }

  private mutating func begin(_ mapping: MappingBuilder?, _ event: Event) throws(Problem) {
    if open.count == YAMLLimits.depth {
      throw problem("values are nested deeper than \(YAMLLimits.depth) levels", at: event.start)
    }
    let countBefore = count
    try countNodes(1, message: "more than \(YAMLLimits.nodes) values in the file", at: event.start)
    if let anchor = event.anchor { anchors[anchor] = .open }
    open.append(
      OpenCollection(mapping: mapping, start: event.start, anchor: event.anchor, countBefore: countBefore))
  }

  private mutating func end() {
    guard let collection = open.popLast() else { return }
    let kind: Node.Kind = collection.mapping.map { .mapping($0.finish(problems)) } ?? .sequence(collection.elements)
    let node = node(kind, at: collection.start)
    if let anchor = collection.anchor {
      anchors[anchor] = .complete(node, count: count - collection.countBefore, height: collection.height)
    }
    append(node, height: collection.height)
  }

  /// `alias`: where the alias stands through which the node came.
  private mutating func append(_ node: Node, height: Int, alias: Mark? = nil) {
    guard let last = open.indices.last else {
      root = node
      return
    }
    open[last].height = max(open[last].height, height + 1)
    guard let expectsKey = open[last].mapping?.expectsKey else {
      open[last].elements.append(node)
      return
    }
    // A key has to be changed where it is used.
    let placed = alias.map { expectsKey ? self.node(node.kind, at: $0) : node } ?? node
    open[last].mapping?.append(placed, problems)
  }

  private mutating func countNodes(_ added: Int, message: String, at mark: Mark) throws(Problem) {
    count += added
    if count > YAMLLimits.nodes { throw problem(message, at: mark) }
  }

  private func checkTag(_ event: Event, expected: String, kind: String) {
    guard let tag = event.tag, tag != "!" else { return }
    let name = Self.shorthand(tag)
    if name == expected { return }
    if Self.knownTags.contains(name) {
      report("the tag \(name) does not fit \(kind)", at: event.start)
    } else {
      reportUnknown(tag, at: event.start)
    }
  }

  private func reportUnknown(_ tag: String, at mark: Mark) {
    let name = Self.shorthand(tag)
    report(
      "the tag \(abbreviated(name)) is not known" + problems.suggestion(for: name, among: Self.knownTags), at: mark)
  }

  private static let knownTags = Scalar.Tag.allCases.map(\.rawValue) + ["!!seq", "!!map"]

  private static func shorthand(_ tag: String) -> String {
    let prefix = "tag:yaml.org,2002:"
    return tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.count) : tag
  }

  private func didYouMeanAnchor(_ name: String) -> String {
    anchors.count > 100 ? "" : problems.suggestion(for: name, among: anchors.keys.sorted())
  }

  private func node(_ kind: Node.Kind, at mark: Mark) -> Node {
    Node(kind: kind, file: file, line: mark.line, column: mark.column)
  }

  private func secondDocument(at mark: Mark) -> Problem {
    problem("a second document begins here; a file holds one", at: mark)
  }

  private func problem(_ message: String, at mark: Mark) -> Problem {
    Problem(file: file, position: .text(line: mark.line, column: mark.column), message: message)
  }

  private func report(_ message: String, at mark: Mark) {
    problems.report(problem(message, at: mark))
  }
}

extension Scalar {
  fileprivate var untagged: Scalar { Scalar(text: text, style: style) }
}
