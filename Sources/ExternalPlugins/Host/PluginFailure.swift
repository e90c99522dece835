internal import Base
internal import Glibc
internal import Posix
internal import YAML

/// What a plugin did that its request cannot go on.
public struct PluginFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The name of the plugin.
  public var plugin: String
  /// The end of a sentence that begins with the plugin's name.
  public var message: String
  /// The last of what it wrote to standard error.
  public var standardError: String

  /// The whole sentence, and what the program wrote to its standard error.
  public var description: String { ([sentence] + details).joined(separator: "\n") }

  var sentence: String {
    "the plugin \"\(plugin)\" \(message)" + (details.isEmpty ? "" : "; its standard error:")
  }

  /// The lines of its standard error.
  var details: [String] {
    let text = standardError.trimmingNewlines
    return text.isEmpty ? [] : text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}

extension ExternalManifest {
  /// What went wrong with a run that ended so; nil when nothing did.
  func failure(_ end: ProcessEnd) -> PluginFailure? {
    message(end).map { failure($0, standardError: end.standardError) }
  }

  func failure(_ message: String, standardError: String) -> PluginFailure {
    PluginFailure(plugin: name.value, message: message, standardError: standardError)
  }

  private func message(_ end: ProcessEnd) -> String? {
    switch end.stop {
    case .timeLimit?: return "did not end within its time limit of \(limits.time.text) (\(limits.place(of: .time)))"
    case .outputLimit?:
      return "wrote more than its limit of \(byteText(limits.output)) to standard output (\(limits.place(of: .output)))"
    case .standardErrorLimit?:
      return "wrote more than its limit of \(byteText(limits.standardError)) to standard error "
        + "(\(limits.place(of: .stderr)))"
    case .refused?, .cancelled?, .abandoned?: return "was ended"
    case nil: break
    }
    if let failure = end.failure {
      let reason = errorText(failure.code)
      return failure.step == "exec"
        ? "cannot be started: \(command[0]): \(reason)" : "cannot be started: cannot \(failure.step): \(reason)"
    }
    if end.processCount != nil {
      return "had more than its limit of \(limits.processes) processes and threads (\(limits.place(of: .processes)))"
    }
    guard let status = end.status else { return "was ended by something outside of musterd" }
    let signal = status & 0x7F
    if signal == 0 {
      let code = (status >> 8) & 0xFF
      return code == 0 ? nil : "ended with exit code \(code)"
    }
    switch signal {
    case SIGXCPU:
      return "used more than its limit of \(limits.cpuTime.text) of CPU time (\(limits.place(of: .cpu)))"
    case SIGXFSZ:
      return "wrote more than its limit of \(byteText(limits.output)) to a file (\(limits.place(of: .output)))"
    default: return "was ended by the signal \(signalName(signal))"
    }
  }
}

private func signalName(_ signal: Int32) -> String {
  let names: [Int32: String] = [
    SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE", SIGHUP: "SIGHUP", SIGILL: "SIGILL", SIGINT: "SIGINT",
    SIGKILL: "SIGKILL", SIGPIPE: "SIGPIPE", SIGSEGV: "SIGSEGV", SIGSYS: "SIGSYS", SIGTERM: "SIGTERM",
    SIGTRAP: "SIGTRAP",
  ]
  return names[signal] ?? "\(signal)"
}

extension String {
  fileprivate var trimmingNewlines: String {
    var text = self[...]
    while text.last?.isNewline == true { text = text.dropLast() }
    return String(text)
  }
}
