internal import Posix

/// Where a service is: `unix:/path`, `unix:@name`, `exec:/path` or a bare `/path`. What follows a `;` is ignored.
public enum Address: Hashable, Sendable {
  /// A socket in the file system.
  case unix(path: String)
  /// A socket in the abstract name space. It has no permissions: anybody of the same network namespace may connect.
  case abstract(name: String)
  /// A program to be started with a connected socket.
  case exec(path: String)

  /// What fits into `sockaddr_un.sun_path` beside the NUL that ends a path, or that begins an abstract name.
  static let maximumPathByteCount = SocketAddress.maximumByteCount

  /// Reads an address, of which a path may have 107 bytes, but for that of `exec:`.
  public init(parsing text: String) throws(AddressError) {
    let address = text.prefix { $0 != ";" }
    if address.isEmpty { throw AddressError(text: text, reason: "it is empty") }
    if address.utf8.contains(0) { throw AddressError(text: text, reason: "it holds U+0000") }

    let scheme: Substring
    let rest: Substring
    if ["/", "./", "../"].contains(where: { address.utf8.starts(with: $0.utf8) }) {
      (scheme, rest) = ("unix", address)
    } else if let colon = address.utf8.firstIndex(of: UInt8(ascii: ":")) {
      (scheme, rest) = (address[..<colon], address[address.utf8.index(after: colon)...])
    } else {
      throw AddressError(text: text, reason: "expected unix:/path, unix:@name, exec:/path or /path")
    }
    switch scheme {
    case "unix" where rest.utf8.first == UInt8(ascii: "@"):
      let name = Substring(rest.unicodeScalars.dropFirst())
      self = .abstract(name: String(name))
      try Self.check(name, what: "name", of: text)
    case "unix":
      self = .unix(path: String(rest))
      try Self.check(rest, what: "path", of: text)
    case "exec":
      self = .exec(path: String(rest))
      if rest.isEmpty { throw AddressError(text: text, reason: "the path is empty") }
    default:
      throw AddressError(text: text, reason: "\"\(scheme):\" is not supported; use unix: or exec:")
    }
  }

  private static func check(_ name: Substring, what: String, of text: String) throws(AddressError) {
    let count = name.utf8.count
    if count == 0 { throw AddressError(text: text, reason: "the \(what) is empty") }
    if count > maximumPathByteCount {
      throw AddressError(
        text: text, reason: "the \(what) has \(count) bytes, a socket address holds \(maximumPathByteCount)")
    }
  }
}

extension Address: CustomStringConvertible {
  /// As it is read, always with its scheme.
  public var description: String {
    switch self {
    case .unix(let path): "unix:\(path)"
    case .abstract(let name): "unix:@\(name)"
    case .exec(let path): "exec:\(path)"
    }
  }
}

/// Why a text is no Varlink address.
public struct AddressError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was given, whole.
  public var text: String
  /// Without a full stop.
  public var reason: String

  /// The message, with the text that is wrong.
  public var description: String { "\"\(text)\" is no Varlink address: \(reason)" }
}
