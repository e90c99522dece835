import Logging
import TestSupport

/// Keeps the lines of a log.
struct LogRecorder: LogHandler {
  let probe: Probe
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let metadata = metadata.merging(event.metadata ?? [:]) { $1 }.filter {
      !["connection", "peer-pid", "peer-uid"].contains($0.key)
    }
    let fields = metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    probe.note("\(event.level): \(event.message)\(fields)")
  }
}
