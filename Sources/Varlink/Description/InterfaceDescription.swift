public import Base

/// A Varlink interface in its definition language (UAPI.20, "Interface Definition"), read and checked.
public struct InterfaceDescription: Sendable {
  /// The description as it was given.
  public let text: String
  /// The reverse-domain name, such as `org.example.ftl`.
  public let name: String
  /// The comment lines directly above `interface`, without `# `.
  public let documentation: [String]
  /// In the order of the text; names are unique.
  public let members: [Member]

  /// Comment blocks that a blank line parts from `interface`.
  let detachedComments: [[String]]
  /// Comment blocks after the last member.
  let closingComments: [[String]]
  let violations: [String]
  private let indices: [String: Int]

  /// Reads a description. Everything that is wrong with it is reported at once, as `file:line:column: message`.
  ///
  /// Accepted beyond the grammar, since other implementations do: a trailing comma, an error without `()`, and an
  /// error that is an enum; `subsetViolations` lists them.
  public init(parsing text: String, file: String = "interface description") throws(ProblemList) {
    var parser = InterfaceParser(text: text, file: file)
    parser.parse()
    try parser.problems.throwIfAny()
    self.text = text
    name = parser.name
    documentation = parser.header.documentation
    members = parser.members
    detachedComments = parser.header.detached
    closingComments = parser.closingComments
    violations = parser.violations
    indices = Dictionary(uniqueKeysWithValues: zip(members.map(\.name), members.indices))
  }

  /// The member of that name, with or without the interface's name before it.
  public func member(named memberName: String) -> Member? {
    let prefix = name + "."
    let key = memberName.hasPrefix(prefix) ? String(memberName.dropFirst(prefix.count)) : memberName
    return indices[key].map { members[$0] }
  }

  /// Everything, as `line:column: what`, that does not belong to the part of the language that systemd 257, the
  /// Python package and the Go package all read. Empty for a description that is safe to publish.
  ///
  /// Capital letters in the interface's name are not counted: systemd's own names have them, though Go's generator
  /// reads none.
  public func subsetViolations() -> [String] { violations }
}

extension InterfaceDescription {
  /// A type, a method or an error.
  public struct Member: Hashable, Sendable {
    /// Without the interface's name.
    public var name: String
    /// The comment lines directly above, without `# `.
    public var documentation: [String]
    /// What kind of member it is, with all that belongs to it.
    public var definition: Definition
    /// Comment blocks above that a blank line parts from the member.
    var detachedComments: [[String]] = []
  }

  /// What a member is.
  public enum Definition: Hashable, Sendable {
    /// A structure or an enumeration.
    case type(ValueType)
    case method(input: [Field], output: [Field])
    /// A structure, or an enumeration where somebody describes it so.
    case error(ValueType)
  }

  /// A field of a structure, or a parameter of a method.
  public struct Field: Hashable, Sendable {
    /// Unique in its structure.
    public var name: String
    /// What may stand there.
    public var type: ValueType
    /// The comment lines directly above, without `# `.
    public var documentation: [String]

    /// - Parameter documentation: comment lines, without `# `.
    public init(name: String, type: ValueType, documentation: [String] = []) {
      self.name = name
      self.type = type
      self.documentation = documentation
    }
  }

  /// One of the words of an enumeration.
  public struct EnumValue: Hashable, Sendable {
    /// Unique in its enumeration.
    public var name: String
    /// The comment lines directly above, without `# `.
    public var documentation: [String]

    /// - Parameter documentation: comment lines, without `# `.
    public init(name: String, documentation: [String] = []) {
      self.name = name
      self.documentation = documentation
    }
  }

  /// A type of UAPI.20's language.
  public indirect enum ValueType: Hashable, Sendable {
    case bool, int, float, string
    /// Any JSON object.
    case object
    /// Any JSON value but null.
    case any
    case structure([Field])
    case enumeration([EnumValue])
    case array(ValueType)
    case map(ValueType)
    /// Never directly inside another nullable.
    case nullable(ValueType)
    /// A type of the same interface; it exists.
    case named(String)
  }

  /// Whether a method sends several replies to a call with the flag `more`.
  public enum MoreSupport: Hashable, Sendable {
    case none
    /// `[Supports 'more' flag]`
    case optional
    /// `[Requires 'more' flag]`: a call without it gets `org.varlink.service.ExpectedMore`.
    case required
  }
}

extension InterfaceDescription.ValueType: CustomStringConvertible {
  /// The type on one line, without comments.
  public var description: String {
    switch self {
    case .bool: "bool"
    case .int: "int"
    case .float: "float"
    case .string: "string"
    case .object: "object"
    case .any: "any"
    case .structure(let fields): "(\(fields.map { "\($0.name): \($0.type)" }.joined(separator: ", ")))"
    case .enumeration(let values): "(\(values.map(\.name).joined(separator: ", ")))"
    case .array(let element): "[]\(element)"
    case .map(let element): "[string]\(element)"
    case .nullable(let type): "?\(type)"
    case .named(let name): name
    }
  }
}

extension InterfaceDescription {
  /// In the order of the text, without the interface's name.
  public var methodNames: [String] {
    members.compactMap { if case .method = $0.definition { $0.name } else { nil } }
  }

  /// The comment lines above a method, without the lines that `moreSupport` reads; nil when there is no such method.
  public func documentation(ofMethod methodName: String) -> [String]? {
    method(methodName)?.member.documentation.filter { MoreSupport(flagLine: $0) == nil }
  }

  /// What the comments above a method say about the flag `more`; nil when there is no such method.
  public func moreSupport(ofMethod methodName: String) -> MoreSupport? {
    guard let documentation = method(methodName)?.member.documentation else { return nil }
    let flags = documentation.compactMap(MoreSupport.init(flagLine:))
    return flags.contains(.required) ? .required : flags.first ?? MoreSupport.none
  }

  func method(_ methodName: String) -> (member: Member, input: [Field], output: [Field])? {
    guard let member = member(named: methodName), case .method(let input, let output) = member.definition else {
      return nil
    }
    return (member, input, output)
  }
}

extension InterfaceDescription.MoreSupport {
  fileprivate init?(flagLine: String) {
    switch flagLine {
    case "[Supports 'more' flag]": self = .optional
    case "[Requires 'more' flag]": self = .required
    default: return nil
    }
  }
}
