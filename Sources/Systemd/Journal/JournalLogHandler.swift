package import Logging
internal import Posix

/// Sends each event to the journal, with what belongs to it in fields of its own, such as `SERVICE_PEER_UID`.
///
/// The message has it all too, so that `journalctl` shows it without further options.
struct JournalLogHandler: LogHandler {
  var logLevel: Logger.Level = .info
  var metadata: Logger.Metadata = [:]
  private let label: String
  private let fieldPrefix: String
  private let journal: JournalSocket
  /// For what the journal does not take.
  private let fallback: LineLogHandler

  init(label: String, fieldPrefix: String, journal: JournalSocket) {
    self.label = label
    self.fieldPrefix = fieldPrefix
    self.journal = journal
    fallback = LineLogHandler(isJournal: true)
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    if journal.send(entry(event, all)) { return }
    var fallback = fallback
    fallback.metadata = metadata
    fallback.log(event: event)
  }

  private func entry(_ event: LogEvent, _ metadata: Logger.Metadata) -> JournalEntry {
    var entry = JournalEntry()
    entry.add("MESSAGE", lineText(of: event.message, metadata))
    entry.add("PRIORITY", "\(event.level.priority)")
    entry.add("SYSLOG_IDENTIFIER", label)
    entry.add("CODE_FILE", event.file)
    entry.add("CODE_LINE", "\(event.line)")
    entry.add("CODE_FUNC", event.function)
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      entry.add(JournalEntry.fieldName(ofKey: key, prefix: fieldPrefix), value.description)
    }
    return entry
  }
}

/// The handler for a program whose standard error is looked at by a person, kept in a file, or taken by the journal.
///
/// - Parameters:
///   - label: What the journal calls the program.
///   - fieldPrefix: With what the names of the program's own fields begin in the journal, such as `SERVICE_`: upper-case
///     letters, digits and underscores, a letter first.
package func standardLogHandler(label: String, fieldPrefix: String) -> any LogHandler {
  let isJournal = JournalSocket.isStandardError(environment: environmentValue("JOURNAL_STREAM"))
  if isJournal, let journal = JournalSocket() {
    return JournalLogHandler(label: label, fieldPrefix: fieldPrefix, journal: journal)
  }
  return LineLogHandler(isJournal: isJournal)
}
