package import Glibc

/// Where a Unix socket is.
package enum SocketAddress: Hashable, Sendable {
  /// A socket in the file system.
  case path(String)
  /// A socket in the abstract name space, named without its leading NUL.
  case abstract(String)

  /// What fits into `sockaddr_un.sun_path` beside the NUL that ends a path, or that begins an abstract name.
  package static let maximumByteCount = 107

  /// An absolute path, or `@` and an abstract name, as systemd writes it. Nil for anything else, and for what is empty or
  /// too long.
  package init?(_ text: String) {
    let name = text.unicodeScalars.dropFirst()
    switch text.utf8.first {
    case UInt8(ascii: "/") where text.utf8.count <= Self.maximumByteCount: self = .path(text)
    case UInt8(ascii: "@") where (1...Self.maximumByteCount).contains(text.utf8.count - 1):
      self = .abstract(String(name))
    default: return nil
    }
  }

  /// As connect(2), bind(2) and sendto(2) want it. What is too long is cut off.
  package func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    let name: [UInt8] =
      switch self {
      case .path(let path): Array(path.utf8) + [0]
      case .abstract(let name): [0] + Array(name.utf8)
      }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let capacity = MemoryLayout.size(ofValue: address.sun_path)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name.prefix(capacity)) }
    let size = MemoryLayout<sa_family_t>.size + min(name.count, capacity)
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(size)) }
    }
  }
}
