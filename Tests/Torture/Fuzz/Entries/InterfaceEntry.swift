internal import Base
internal import Varlink

extension FuzzEntry {
  /// What an interface's description is formatted to is read as the same interface, and formatted to itself.
  static let interface = FuzzEntry(name: "interface") { bytes throws(FuzzFinding) in
    guard let text = String(validating: bytes, as: UTF8.self) else { return }
    let description: InterfaceDescription
    do throws(ProblemList) {
      description = try InterfaceDescription(parsing: text)
    } catch {
      try require(!error.isEmpty, "it is refused without a problem")
      try requireSafe(error)
      return
    }
    _ = description.subsetViolations()
    let formatted = description.formatted
    let again: InterfaceDescription
    do {
      again = try InterfaceDescription(parsing: formatted)
    } catch {
      throw FuzzFinding(description: "what was formatted is refused: \(error)")
    }
    try require(again.name == description.name, "the name is \(again.name), not \(description.name)")
    try require(again.formatted == formatted, "it is formatted in another way the second time")
    for (one, other) in zip(description.members, again.members) {
      try require(one.name == other.name && shape(one) == shape(other), "\(one.name) is another member")
    }
    try require(description.members.count == again.members.count, "there are \(again.members.count) members")
  }
}

/// A member without comments, which may move.
private func shape(_ member: InterfaceDescription.Member) -> String {
  switch member.definition {
  case .type(let type): "type \(type)"
  case .error(let type): "error \(type)"
  case .method(let input, let output): "method \(shape(input)) -> \(shape(output))"
  }
}

private func shape(_ fields: [InterfaceDescription.Field]) -> String {
  InterfaceDescription.ValueType.structure(fields).description
}
