import Base
import Glibc
import JSON
import Posix

/// Standard output without a buffer of its own: what is written is gone, or an error.
enum StandardOutput {
  static func write(_ text: String) throws {
    try write(Array(text.utf8))
  }

  /// Prints a value as JSON and ends the line. On a terminal nothing of it is more than text.
  static func write(_ json: JSONValue) throws {
    let text = json.text
    try write((isTerminal ? TerminalText.safeJSON(text) : text) + "\n")
  }

  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

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
