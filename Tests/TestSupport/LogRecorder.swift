public import Logging

/// Keeps the lines of a log.
public struct LogRecorder: LogHandler {
  /// What belongs to every line.
  public var metadata: Logger.Metadata = [:]
  /// The least level that is kept.
  public var logLevel = Logger.Level.info
  private let probe: Probe

  /// Notes each line as `level: message key=value`, without what differs from run to run.
  public init(probe: Probe) { self.probe = probe }

  /// What belongs to every line under that key.
  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Notes the line.
  public func log(event: LogEvent) {
    let metadata = metadata.merging(event.metadata ?? [:]) { $1 }.filter {
      !["connection", "peer-pid", "peer-uid"].contains($0.key)
    }
    let fields = metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    probe.note("\(event.level): \(event.message)\(fields)")
  }
}
