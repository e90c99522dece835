extension InterfaceDescription {
  /// The description in systemd's style: a tab per level, one field per line, comments directly above what they
  /// describe, a blank line before each member, `name(` without a space.
  ///
  /// Comments are kept; those behind a field move above it. Formatting the result again changes nothing.
  public var formatted: String {
    var lines: [String] = []
    append(detachedComments, to: &lines)
    append(documentation, indent: "", to: &lines)
    lines.append("interface \(name)")
    for member in members {
      lines.append("")
      append(member.detachedComments, to: &lines)
      append(member.documentation, indent: "", to: &lines)
      switch member.definition {
      case .type(let type): append("type \(member.name)", type, indent: "", end: "", to: &lines)
      case .error(let type): append("error \(member.name)", type, indent: "", end: "", to: &lines)
      case .method(let input, let output):
        append("method \(member.name)", .structure(input), indent: "", end: " -> ", to: &lines)
        let head = lines.removeLast()
        append(head, .structure(output), indent: "", end: "", to: &lines)
      }
    }
    for block in closingComments {
      lines.append("")
      append(block, indent: "", to: &lines)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func append(_ blocks: [[String]], to lines: inout [String]) {
    for block in blocks {
      append(block, indent: "", to: &lines)
      lines.append("")
    }
  }

  private func append(_ comment: [String], indent: String, to lines: inout [String]) {
    lines += comment.map { $0.isEmpty ? "\(indent)#" : "\(indent)# \($0)" }
  }

  /// `head`, the type and `end`, over as many lines as the type needs.
  private func append(_ head: String, _ type: ValueType, indent: String, end: String, to lines: inout [String]) {
    let inner = indent + "\t"
    switch type {
    case .structure(let fields) where !fields.isEmpty:
      lines.append(head + "(")
      for (index, field) in fields.enumerated() {
        append(field.documentation, indent: inner, to: &lines)
        let comma = index + 1 < fields.count ? "," : ""
        append("\(inner)\(field.name): ", field.type, indent: inner, end: comma, to: &lines)
      }
      lines.append(indent + ")" + end)
    case .enumeration(let values):
      lines.append(head + "(")
      for (index, value) in values.enumerated() {
        append(value.documentation, indent: inner, to: &lines)
        lines.append(inner + value.name + (index + 1 < values.count ? "," : ""))
      }
      lines.append(indent + ")" + end)
    case .array(let element): append(head + "[]", element, indent: indent, end: end, to: &lines)
    case .map(let element): append(head + "[string]", element, indent: indent, end: end, to: &lines)
    case .nullable(let type): append(head + "?", type, indent: indent, end: end, to: &lines)
    default: lines.append("\(head)\(type)\(end)")
    }
  }
}
