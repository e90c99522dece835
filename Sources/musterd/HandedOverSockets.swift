import Glibc

/// The sockets that an activator handed over, for a program that ends without having served them.
///
/// Whoever waits there would make the activator start it again at once, and for ever: he gets no answer, but need not wait
/// for one, and why is in the log.
enum HandedOverSockets {
  /// To be asked for before the variables are taken out of the environment.
  static let descriptors: Range<Int32> = {
    guard let process = getenv("LISTEN_PID"), String(cString: process) == "\(getpid())",
      let text = getenv("LISTEN_FDS"), let count = Int32(String(cString: text)), (1...1024).contains(count)
    else { return first..<first }
    return first..<(first + count)
  }()

  /// SD_LISTEN_FDS_START of sd_listen_fds(3).
  private static let first: Int32 = 3

  /// Closes the connections that wait there.
  static func hangUp() {
    for descriptor in descriptors {
      let flags = fcntl(descriptor, F_GETFL)
      guard flags >= 0, fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0 else { continue }
      while true {
        let connection = accept(descriptor, nil, nil)
        if connection >= 0 {
          close(connection)
        } else if errno == EMFILE || errno == ENFILE {
          // It stays, and with it the next start: not at once.
          sleep(1)
          break
        } else if errno != EINTR && errno != ECONNABORTED {
          break
        }
      }
    }
  }
}
