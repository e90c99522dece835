internal import ExternalPlugins
internal import Glibc
internal import JSON
internal import Logging
internal import MusterAPI
internal import Pipeline
internal import Posix
internal import Varlink
internal import VarlinkServer

/// A harness under what holds for every call, whatever it is about: who may make it, how long it took, and what the log
/// says of it.
struct SupervisedHarness: DescribedInterface {
  let harness: any Harness
  let store: GenerationStore
  let lists: RunGate
  let statistics: CallStatistics
  let logger: Logger
  let throttle: LogThrottle

  var interface: InterfaceDescription { harness.interface }

  func supportsUpgrade(ofMethod method: String) -> Bool { harness.supportsUpgrade(method) }

  func handle(_ call: Call, from peer: Peer?, replies: ReplyStream) async throws -> ReplyParameters {
    let served = store.current
    let start = monotonicMicroseconds()
    let limit = SizeLimit(.replySize, of: served.generation.configuration.limits)
    do {
      let right = Right.needed(for: call.method)
      guard served.generation.configuration.access.allows(right, to: peer) else {
        throw AccessRefusal(right: right)
      }
      let reply = try await FairSemaphore.$user.withValue(peer?.uid) {
        try await inTurn(call, served.generation.configuration.limits) {
          try await harness.handle(call, in: served, replies: replies).encoded(within: limit)
        }
      }
      finish(call, from: peer, served, start, nil)
      return reply
    } catch let limit as LimitReached {
      finish(call, from: peer, served, start, limit)
      throw limit.error(of: interface.name)
    } catch let error as SizeLimitExceeded {
      let failure = error.limit.failure(of: interface.name)
      finish(call, from: peer, served, start, failure)
      throw failure.reply
    } catch let failure as CallFailure {
      finish(call, from: peer, served, start, failure)
      // It may repeat what the caller sent.
      if failure.reply.byteCount > limit.byteCount { throw limit.failure(of: interface.name).reply }
      throw failure.reply
    } catch let refusal as AccessRefusal {
      finish(call, from: peer, served, start, refusal)
      throw VarlinkError.permissionDenied
    } catch {
      finish(call, from: peer, served, start, error)
      throw error
    }
  }

  private func inTurn(
    _ call: Call, _ limits: Configuration.Limits, _ work: @escaping @Sendable () async throws -> ReplyParameters
  ) async throws -> ReplyParameters {
    guard harness.isList(String(call.methodName)) else { return try await work() }
    return try await lists.run(within: limits, work)
  }

  private func finish(
    _ call: Call, from peer: Peer?, _ served: ServedGeneration, _ start: Int64, _ error: (any Error)?
  ) {
    // The watchdog's calls say nothing about those of users.
    if let peer, peer.pid == getpid() { return }
    let duration = monotonicMicroseconds() - start
    if harness.isMeasured(String(call.methodName)) { statistics.add(method: call.method, microseconds: duration) }

    // Who changed something is worth knowing.
    let level = error.map(Self.level) ?? (Right.needed(for: call.method) == .read ? .debug : .info)
    guard level >= logger.logLevel else { return }
    var metadata: Logger.Metadata = [
      "method": "\(call.method)", "generation": "\(served.generation.number)", "duration-usec": "\(duration)",
    ]
    let named = interface.name == Exports.interface ? "export" : "plugin"
    for key in ["report", "name"] {
      if let name = call.parameters[key]?.stringValue {
        metadata[key == "name" ? named : key] = "\(name.prefix(200))"
      }
    }
    if let peer {
      metadata["peer-uid"] = "\(peer.uid)"
      metadata["peer-pid"] = "\(peer.pid)"
    }
    guard let error else {
      logger.log(level: level, "answered a call", metadata: metadata)
      return
    }
    switch error {
    case let refusal as AccessRefusal:
      metadata["right"] = "access.\(refusal.right.rawValue)"
      metadata["error"] = "\(VarlinkError.permissionDenied.name)"
    case let failure as CallFailure: metadata["error"] = "\(String("\(failure.reply)".prefix(1000)))"
    case let limit as LimitReached: metadata["error"] = "\(String("\(limit.error(of: interface.name))".prefix(1000)))"
    default: metadata["error"] = "\(String("\(error)".prefix(1000)))"
    }
    throttle.log(logger, level, error is AccessRefusal ? "refused a call" : "a call failed", metadata)
  }

  /// What a client got wrong is no matter for the administrator, unlike what it was refused and what failed here.
  static func level(of error: any Error) -> Logger.Level {
    switch error {
    case is CancellationError: .debug
    case let failure as CallFailure: failure.fault == .caller ? .info : .warning
    // Of org.varlink.service: the call was not what the interface has it to be.
    case is VarlinkError: .info
    default: .warning
    }
  }
}

/// The peer lacks a right.
private struct AccessRefusal: Error {
  var right: Right
}
