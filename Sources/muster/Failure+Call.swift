import Base
import Glibc
import JSON
import MusterAPI
import Posix
import Varlink

extension Failure {
  /// Why a call has no result, and what the user can do about it.
  init(_ error: ClientError, of method: String, to peer: Connection.Peer) {
    switch error {
    case .cannotConnect(let address, let code): self.init(connectingTo: address, code)
    case .connectionLost, .violation(.truncated):
      self.init(
        status: .unavailable,
        message: "lost musterd before its answer to \(method) was whole: \(peer); its log says why, try again")
    case .violation(.tooLong(let limit)):
      self.init(
        status: .badData,
        message: """
          the answer to \(method) is too long: \(peer): a reply has more than \(limit) bytes, the most that muster \
          takes; \(Self.advice(onLongReplyTo: method))
          """)
    case .violation(let violation):
      self.init(status: .protocolViolation, message: "this is no musterd: \(peer): \(violation); check the address")
    case .timedOut(let time):
      self.init(status: .timedOut, message: "no answer to \(method) within \(time): \(peer); give a longer --timeout")
    case .unsendable(let value): self.init(status: .usage, message: value.description)
    case .errorReply(let error): self.init(error, of: method, from: peer)
    }
  }

  private init(connectingTo address: Address, _ code: Int32) {
    let reason = errorText(code)
    switch (address, code) {
    case (.exec(let path), _):
      self.init(status: .unavailable, message: "cannot start the service: \(path): \(reason)")
    case (_, EACCES), (_, EPERM):
      self.init(
        status: .denied,
        message: "access denied: \(address): \(reason); the owner, group and mode of the socket say who may connect")
    default:
      let what = code == EAGAIN ? "it accepts no connection in time" : reason
      self.init(
        status: .unavailable,
        message: """
          cannot reach musterd: \(address): \(what); start it with "systemctl start musterd" or \
          "musterd --config FILE --listen \(address)", or do without it by --standalone FILE
          """)
    }
  }

  /// What the daemon answered instead of a result.
  private init(_ error: VarlinkError, of method: String, from peer: Connection.Peer) {
    if let failure = Failure(invalidConfiguration: error, of: peer) ?? Failure(replySizeOf: error, method, peer)
      ?? Failure(reports: error)
      ?? Failure(exports: error) ?? Failure(manage: error)
    {
      self = failure
      return
    }
    switch error.name {
    case VarlinkError.permissionDenied.name:
      self.init(
        status: .denied,
        message: """
          denied by musterd: \(method): \(peer); it takes the right "\(Right.needed(for: method).rawValue)", which \
          "access.\(Right.needed(for: method).rawValue)" in its configuration gives; root and its own user have it
          """)
    case Reports.InternalError.name, Exports.InternalError.name, Manage.InternalError.name:
      self.init(
        status: .internalError,
        message: "musterd failed inside: \(method): \(peer); its log says why: \"journalctl -u musterd\"")
    case _ where error.name.hasPrefix("org.varlink.service."):
      self.init(
        status: .protocolViolation,
        message: "musterd does not take the call \(method): \(peer): \(error); is it of another version?")
    default:
      self.init(status: .protocolViolation, message: "musterd answered with an unknown error: \(peer): \(error)")
    }
  }

  /// There is nothing to serve. A private musterd, too, says so in an answer.
  private init?(invalidConfiguration error: VarlinkError, of peer: Connection.Peer) {
    let problems: ([String], total: Int64)? =
      Reports.InvalidConfiguration(error).map { ($0.problems, $0.total) }
      ?? Exports.InvalidConfiguration(error).map { ($0.problems, $0.total) }
      ?? Manage.InvalidConfiguration(error).map { ($0.problems, $0.total) }
    guard let (lines, total) = problems else { return nil }
    let count = "\(total) \(total == 1 ? "problem" : "problems")"
    switch peer {
    case .standalone(let service):
      self.init(
        status: .badData, message: "musterd refuses the configuration: \(service.configuration); mend what follows")
    case .address:
      self.init(
        status: .invalidConfiguration,
        message: "musterd serves nothing: \(peer): its configuration or its dataset has \(count); mend what follows")
    }
    list(lines, of: total)
  }

  private mutating func list(_ problems: [String], of total: Int64) {
    details = problems
    let unlisted = total.subtractingClamped(Int64(problems.count))
    if unlisted > 0 { details.append("and \(unlisted) more problems, \(total) in all") }
  }

  /// What musterd would send does not fit into one reply. The user learns which answer that is and what changes it.
  private init?(replySizeOf error: VarlinkError, _ method: String, _ peer: Connection.Peer) {
    let limits =
      Reports.ResultTooLarge(error).map { [($0.limit, $0.limitBytes)] }
      ?? [
        Reports.LimitReached(error).map { ($0.limit, $0.value) },
        Exports.LimitReached(error).map { ($0.limit, $0.value) },
        Manage.LimitReached(error).map { ($0.limit, $0.value) },
      ].compactMap(\.self)
    guard let (key, byteCount) = limits.first, key == replySizeLimitKey else { return nil }
    let less = method == "\(Exports.interface).Verify" ? "give a smaller --limit, or " : ""
    self.init(
      status: .badData,
      message: """
        the answer to \(method) is too large: \(peer): a reply would have more than \(byteCount) bytes; \(less)\
        set "\(key)" higher in the configuration of musterd
        """)
  }

