import Glibc
import Posix

/// Standard output without a buffer of its own: what is written is gone, or an error.
enum StandardOutput {
  static func write(_ text: String) throws {
    try write(Array(text.utf8))
  }

  static func write(_ bytes: [UInt8]) throws {
    do {
      try writeAll(bytes, to: STDOUT_FILENO)
    } catch let error where error.code == EPIPE {
      throw BrokenPipe()
    } catch {
      throw Failure(status: .inputOutput, message: "cannot write: standard output: \(errorText(error.code))")
    }
  }
}

/// Prints lines on standard error. When that fails there is nobody left to tell.
func printError(_ lines: [String]) {
  try? writeAll(Array(lines.map { $0 + "\n" }.joined().utf8), to: STDERR_FILENO)
}
