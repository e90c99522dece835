import Varlink

/// An interface as Swift: a namespace by the last word of its name, with what either end writes and reads in it.
///
/// The text is right but not laid out; `swift format` does that.
struct SwiftSource {
  /// What goes into a file of its own.
  enum Part: String, CaseIterable {
    /// The namespace, with the interface's name and text.
    case interface
    case types
    /// What each method takes and answers.
    case methods
    case errors
  }

  /// The interface has something for which there is no Swift.
  struct Unsupported: Error, Hashable, CustomStringConvertible {
    var place: String
    var reason: String

    var description: String { "\(place): \(reason)" }
  }

  let interface: InterfaceDescription

  init(_ interface: InterfaceDescription) {
    self.interface = interface
  }

  func text(_ part: Part) throws(Unsupported) -> String {
    let body: [String]
    switch part {
    case .interface: return (Self.head + namespaceLines).joined(separator: "\n") + "\n"
    case .types: body = try types()
    case .methods: body = try methods()
    case .errors: body = try errors()
    }
    // Whoever names a value names its type's modules.
    let imports = body.contains { $0.contains("JSON") } ? ["public import JSON", ""] : []
    return (Self.head + imports + ["extension \(namespace) {"] + body.dropLast() + ["}"]).joined(separator: "\n") + "\n"
  }

  private static let head = [
    "// Written by varlink-generator from the interface's description: change that, then run \"make generate\".",
    "// What has no comment there says enough by its name.",
    "// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation",
    "",
  ]

  private var namespace: String { interface.name.split(separator: ".").last.map(String.init) ?? interface.name }

  private var namespaceLines: [String] {
    // A text file's last line end is not part of the description.
    let text = interface.text.hasSuffix("\n") ? String(interface.text.dropLast()) : interface.text
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.isEmpty ? "" : "  " + line.replacing("\\", with: "\\\\").replacing("\"\"\"", with: "\\\"\"\"")
    }
    return documentation(interface.documentation) + [
      "public enum \(namespace) {",
      "/// The interface's name, before those of its methods and errors.",
      "public static let interface = \"\(interface.name)\"",
      "}",
      "",
      "extension \(namespace) {",
      "/// The description, as the daemon serves it and clients rely on it.",
      "public static let description = \"\"\"",
    ] + lines + ["  \"\"\"", "}"]
  }

  private func types() throws(Unsupported) -> [String] {
    var lines: [String] = []
    for member in interface.members {
      guard case .type(let type) = member.definition else { continue }
      switch type {
      case .structure(let fields):
        lines += try value(member.name, fields, member.documentation)
      case .enumeration(let values): lines += enumeration(member.name, values, member.documentation)
      default: throw Unsupported(place: member.name, reason: "a type is a structure or an enum")
      }
    }
    return lines
  }

  private func methods() throws(Unsupported) -> [String] {
    var lines: [String] = []
    for member in interface.members {
      guard case .method(let input, let output) = member.definition else { continue }
      let comment = interface.documentation(ofMethod: member.name) ?? []
      if !input.isEmpty {
        lines += try value(member.name + "Parameters", input, ["What `\(member.name)` takes.", ""] + comment)
      }
      if !output.isEmpty {
        lines += try value(
          member.name + "Reply", output, ["What `\(member.name)` answers."] + (input.isEmpty ? [""] + comment : []))
      }
    }
    return lines
  }

  private func errors() throws(Unsupported) -> [String] {
    var lines: [String] = []
    for member in interface.members {
      guard case .error(let type) = member.definition else { continue }
      guard case .structure(let fields) = type else {
        throw Unsupported(place: member.name, reason: "an error that is an enum has no Swift")
      }
      lines += try structure(
        member.name, fields, member.documentation, conformances: "ServiceError",
        statics: ["public static let name = \"\(interface.name).\(member.name)\""])
    }
    return lines
  }
}
