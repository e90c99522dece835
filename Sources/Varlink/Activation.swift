import Glibc
import Posix

/// What whoever started this process handed over to be served: sd_listen_fds(3), and `SYSTEMD_VARLINK_LISTEN`.
public enum Activation: Hashable, Sendable {
  /// These descriptors are sockets, listening or connected.
  case descriptors([Int32])
  /// Standard input and output are one connection.
  case standardStreams

  /// Nil when nothing was handed over to us.
  ///
  /// Of several descriptors those count that `LISTEN_FDNAMES` calls `varlink`. A single one counts whatever its name is,
  /// as with the Python and the Go implementation. The names of variables that are wrong are errors, not ignored:
  /// a service that listens elsewhere than its activator thinks is hard to find.
  public init?(environment: [String: String], pid: Int32) throws(ActivationError) {
    if let text = environment["LISTEN_FDS"], let owner = environment["LISTEN_PID"] {
      guard let ownerPID = Int32(owner) else { throw ActivationError(variable: "LISTEN_PID", value: owner) }
      if ownerPID == pid {
        guard let count = Int32(text), (0...65_536).contains(count) else {
          throw ActivationError(variable: "LISTEN_FDS", value: text)
        }
        let descriptors = Self.descriptors(count: count, names: environment["LISTEN_FDNAMES"])
        if !descriptors.isEmpty {
          self = .descriptors(descriptors)
          return
        }
      }
    }
    switch environment["SYSTEMD_VARLINK_LISTEN"] {
    case nil: return nil
    case "-": self = .standardStreams
    case let value?: throw ActivationError(variable: "SYSTEMD_VARLINK_LISTEN", value: value)
    }
  }

  private static let firstDescriptor: Int32 = 3

  private static func descriptors(count: Int32, names: String?) -> [Int32] {
    let all = firstDescriptor..<firstDescriptor + count
    if count == 1 { return Array(all) }
    let names = (names ?? "").split(separator: ":", omittingEmptySubsequences: false)
    return zip(all, names).filter { $0.1 == "varlink" }.map(\.0)
  }

  /// Removes the variables, so that no child process takes the descriptors for its own.
  ///
  /// To be called before there are other threads: the environment has no lock.
  public static func removeFromEnvironment() {
    for name in ["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "SYSTEMD_VARLINK_LISTEN"] { unsetenv(name) }
  }
}

/// A variable that the activator set to something without meaning.
public struct ActivationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The name of the variable.
  public var variable: String
  /// What it is set to.
  public var value: String

  /// The message.
  public var description: String { meaningless(variable, value) }
}

/// A socket that this process inherited.
public struct AdoptedSocket: Hashable, Sendable {
  /// Still that of whoever adopts it: it is not closed here.
  public var descriptor: Int32
  /// Whether connections are accepted from it; otherwise it is one.
  public var isListening: Bool

  /// Looks at an inherited descriptor, and marks it to be closed in programs that this process starts.
  public init(adopting descriptor: Int32) throws(AdoptionError) {
    func fail(_ reason: String) -> AdoptionError { AdoptionError(descriptor: descriptor, reason: reason) }

    let flags = fcntl(descriptor, F_GETFD)
    guard flags >= 0, fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC) == 0 else { throw fail(errorText(errno)) }
    guard let domain = socketOption(SO_DOMAIN, of: descriptor), let type = socketOption(SO_TYPE, of: descriptor),
      let accepts = socketOption(SO_ACCEPTCONN, of: descriptor)
    else { throw fail(errorText(errno)) }
    guard domain == AF_UNIX, type == Int32(SOCK_STREAM.rawValue) else { throw fail("it is no Unix stream socket") }
    if accepts == 0 {
      var address = sockaddr_storage()
      var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
      let isConnected = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &size) } == 0
      }
      if !isConnected { throw fail("it neither listens nor is connected") }
    }
    self.descriptor = descriptor
    isListening = accepts != 0
  }
}

/// Why an inherited descriptor cannot be served.
public struct AdoptionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The number that was inherited.
  public var descriptor: Int32
  /// Without a full stop.
  public var reason: String

  /// The message.
  public var description: String { "cannot serve the inherited descriptor \(descriptor): \(reason)" }
}

private func socketOption(_ name: Int32, of descriptor: Int32) -> Int32? {
  var value: Int32 = 0
  var size = socklen_t(MemoryLayout<Int32>.size)
  return getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : nil
}
