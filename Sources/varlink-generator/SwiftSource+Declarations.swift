import Varlink

extension SwiftSource {
  typealias Field = InterfaceDescription.Field
  typealias EnumValue = InterfaceDescription.EnumValue
  typealias ValueType = InterfaceDescription.ValueType

  /// A struct that a message has in it.
  func value(_ name: String, _ fields: [Field], _ comment: [String]) throws(Unsupported) -> [String] {
    try structure(
      name, fields, comment, conformances: "Codable, Hashable, JSONWritable, Sendable", methods: writing(fields))
  }

  /// A struct with its fields in their order, which is that of the members on the wire.
  func structure(
    _ name: String, _ fields: [Field], _ comment: [String], conformances: String, statics: [String] = [],
    methods: [String] = []
  ) throws(Unsupported) -> [String] {
    var parameters: [String] = []
    var lines = documentation(comment) + ["public struct \(name): \(conformances) {"] + statics
    for field in fields {
      let type = try swiftType(field.type, of: "\(name).\(field.name)")
      lines += documentation(field.documentation) + ["public var \(escaped(field.name)): \(type)"]
      parameters.append("\(escaped(field.name)): \(type)\(type.hasSuffix("?") ? " = nil" : "")")
    }
    if fields.isEmpty { return lines + ["", "public init() {}"] + methods + ["}", ""] }
    lines += ["", "public init(\(parameters.joined(separator: ", "))) {"]
    lines += fields.map { "self.\($0.name) = \(escaped($0.name))" }
    return lines + ["}"] + methods + ["}", ""]
  }

  /// How a struct writes its JSON itself.
  private func writing(_ fields: [Field]) -> [String] {
    ["", "public func appendJSON(to bytes: inout [UInt8]) {", "writeJSONObject(to: &bytes) { bytes in"]
      + fields.map { "writeJSONMember(\"\($0.name)\", self.\($0.name), to: &bytes)" } + ["}", "}"]
  }

  /// An enum that keeps a value which only a newer version of the interface has.
  func enumeration(_ name: String, _ values: [EnumValue], _ comment: [String]) -> [String] {
    let cases = values.map { (name: $0.name, swift: escaped(lowerCamel($0.name)), comment: $0.documentation) }
    var lines = documentation(comment) + ["public enum \(name): WireEnumeration {"]
    for value in cases { lines += documentation(value.comment) + ["case \(value.swift)"] }
    lines += ["/// A value of a newer version of the interface.", "case unknown(String)", ""]
    lines += ["public static let known: [Self] = [\(cases.map { ".\($0.swift)" }.joined(separator: ", "))]", ""]
    lines += ["public var rawValue: String {", "switch self {"]
    lines += cases.map { "case .\($0.swift): \"\($0.name)\"" }
    return lines + ["case .unknown(let value): value", "}", "}", "}", ""]
  }

  private func swiftType(_ type: ValueType, of place: String) throws(Unsupported) -> String {
    switch type {
    case .bool: "Bool"
    // Integers on the wire have 64 bits, whatever the machine.
    case .int: "Int64"
    case .float: "Double"
    case .string: "String"
    case .object: "JSONObject"
    case .any: "JSONValue"
    case .named(let name): name
    case .array(let element): "[\(try swiftType(element, of: place))]"
    case .map(let element): "[String: \(try swiftType(element, of: place))]"
    case .nullable(let type): "\(try swiftType(type, of: place))?"
    case .structure, .enumeration:
      throw Unsupported(place: place, reason: "a type inside another needs a name: declare it as a type")
    }
  }

  func documentation(_ comment: [String]) -> [String] { comment.map { $0.isEmpty ? "///" : "/// \($0)" } }

  private func lowerCamel(_ name: String) -> String {
    let words = name.split(separator: "_").map(String.init)
    return words.prefix(1).joined() + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  private func escaped(_ name: String) -> String { Self.keywords.contains(name) ? "`\(name)`" : name }

  /// The reserved words of Swift that a field's name can be (The Swift Programming Language, "Lexical Structure").
  private static let keywords: Set<String> = [
    "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "deinit", "do", "else",
    "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import", "in", "init",
    "inout", "internal", "is", "let", "nil", "open", "operator", "precedencegroup", "private", "protocol", "public",
    "repeat", "rethrows", "return", "self", "static", "struct", "subscript", "super", "switch", "throw", "throws",
    "true", "try", "typealias", "var", "where", "while",
  ]
}
