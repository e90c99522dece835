internal import Glibc

/// A pseudo-terminal, the keyboard and screen of which are ours.
public final class Terminal {
  /// Of the device that programs open.
  public let path: String
  private let descriptor: Int32

  /// - Parameter columns: its width.
  public init(columns: UInt16 = 80) throws {
    descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
    var (number, isLocked): (UInt32, Int32) = (0, 0)
    // TIOCGPTN and TIOCSPTLCK of <asm/ioctls.h>: the number of the terminal, and unlocking it.
    guard ioctl(descriptor, 0x8004_5430, &number) == 0, ioctl(descriptor, 0x4004_5431, &isLocked) == 0 else {
      throw TestFailure("no pseudo-terminal")
    }
    path = "/dev/pts/\(number)"
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
  }

  deinit { close(descriptor) }

  /// As if somebody had typed it.
  public func type(_ text: String) { _ = Glibc.write(descriptor, text, text.utf8.count) }

  /// What is shown until the program ends, with the line ends that programs write.
  public func readToEnd() async throws -> String {
    var shown: [UInt8] = []
    try await waitUntil("the program ends") { !read(into: &shown) }
    return String(decoding: shown, as: UTF8.self).replacing("\r\n", with: "\n")
  }

  /// What is shown up to this text.
  public func read(until text: String) async throws -> String {
    var shown: [UInt8] = []
    try await waitUntil("the terminal shows \"\(text)\"") {
      let goesOn = read(into: &shown)
      if String(decoding: shown, as: UTF8.self).contains(text) { return true }
      if !goesOn {
        throw TestFailure("the terminal shows no \"\(text)\" but \"\(String(decoding: shown, as: UTF8.self))\"")
      }
      return false
    }
    return String(decoding: shown, as: UTF8.self)
  }

  /// Adds what is there; false when the program has ended, which a terminal tells by an error.
  private func read(into shown: inout [UInt8]) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count <= 0 { return count < 0 && errno == EAGAIN }
      shown += buffer[..<count]
    }
  }
}
