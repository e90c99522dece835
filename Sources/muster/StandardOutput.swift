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

  /// Writes a part of a result that is text. On a terminal JSON is as that of a reply.
  static func write(_ bytes: [UInt8], format: String) throws {
    guard isTerminal, format == "json" || format == "ndjson" else { return try write(bytes) }
    // Each part is a text of its own, as it came in a reply.
    try write(TerminalText.safeJSON(String(decoding: bytes, as: UTF8.self)))
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
