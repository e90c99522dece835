internal import Logging
internal import Pipeline
internal import Posix

/// Says as a warning in the log what else only the kernel would say, when it ends the daemon.
func warnOfMemory(_ limits: Configuration.Limits, logger: Logger) {
  guard let excess = limits.memoryExcess() else { return }
  logger.warning("\(excess)", metadata: ["sum": "\(excess.sum)", "allowed": "\(excess.allowed.byteCount)"])
}
