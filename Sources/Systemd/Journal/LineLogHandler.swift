internal import Base
internal import Glibc
internal import Logging
internal import Posix

/// Writes each event as one line to standard error: time, level, message, and `key=value` for what belongs to it.
///
/// In the journal, which keeps the time itself, the line begins with the level as sd-daemon(3) has it instead.
struct LineLogHandler: LogHandler {
  var logLevel: Logger.Level = .info
  var metadata: Logger.Metadata = [:]
  private let isJournal: Bool

  init(isJournal: Bool) {
    self.isJournal = isJournal
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var line =
      isJournal
      ? "<\(event.level.priority)>"
      : "\(UTC(microseconds: currentMicroseconds()).text(fractionDigits: 3)) \(event.level) "
    line += lineText(of: event.message, metadata.merging(event.metadata ?? [:]) { $1 }) + "\n"
    // One write for one line, so that lines of several threads do not mix.
    line.withUTF8 { bytes in _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
  }
}

extension Logger.Level {
  /// The number that syslog(3) has for it.
  var priority: Int {
    switch self {
    case .trace, .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    case .critical: 2
    }
  }
}

/// The message, and what belongs to it in alphabetical order, without line breaks.
func lineText(of message: Logger.Message, _ metadata: Logger.Metadata) -> String {
  var line = oneLine(message.description)
  for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
    let text = oneLine(value.description)
    line += " \(key)=\(needsQuotes(text) ? quoted(text, limit: .max) : text)"
  }
  return line
}

private func needsQuotes(_ text: String) -> Bool {
  // By bytes: a mark behind a quote makes another character of it, and the line is no clearer for that.
  text.isEmpty || text.utf8.contains { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\"") }
}

private func oneLine(_ text: String) -> String { TerminalText.safe(text, showing: .escape) }
