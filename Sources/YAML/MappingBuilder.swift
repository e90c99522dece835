internal import Base

/// Collects the keys and values of one mapping in turn, then merges what its `<<` names.
struct MappingBuilder {
  private var entries: [(key: Node, value: Node)] = []
  private var lines: [String: Int] = [:]
  private var key: PendingKey?
  private var merge: (index: Int, key: Node, value: Node)?

  private enum PendingKey {
    case entry(Node)
    case merge(Node)
    /// Its value is passed over.
    case refused
  }

  var expectsKey: Bool { key == nil }

  mutating func append(_ node: Node, _ problems: ProblemCollector) {
    switch key {
    case nil: key = pendingKey(node, problems)
    case .entry(let key):
      entries.append((key, node))
      self.key = nil
    case .merge(let key):
      merge = (entries.count, key, node)
      self.key = nil
    case .refused: key = nil
    }
  }

  private mutating func pendingKey(_ node: Node, _ problems: ProblemCollector) -> PendingKey {
    guard let scalar = node.scalar else {
      problems.report("a key must be a text, not \(node.summary)", at: node)
      return .refused
    }
    if scalar.style == .plain, scalar.tag == nil, scalar.text.isEmpty {
      problems.report("a key is missing before \":\"", at: node)
      return .refused
    }
    if let line = lines[scalar.text] {
      problems.report("the key \(quoted(scalar.text)) is already in line \(line)", at: node)
      return .refused
    }
    lines[scalar.text] = node.line
    let isMerge = scalar.text == "<<" && scalar.style == .plain && scalar.tag == nil
    return isMerge ? .merge(node) : .entry(node)
  }

  /// Keys of the mapping itself win over merged ones, and earlier mappings of a merged list over later ones.
  consuming func finish(_ problems: ProblemCollector) -> [(key: Node, value: Node)] {
    guard let merge else { return entries }
    var known = Set(lines.keys)
    var merged: [(key: Node, value: Node)] = []
    for source in merge.value.elements ?? [merge.value] {
      guard let sourceEntries = source.entries else {
        if case .unreadable = source.kind { continue }
        problems.report("\"<<\" takes a mapping or a list of mappings, not \(source.summary)", at: merge.key)
        continue
      }
      for entry in sourceEntries where known.insert(entry.key.scalar?.text ?? "").inserted { merged.append(entry) }
    }
    entries.insert(contentsOf: merged, at: merge.index)
    return entries
  }
}
