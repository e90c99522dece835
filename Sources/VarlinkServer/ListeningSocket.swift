import Glibc
import Posix
public import Varlink

/// A Unix socket that this process made and listens on.
struct ListeningSocket: Sendable {
  let descriptor: Int32
  private let file: SocketFile?

  private struct SocketFile {
    let path: String
    let status: stat
    let lock: SocketLock
  }

  /// Makes the directory of a path if it is missing, takes the place of a socket that nobody serves, and listens.
  static func open(_ address: Address, mode: UInt32) throws(ListenError) -> ListeningSocket {
    switch address {
    case .exec: throw ListenError(address: address, problem: .notListenable)
    case .abstract:
      let descriptor = try bindSocket(to: address)
      return ListeningSocket(descriptor: descriptor, file: nil)
    case .unix(let path):
      do { try makeDirectory(of: path) } catch { throw error.at(address) }
      let lock: SocketLock?
      do { lock = try SocketLock.take(path + ".lock") } catch { throw error.at(address) }
      guard let lock else { throw ListenError(address: address, problem: .served) }
      do {
        try removeStaleSocket(path, address)
        return try bindFile(path, address, mode, lock)
      } catch {
        lock.release()
        throw error
      }
    }
  }

  /// The socket is there with nobody but its owner allowed before it gets the mode that was asked for.
  private static func bindFile(
    _ path: String, _ address: Address, _ mode: UInt32, _ lock: SocketLock
  ) throws(ListenError) -> ListeningSocket {
    let descriptor = try bindSocket(to: address)
    let status: stat
    do {
      status = try setMode(ofSocket: path, to: mode)
    } catch {
      close(descriptor)
      throw error.at(address)
    }
    return ListeningSocket(
      descriptor: descriptor,
      file: SocketFile(path: path, status: status, lock: lock))
  }

  private static func bindSocket(to address: Address) throws(ListenError) -> Int32 {
    guard let place = address.socketAddress else { throw ListenError(address: address, problem: .notListenable) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    if descriptor < 0 { throw SystemError("make a socket for \(address)").at(address) }
    // The mode of an unbound socket is that of its file when it is bound. The umask would be everybody's in the process.
    if fchmod(descriptor, 0o600) == 0, place.withPointer({ bind(descriptor, $0, $1) }) == 0,
      listen(descriptor, SOMAXCONN) == 0
    {
      return descriptor
    }
    let isServed = errno == EADDRINUSE
    let error = SystemError("listen on \(address)").at(address)
    close(descriptor)
    throw isServed ? ListenError(address: address, problem: .served) : error
  }

  /// Closes nothing: the descriptor is the channel's. Removes the socket if it is still the one that was made.
  func remove() {
    guard let file else { return }
    var status = stat()
    if lstat(file.path, &status) == 0, status.isSameFile(as: file.status) { unlink(file.path) }
    file.lock.release()
  }
}

/// Why a server cannot listen somewhere.
public struct ListenError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What keeps it from listening.
  public enum Problem: Hashable, Sendable {
    /// Another process answers there or holds the lock beside the socket.
    case served
    /// Something that is no socket is in the way.
    case notASocket
    /// The address is for clients only.
    case notListenable
    /// A system call failed; in words.
    case system(errno: Int32, doing: String)
  }

  /// Where it was to listen.
  public var address: Address
  /// What is in the way.
  public var problem: Problem

  /// The message, with the address.
  public var description: String {
    switch problem {
    case .served: "cannot listen on \(address): another process serves it"
    case .notASocket: "cannot listen on \(address): there is a file that is no socket; it was left alone"
    case .notListenable: "cannot listen on \(address): it is an address for clients"
    case .system(let code, let doing): "cannot listen on \(address): cannot \(doing): \(errorText(code))"
    }
  }
}

extension SystemError {
  fileprivate func at(_ address: Address) -> ListenError {
    ListenError(address: address, problem: .system(errno: code, doing: task))
  }
}

/// The missing directories above `path`, with mode 0755 whatever the umask is.
private func makeDirectory(of path: String) throws(SystemError) {
  let directory = parentFolder(of: path)
  var status = stat()
  if directory == path || stat(directory, &status) == 0 { return }
  try makeDirectory(of: directory)
  if mkdir(directory, 0o755) == 0 {
    allowEntering(directory)
  } else if errno != EEXIST {
    throw SystemError("make the directory \(directory)")
  }
}

/// Gives the directory that was just made what the umask took. Who may rename in the one above could have put a link, or a
/// directory of his or ours, in its place: those are left as they are.
private func allowEntering(_ directory: String) {
  let descriptor = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
  if descriptor < 0 { return }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(),
    (try? entryNames(in: descriptor, directory).isEmpty) == true
  else { return }
  fchmod(descriptor, 0o755)
}

/// A socket is stale only when it refuses connections.
private func removeStaleSocket(_ path: String, _ address: Address) throws(ListenError) {
  var status = stat()
  if lstat(path, &status) != 0 {
    if errno == ENOENT { return }
    throw SystemError("look at \(path)").at(address)
  }
  if status.st_mode & S_IFMT != S_IFSOCK { throw ListenError(address: address, problem: .notASocket) }

  let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
  if probe < 0 { throw SystemError("make a socket for \(path)").at(address) }
  let result = SocketAddress.path(path).withPointer { connect(probe, $0, $1) }
  let code = result == 0 ? 0 : errno
  close(probe)
  switch code {
  // EAGAIN: somebody listens, whose backlog is full.
  case 0, EAGAIN: throw ListenError(address: address, problem: .served)
  case ECONNREFUSED:
    if unlink(path) != 0, errno != ENOENT { throw SystemError("remove the stale socket \(path)").at(address) }
  case ENOENT: break
  default: throw SystemError("find out who serves \(path)", code: code).at(address)
  }
}

/// A lock on a file beside the socket, held while it is served: of two servers that start at the same time only one
/// looks at the old socket and replaces it.
private struct SocketLock {
  private let descriptor: Int32
  private let path: String

  /// Nil when another process has it.
  static func take(_ path: String) throws(SystemError) -> SocketLock? {
    while true {
      let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
      if descriptor < 0 { throw SystemError("open \(path)") }
      do {
        guard try tryLock(descriptor) else {
          close(descriptor)
          return nil
        }
      } catch {
        close(descriptor)
        throw SystemError("lock \(path)", code: error.code)
      }
      // Whoever had it may have removed the file between the two calls: then this locks nothing.
      var opened = stat()
      var named = stat()
      if fstat(descriptor, &opened) == 0, lstat(path, &named) == 0, opened.isSameFile(as: named) {
        return SocketLock(descriptor: descriptor, path: path)
      }
      close(descriptor)
    }
  }

  func release() {
    unlink(path)
    close(descriptor)
  }
}
