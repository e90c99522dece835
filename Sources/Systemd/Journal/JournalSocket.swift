internal import CLinux
internal import Glibc
internal import Posix

/// Where the journal takes entries with fields of their own.
final class JournalSocket: Sendable {
  static let standardPath = "/run/systemd/journal/socket"

  private let socket: DatagramSocket

  /// Nil when there is no journal.
  init?(path: String = standardPath) {
    guard access(path, W_OK) == 0 else { return nil }
    socket = DatagramSocket(to: .path(path))
    // Large entries then mostly need no file.
    socket.setBufferSize(8 << 20)
  }

  /// Whether standard error is connected to the journal, so that what is written there would end up in it too.
  ///
  /// - Parameter value: What `JOURNAL_STREAM` says, which is the journal's device and inode.
  static func isStandardError(environment value: String?) -> Bool {
    var status = stat()
    guard let value, fstat(STDERR_FILENO, &status) == 0 else { return false }
    return value == "\(status.st_dev):\(status.st_ino)"
  }

  /// False when the journal does not take it.
  func send(_ entry: JournalEntry) -> Bool {
    do throws(SystemError) {
      do throws(SystemError) {
        try socket.send(entry.bytes)
      } catch  where error.code == EMSGSIZE || error.code == ENOBUFS {
        try sendAsFile(entry.bytes)
      }
      return true
    } catch {
      return false
    }
  }

  private func sendAsFile(_ bytes: [UInt8]) throws(SystemError) {
    let file = linux_memory_file("journal-entry")
    guard file >= 0 else { throw SystemError() }
    defer { close(file) }
    try writeAll(bytes, to: file)
    guard linux_seal(file) == 0 else { throw SystemError() }
    try socket.send(descriptor: file)
  }
}