  private static func advice(onLongReplyTo method: String) -> String {
    switch method {
    case "\(Reports.interface).Explain", "\(Exports.interface).Verify": "give a smaller --limit"
    case "\(Reports.interface).Run": "ask for less with --where, or for another format with --output"
    default: "set \"\(replySizeLimitKey)\" lower in the configuration of musterd"
    }
  }

  private init?(reports error: VarlinkError) {
    if let error = Reports.NoSuchReport(error) {
      self.init(
        status: .noSuchReport,
        message: "no such report: \(error.report); \(question(error.suggestions))\"muster list\" shows them all")
    } else if let error = Reports.NoSuchCell(error) {
      self.init(
        status: .usage,
        message: "no such cell of \(error.report): \(error.reason)"
          + (error.suggestions.isEmpty
            ? "" : "; did you mean \(error.suggestions.map { "\"\($0)\"" }.joined(separator: " or "))?"))
    } else if let error = Reports.NoSuchFormat(error) {
      let near = question(suggestions(for: error.format, among: error.formats))
      self.init(
        status: .usage,
        message: "no such format: \(error.format); \(near)the formats are \(error.formats.joined(separator: ", "))")
    } else if let error = Reports.NoSuchParameter(error) {
      self.init(
        status: .usage,
        message: """
          no such parameter of \(error.report): \(error.parameter); \(question(error.suggestions))\
          "muster describe \(error.report)" shows them all
          """)
    } else if let error = Reports.InvalidValue(error) {
      // The reason names the nearest right value, if there is one.
      self.init(
        status: .usage,
        message: "invalid value of \(error.parameter): \(error.reason)"
          .advising("\"muster describe \(error.report)\" shows what it takes"))
    } else if let error = Reports.NoSuchFormatParameter(error) {
      self.init(
        status: .usage,
        message: """
          no such parameter of the format \(error.format): \(error.parameter); \(question(error.suggestions))\
          "muster describe" with a report shows them all
          """)
    } else if let error = Reports.InvalidFormatValue(error) {
      self.init(status: .usage, message: "invalid value of \(error.parameter): \(error.reason)")
    } else if let error = Reports.NoSuchDimension(error) {
      self.init(
        status: .usage,
        message:
          "no such dimension: \(error.dimension); \(question(error.suggestions))\"muster dimensions\" shows them all")
    } else if let error = Reports.InvalidFilter(error) {
      self.init(
        status: .usage,
        message: "cannot narrow \(error.dimension): \(error.reason)"
          .advising("\"muster dimensions \(error.dimension)\" shows its codes"))
    } else if let error = Reports.NoSuchCode(error) {
      self.init(
        status: .usage,
        message: """
          no such code of \(error.dimension): \(error.code); \(question(error.suggestions))\
          "muster dimensions \(error.dimension)" shows them all
          """)
    } else if let error = Reports.ResultTooLarge(error) {
      self.init(
        status: .badData,
        message: """
          the result is too large: \(error.step.map { "its step \($0) must hold " } ?? "")more than \
          \(error.limitBytes) bytes; the limit is set by "\(error.limit)" in the configuration of musterd
          """)
    } else if let error = Reports.LimitReached(error) {
      self.init(limit: error.limit, value: error.value, reason: error.reason)
    } else if let error = Reports.ReportFailed(error) {
      self.init(what: "the report failed: \(error.report)", reason: error.reason)
    } else {
      return nil
    }
  }

  private init?(exports error: VarlinkError) {
    if let error = Exports.NoSuchExport(error) {
      self.init(
        status: .noSuchReport,
        message: "no such export: \(error.name); \(question(error.suggestions))\"muster exports\" shows them all")
    } else if let error = Exports.NotVerifiable(error) {
      self.init(status: .badData, message: "cannot verify: \(error.name): \(error.reason)")
    } else if let error = Exports.LimitReached(error) {
      self.init(limit: error.limit, value: error.value, reason: error.reason)
    } else {
      return nil
    }
  }

  private init(limit: String, value: Int64, reason: String) {
    let value = limit.hasSuffix("_timeout") ? " of \(durationText(microseconds: value))" : " of \(value)"
    self.init(
      status: .timedOut,
      message: "a limit of musterd was reached: \(reason); it is set by \"\(limit)\"\(value) in its configuration")
  }

  /// A plugin's reason goes on with what the plugin wrote to its standard error.
  private init(what: String, reason: String) {
    let lines = reason.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    self.init(status: .badData, message: "\(what): \(lines[0])", details: Array(lines.dropFirst()))
  }

  private init?(manage error: VarlinkError) {
    if let error = Manage.LimitReached(error) {
      self.init(limit: error.limit, value: error.value, reason: error.reason)
    } else if let error = Manage.ReloadFailed(error) {
      self.init(error)
    } else if let error = Manage.NoSuchPlugin(error) {
      self.init(
        status: .usage,
        message: "no such plugin: \(error.name); \(question(error.suggestions))\"muster plugins\" shows them all")
    } else if let error = Manage.AuditFailed(error) {
      self.init(what: "no audit of \(error.name)", reason: error.reason)
    } else {
      return nil
    }
  }

  private init(_ error: Manage.ReloadFailed) {
    let count = "\(error.total) \(error.total == 1 ? "problem" : "problems")"
    self.init(
      status: .badData, message: "nothing was reloaded: \(count); what was loaded before stays in use")
    list(error.problems, of: error.total)
  }
}

/// `did you mean "a" or "b"? `, or nothing.
private func question(_ suggestions: [String]) -> String {
  if suggestions.isEmpty { return "" }
  return "did you mean \(suggestions.map { "\"\($0)\"" }.joined(separator: " or "))? "
}
