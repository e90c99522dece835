internal import Base
public import JSON

/// Why a message is not Varlink (UAPI.20). The receiver closes the connection: after this nothing in it can be trusted.
public enum MessageError: Error, Hashable, Sendable {
  /// No NUL within the limit, which is a number of bytes.
  case tooLong(limit: Int)
  /// The stream ended inside a message, this many bytes after its beginning.
  case truncated(byteCount: Int)
  case invalidJSON(JSONSyntaxError)
  case notAnObject(kind: String)
  /// A header key that is not of this protocol and, having no dot, not a vendor's either.
  case unknownKey(String)
  case parametersNotAnObject(kind: String)

  case methodMissing
  case methodNotAString(kind: String)
  /// `oneway`, `more` or `upgrade` of a call, `continues` of a reply.
  case flagNotABool(String, kind: String)
  /// More than one of `oneway`, `more` and `upgrade` is true.
  case conflictingFlags([String])

  case errorNotAString(kind: String)
  /// An error reply is final.
  case errorContinues
  /// A reply to a call without `more` says that more replies follow.
  case continuesWithoutMore
  /// A reply came while none was awaited.
  case unexpectedReply
}

extension MessageError {
  /// A fixed name of the kind of violation, to count by.
  public var reason: String {
    switch self {
    case .tooLong: "message-too-long"
    case .truncated: "message-truncated"
    case .invalidJSON: "invalid-json"
    case .notAnObject: "not-an-object"
    case .unknownKey: "unknown-key"
    case .parametersNotAnObject: "parameters-not-an-object"
    case .methodMissing: "method-missing"
    case .methodNotAString: "method-not-a-string"
    case .flagNotABool: "flag-not-a-bool"
    case .conflictingFlags: "conflicting-flags"
    case .errorNotAString: "error-not-a-string"
    case .errorContinues: "error-continues"
    case .continuesWithoutMore: "continues-without-more"
    case .unexpectedReply: "unexpected-reply"
    }
  }
}

extension MessageError: CustomStringConvertible {
  /// The message; what the peer sent is cut to 80 characters and quoted, so that it stays on one line.
  public var description: String {
    switch self {
    case .tooLong(let limit): "the message is longer than \(limit) bytes"
    case .truncated(let byteCount): "the stream ended \(byteCount) bytes into a message"
    case .invalidJSON(let error): "the message is not JSON: \(error)"
    case .notAnObject(let kind): "the message is of kind \(kind), not an object"
    case .unknownKey(let key): "unknown key \(quoted(key, limit: 80))"
    case .parametersNotAnObject(let kind): "\"parameters\" is of kind \(kind), not an object"
    case .methodMissing: "the call has no \"method\""
    case .methodNotAString(let kind): "\"method\" is of kind \(kind), not a string"
    case .flagNotABool(let name, let kind): "\"\(name)\" is of kind \(kind), not a bool"
    case .conflictingFlags(let names):
      "only one of \(names.map { "\"\($0)\"" }.joined(separator: ", ")) may be true"
    case .errorNotAString(let kind): "\"error\" is of kind \(kind), not a string"
    case .errorContinues: "an error reply says that more replies follow"
    case .continuesWithoutMore: "more replies are announced to a call without \"more\""
    case .unexpectedReply: "a reply came while none was awaited"
    }
  }
}
