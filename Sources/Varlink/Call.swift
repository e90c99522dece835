public import JSON

/// A method call (UAPI.20, "Call").
public struct Call: Hashable, Sendable {
  /// What the caller expects back.
  public enum Mode: String, Hashable, Sendable, CaseIterable {
    /// One reply.
    case single
    /// No reply, not even an error.
    case oneway
    /// Any number of replies, the last of them without `continues`.
    case more
    /// One reply, after which the connection carries raw bytes.
    case upgrade
  }

  /// The fully qualified name: interface, dot, method.
  public var method: String
  /// By name; absent, null and empty mean the same.
  public var parameters: JSONObject
  /// What the caller expects back, and so how many replies there are.
  public var mode: Mode

  /// - Parameter method: the fully qualified name.
  public init(_ method: String, _ parameters: JSONObject = [:], mode: Mode = .single) {
    self.method = method
    self.parameters = parameters
    self.mode = mode
  }

  /// What stands before the last dot of `method`; empty if there is none.
  public var interfaceName: Substring {
    lastDot.map { method[..<$0] } ?? ""
  }

  /// What stands after the last dot of `method`.
  public var methodName: Substring {
    lastDot.map { method[method.utf8.index(after: $0)...] } ?? method[...]
  }

  /// By bytes: a dot with a combining mark behind it is one too, and a long name is not to be taken apart into characters.
  private var lastDot: String.Index? { method.utf8.lastIndex(of: UInt8(ascii: ".")) }

  /// Answers `org.varlink.service.ExpectedMore` unless the caller takes more than one reply.
  public func requireMore() throws(VarlinkError) {
    if mode != .more { throw .expectedMore }
  }

  /// Answers `org.varlink.service.ExpectedUpgrade` unless the caller wants to go on with raw bytes.
  public func requireUpgrade() throws(VarlinkError) {
    if mode != .upgrade { throw .expectedUpgrade }
  }
}

extension Call {
  /// Reads one message, without the NUL that ends it.
  public init(parsing message: some Collection<UInt8>) throws(MessageError) {
    var method: String?
    var parameters = JSONObject()
    var modes: [Mode] = []
    for (key, value) in try parseHeader(message) {
      switch key {
      case "method":
        guard case .string(let name) = value else { throw .methodNotAString(kind: value.kind) }
        method = name
      case "parameters": parameters = try parseParameters(value)
      case "oneway", "more", "upgrade":
        guard case .bool(let isSet) = value else { throw .flagNotABool(key, kind: value.kind) }
        if isSet, let mode = Mode(rawValue: key) { modes.append(mode) }
      default:
        if !key.utf8.contains(UInt8(ascii: ".")) { throw .unknownKey(key) }
      }
    }
    guard let method else { throw .methodMissing }
    if modes.count > 1 { throw .conflictingFlags(modes.map(\.rawValue)) }
    self.init(method, parameters, mode: modes.first ?? .single)
  }

  /// The message with the NUL that ends it. False flags and empty parameters are left out.
  public func encoded() throws(UnsendableValue) -> [UInt8] {
    try checkSendable(method, at: "method")
    var bytes = Array("{\"method\":".utf8)
    writeJSON(method, to: &bytes)
    if !parameters.isEmpty {
      try checkSendable(parameters)
      bytes += ",\"parameters\":".utf8
      JSONValue.object(parameters).write(to: &bytes)
    }
    if mode != .single { bytes += ",\"\(mode.rawValue)\":true".utf8 }
    bytes += [UInt8(ascii: "}"), 0]
    return bytes
  }
}

/// The members of the object that every message is.
func parseHeader(_ message: some Collection<UInt8>) throws(MessageError) -> [(name: String, value: JSONValue)] {
  let value: JSONValue
  do { value = try JSONValue(parsing: message) } catch { throw .invalidJSON(error) }
  guard case .object(let header) = value else { throw .notAnObject(kind: value.kind) }
  return header.members
}

/// Absent, null and `{}` parameters mean the same.
func parseParameters(_ value: JSONValue) throws(MessageError) -> JSONObject {
  switch value {
  case .object(let parameters): return parameters
  case .null: return [:]
  default: throw .parametersNotAnObject(kind: value.kind)
  }
}
