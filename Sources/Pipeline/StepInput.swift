internal import Base
internal import ReportKit
internal import YAML

/// What a step is given in the configuration, by the parameters that its plugin takes, with the place of every part.
///
/// A mapping gives parameters by name. Anything else is given to the first parameter, and whatever it is to one that
/// stands for the whole step.
struct StepInput: Sendable {
  private let step: Located<String>
  private let entries: [Entry]

  private struct Entry {
    var name: String
    /// Nil where the parameter is not named.
    var key: Node?
    var node: Node
    var input: ParameterInput
  }

  /// Nil only after a problem was reported.
  init?(_ step: StepConfiguration, of manifest: Manifest, problems: ProblemCollector) {
    self.step = step.name
    guard case .node(let node) = step.parameters, let node, !node.isNull else {
      entries = []
      return
    }
    var isReadable = true
    var entries: [Entry] = []
    func add(_ name: String, key: Node?, _ node: Node) {
      if let input = ParameterInput(node) {
        entries.append(Entry(name: name, key: key, node: node, input: input))
      } else {
        isReadable = false
      }
    }
    if let parameter = manifest.wholeStep {
      add(parameter.name, key: nil, node)
    } else if let mapping = node.entries {
      for (key, value) in mapping { add(key.scalar?.text ?? "", key: key, value) }
    } else if let first = manifest.parameters.first {
      add(first.name, key: nil, node)
    } else {
      problems.report("\(manifest.name) takes no parameters, not \(node.summary)", at: node)
      return nil
    }
    guard isReadable else { return nil }
    self.entries = entries
  }

  var inputs: [(name: String, input: ParameterInput)] { entries.map { ($0.name, $0.input) } }

  /// The problem where it is written: at the part of the value that is wrong, or at the parameter's name if that is
  /// wrong; at the step when the parameter is not given.
  func problem(_ error: ParameterError) -> Problem {
    guard let entry = entries.first(where: { $0.name == error.parameter }) else { return step.problem(error.message) }
    if error.isUnknown, let key = entry.key { return key.problem(error.message) }
    return entry.node.part(at: error.path).problem(error.message)
  }
}

extension ParameterInput {
  /// Nil for a node about which a problem has been reported.
  init?(_ node: Node) {
    switch node.kind {
    case .scalar(let scalar): self = scalar.isNull ? .empty : .text(scalar.text)
    case .sequence(let nodes):
      let elements = nodes.compactMap(ParameterInput.init)
      guard elements.count == nodes.count else { return nil }
      self = .list(elements)
    case .mapping(let nodes):
      let entries = nodes.compactMap { key, value in
        ParameterInput(value).map { Entry(key.scalar?.text ?? "", $0) }
      }
      guard entries.count == nodes.count else { return nil }
      self = .mapping(entries)
    case .unreadable: return nil
    }
  }
}

extension Node {
  /// The part at the end of the path, or as far as there is one.
  fileprivate func part(at path: [ParameterInput.Step]) -> Node {
    var node = self
    for step in path {
      let next: Node? =
        switch step {
        case .element(let index): node.elements.flatMap { $0.indices.contains(index) ? $0[index] : nil }
        case .key(let key): node.entries?.first { $0.key.scalar?.text == key }?.key
        case .value(let key): node[key]
        }
      guard let next else { return node }
      node = next
    }
    return node
  }
}
