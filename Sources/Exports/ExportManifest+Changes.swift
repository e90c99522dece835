internal import Base

extension ExportManifest {
  /// What the file depends on and is not as it was.
  func changes(to current: ExportManifest) -> [ExportChange] {
    var changes: [ExportChange] = []
    if current.revision != revision || current.dataset != dataset {
      changes.append(ExportChange(part: .data, text: "\(revision) -> \(current.revision)"))
    }
    changes += definitionChanges(to: current).map { ExportChange(part: .configuration, text: $0) }
    let plugins = told(
      self.plugins.map { ("the plugin \($0.name)", $0.version) },
      current.plugins.map { ("the plugin \($0.name)", $0.version) })
    return changes + plugins.map { ExportChange(part: .plugins, text: $0) }
  }

  /// What it says and nobody can have written: somebody changed it, or it is damaged.
  package func contradictions(to current: ExportManifest) -> [String] {
    var told: [String] = []
    if configuration != definitionDigest {
      told.append("what it says of the configuration has another digest than the one that it says")
    }
    // Only the same of the same can be told from what somebody wrote into it.
    guard sha256 == current.sha256 else { return told }
    if bytes != current.bytes { told.append("it says that the file has \(bytes) bytes, which has \(current.bytes)") }
    guard changes(to: current).isEmpty else { return told }
    if rows != current.rows { told.append("it says that the table has \(rows) rows, which has \(current.rows)") }
    if exact(parameters) != exact(current.parameters) { told.append("the parameters are not those of the report") }
    if `where` != current.where { told.append("what it was narrowed to is not what the export is narrowed to") }
    if table != current.table { told.append("its table is not the one that is in the file") }
    return told
  }

  /// Whether it says of the export what a later one says: all but when and from which data the file was written.
  func describesExport(as current: ExportManifest) -> Bool {
    if !contradictions(to: current).isEmpty { return false }
    var other = current
    (other.revision, other.dataset, other.plugins) = (revision, dataset, plugins)
    (other.writtenAt, other.replaces, other.table) = (writtenAt, replaces, table)
    return encoded == other.encoded
  }

  private func definitionChanges(to current: ExportManifest) -> [String] {
    if hasSameBytes(current.definition.map(\.value), definition.map(\.value)), current.configuration == configuration {
      return []
    }
    return told(heading, current.heading) + stepChanges(to: current) + told(format, current.format)
  }

  /// Of steps by their names in order, so that a new one before the others changes none of them.
  private func stepChanges(to current: ExportManifest) -> [String] {
    let pairs = commonSubsequence(steps.map { ExactText($0.name) }, current.steps.map { ExactText($0.name) })
    let (kept, known) = (Set(pairs.map(\.0)), Dictionary(pairs.map { ($1, $0) }, uniquingKeysWith: { a, _ in a }))
    let gone = steps.enumerated().filter { !kept.contains($0.offset) }.map { index, step in
      "step \(index + 1): \(step.text) -> (none)"
    }
    return gone
      + current.steps.enumerated().flatMap { index, step in
        guard let before = known[index] else { return ["step \(index + 1): (none) -> \(step.text)"] }
        return told(steps[before].parameters.map { ($0.name, $0.value) }, step.parameters.map { ($0.name, $0.value) }) {
          "\($0) of step \(index + 1), \(step.name)"
        }
      }
  }
}

extension ExportManifest.Step {
  fileprivate var text: String {
    if parameters.isEmpty { return name }
    return "\(name) (\(parameters.map { "\($0.name): \($0.value)" }.joined(separator: "; ")))"
  }
}

private func exact(_ parameters: [String: String]) -> [String: ExactText] { parameters.mapValues { ExactText($0) } }

/// What is gone, new, or has another value, in words.
private func told(
  _ old: [(name: String, value: String)], _ new: [(name: String, value: String)],
  _ words: (String) -> String = { $0 }
) -> [String] {
  let before = Dictionary(old.map { (ExactText($0.name), $0.value) }, uniquingKeysWith: { first, _ in first })
  let names = Set(new.map { ExactText($0.name) })
  let gone = old.filter { !names.contains(ExactText($0.name)) }
  return gone.map { "\(words($0.name)): \($0.value) -> (none)" }
    + new.compactMap { entry in
      let value = before[ExactText(entry.name)]
      return value.map { ExactText($0) } == ExactText(entry.value)
        ? nil : "\(words(entry.name)): \(value ?? "(none)") -> \(entry.value)"
    }
}
