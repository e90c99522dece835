import JSON
import Logging
import Varlink

/// Finds who answers a call, checks it, and turns every outcome into one encoded reply.
struct Router: Sendable {
  private struct Entry {
    let interface: any VarlinkInterface
    let methodNames: Set<String>
  }

  private let entries: [String: Entry]

  /// Of two interfaces with the same name the first one counts; `org.varlink.service` is built in.
  init(identity: ServerConfiguration.Identity, interfaces: [any VarlinkInterface]) {
    let others = interfaces.filter { $0.name != InterfaceDescription.service.name }
    let all = [ServiceInterface(identity: identity, others: others)] + others
    entries = Dictionary(
      all.map { ($0.name, Entry(interface: $0, methodNames: Set($0.methodNames))) }, uniquingKeysWith: { a, _ in a })
  }

  struct Answer: Sendable {
    /// The final reply.
    var message: [UInt8]
    var errorName: String?
  }

  func answer(_ call: Call, from peer: Peer?, replies: ReplyStream, logger: Logger) async -> Answer {
    guard let entry = entries[String(call.interfaceName)] else {
      let interfaceName = String(call.interfaceName)
      return Self.answer(interfaceName.isEmpty ? .methodNotFound(call.method) : .interfaceNotFound(interfaceName))
    }
    do {
      try check(call, entry)
      let parameters = try await entry.interface.handle(call, from: peer, replies: replies)
      return Answer(message: try parameters.encodedReply(continues: false), errorName: nil)
    } catch let error as VarlinkError {
      return Self.answer(error)
    } catch {
      let answer = Self.answer(entry.interface.errorReply(for: error, to: call))
      // A call that was cancelled was meant to fail, and nobody waits for its reply.
      if error is CancellationError, Task.isCancelled { return Answer(message: answer.message, errorName: nil) }
      logger.error("call failed", metadata: ["method": .string(call.method), "error": "\(error)"])
      return answer
    }
  }

  private func check(_ call: Call, _ entry: Entry) throws(VarlinkError) {
    let method = String(call.methodName)
    guard entry.methodNames.contains(method) else { throw .methodNotFound(call.method) }
    if let parameter = entry.interface.invalidParameter(in: call.parameters, ofMethod: method) {
      throw .invalidParameter(parameter)
    }
    // There is no error for this in the protocol, and a plain reply would be taken for the confirmation.
    if call.mode == .upgrade, !entry.interface.supportsUpgrade(ofMethod: method) { throw .invalidParameter("upgrade") }
  }

  /// What cannot be sent is left out: an error reply must never fail to be one.
  static func answer(_ error: VarlinkError) -> Answer {
    if let message = try? Reply(error).encoded() { return Answer(message: message, errorName: error.name) }
    // Not before: to look through a long text takes time.
    let withoutNUL = error.withoutNUL
    for candidate in [withoutNUL, VarlinkError(withoutNUL.name)] {
      if let message = try? Reply(candidate).encoded() { return Answer(message: message, errorName: candidate.name) }
    }
    return answer(.methodNotImplemented(""))
  }
}

extension VarlinkError {
  /// U+0000, which may come in from the wire as an escape, must not go out: it becomes U+FFFD.
  fileprivate var withoutNUL: VarlinkError {
    func replaced(_ text: String) -> String {
      String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }
    let parameters = parameters.members.map { name, value in
      (replaced(name), value.stringValue.map { .string(replaced($0)) } ?? value)
    }
    return VarlinkError(replaced(name), JSONObject(parameters))
  }
}
