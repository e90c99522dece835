import Glibc
import Posix

/// What is known of the terminal behind a descriptor.
struct Terminal {
  /// Columns; nil when there is no terminal, and so nothing to wrap for.
  var width: Int?
  var hasColour: Bool

  /// Asks the system, and the variables `NO_COLOR` (no-color.org: set and not empty) and `TERM`.
  init(descriptor: Int32) {
    guard isatty(descriptor) == 1 else {
      (width, hasColour) = (nil, false)
      return
    }
    var size = winsize()
    let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    width = isKnown ? Int(size.ws_col) : 80
    hasColour = environmentValue("NO_COLOR") == nil && !Terminal.isDumb
  }

  static var isDumb: Bool { environmentValue("TERM").map { $0 == "dumb" } ?? true }

  func bold(_ text: String) -> String { styled(text, "1") }
  func dim(_ text: String) -> String { styled(text, "2") }

  private func styled(_ text: String, _ code: String) -> String {
    hasColour && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
