public import JSON

/// A reply to a call (UAPI.20, "Reply").
public struct Reply: Hashable, Sendable {
  /// What the interface declares for the method, or for the error.
  public var parameters: JSONObject
  /// More replies to the same call follow. Never together with an error.
  public var continues: Bool
  /// The fully qualified name of an error; nil for a success.
  public var error: String?

  /// A success, the last reply unless it `continues`.
  public init(_ parameters: JSONObject = [:], continues: Bool = false) {
    self.parameters = parameters
    self.continues = continues
    self.error = nil
  }

  /// An error, which is always the last reply.
  public init(_ error: VarlinkError) {
    self.parameters = error.parameters
    self.continues = false
    self.error = error.name
  }
}

extension Reply {
  /// Reads one message, without the NUL that ends it.
  public init(parsing message: some Collection<UInt8>) throws(MessageError) {
    self.init()
    for (key, value) in try parseHeader(message) {
      switch (key, value) {
      case ("parameters", _): parameters = try parseParameters(value)
      case ("continues", .bool(let flag)): continues = flag
      case ("continues", _): throw .flagNotABool(key, kind: value.kind)
      case ("error", .string(let name)): error = name
      case ("error", .null): break
      case ("error", _): throw .errorNotAString(kind: value.kind)
      default:
        if !key.utf8.contains(UInt8(ascii: ".")) { throw .unknownKey(key) }
      }
    }
    if continues, error != nil { throw .errorContinues }
  }

  /// The message with the NUL that ends it. `parameters` is always there, since `varlinkctl --collect` wants it.
  public func encoded() throws(UnsendableValue) -> [UInt8] {
    if let error {
      try checkSendable(error, at: "error")
      try checkSendable(parameters)
      var bytes = Array("{\"error\":".utf8)
      writeJSON(error, to: &bytes)
      bytes += ",\"parameters\":".utf8
      JSONValue.object(parameters).write(to: &bytes)
      bytes += [UInt8(ascii: "}"), 0]
      return bytes
    }
    return try ReplyParameters.object(parameters).encodedReply(continues: continues)
  }
}

/// The parameters of a successful reply.
public enum ReplyParameters: Hashable, Sendable {
  case object(JSONObject)
  /// The text of a JSON object in compact form, which is copied as it is. Whoever made it answers for it.
  case encoded([UInt8])

  /// The whole reply with the NUL that ends it.
  public func encodedReply(continues: Bool) throws(UnsendableValue) -> [UInt8] {
    var bytes: [UInt8] = []
    switch self {
    case .object(let object):
      try checkSendable(object)
      bytes += "{\"parameters\":".utf8
      JSONValue.object(object).write(to: &bytes)
    case .encoded(let text):
      try checkSendable(encoded: text)
      bytes.reserveCapacity(text.count + 40)
      bytes += "{\"parameters\":".utf8
      bytes += text
    }
    if continues { bytes += ",\"continues\":true".utf8 }
    bytes += [UInt8(ascii: "}"), 0]
    return bytes
  }
}

extension ReplyParameters: ExpressibleByDictionaryLiteral {
  /// An object of these members.
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
}
