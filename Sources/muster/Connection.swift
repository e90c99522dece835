import JSON
import MusterAPI
import Varlink

/// A connection to one musterd, the errors of which are told in the words of the user.
///
/// A musterd that ends while it has a call, as when it crashes or a watchdog replaces it, is asked once more: behind a
/// socket that systemd holds, its successor answers. A call is repeated only when nothing was received for it.
final class Connection {
  /// Whom we talk to.
  enum Peer {
    case address(Address)
    case standalone(StandaloneService)
  }

  let peer: Peer
  let watch: Watch
  private var client: Client
  private let timeout: Duration?

  init(address: Address, timeout: Duration?, watch: Watch) throws(Failure) {
    peer = .address(address)
    self.timeout = timeout
    self.watch = watch
    do {
      client = try Client(connectingTo: address, timeout: timeout)
    } catch {
      throw Failure(error, of: "connect", to: peer)
    }
    tellWatch()
  }

  init(standalone configuration: String, timeout: Duration?, watch: Watch) throws(Failure) {
    let service = try StandaloneService(configuration: configuration)
    peer = .standalone(service)
    self.timeout = timeout
    self.watch = watch
    do {
      client = try service.start()
    } catch {
      throw Failure(error, of: "connect", to: peer)
    }
  }

  /// Whether further calls can be made: a reply that came too late ends the connection, an error does not.
  var isOpen: Bool { client.isOpen }

  /// Ends the connection, and waits for the end of a private musterd.
  func close() {
    client.close()
    watch.endProgress()
  }

  /// Makes a call and waits for its reply.
  ///
  /// - Parameter isRepeatable: a second call does no more than a single one.
  func call(
    _ method: String, _ parameters: some Encodable = JSONObject(), isRepeatable: Bool = true
  ) throws(Failure) -> JSONObject {
    let parameters = encoded(parameters)
    return try repeating(method, isRepeatable, timeout) { client, timeout throws(ClientError) in
      try client.call(method, parameters, timeout: timeout)
    }
  }

  /// Makes a call that is answered in pages, and puts them together: the first one, in which the lists go on with those
  /// of the others.
  ///
  /// - Parameter append: takes the elements of a page behind those that are there.
  func collect(
    _ method: String, _ parameters: some Encodable = JSONObject(), lists names: [String],
    append: (inout [JSONValue], [JSONValue]) -> Void = { $0 += $1 }
  ) throws -> JSONObject {
    var first: JSONObject?
    var lists = names.map { _ in [JSONValue]() }
    var isPaged = false
    try replies(to: method, parameters) { page in
      isPaged = first != nil
      try checkRevision(page["revision"]?.stringValue, first?["revision"]?.stringValue, method)
      if first == nil { first = page }
      for (index, name) in names.enumerated() { append(&lists[index], page[name]?.arrayValue ?? []) }
    }
    guard var whole = first else { throw violation(of: method, "there is no reply") }
    if isPaged {
      for (name, list) in zip(names, lists) { whole[name] = .array(list) }
    }
    return whole
  }

  /// No result may mix two revisions.
  func checkRevision(_ revision: String?, _ first: String?, _ method: String) throws(Failure) {
    if let revision, let first, revision != first {
      throw violation(of: method, "the result mixes the revisions \(first) and \(revision)")
    }
  }

  /// Makes a call that is answered in any number of replies, and hands each over as it comes. A patient one has no
  /// timeout.
  func stream<Reply: Decodable>(
    _ method: String, _ parameters: some Encodable, isPatient: Bool = false, isRepeatable: Bool = true,
    _ body: (Reply) throws -> Void
  ) throws {
    try replies(to: method, parameters, isPatient: isPatient, isRepeatable: isRepeatable) { reply in
      try body(decode(reply, of: method))
    }
  }

  private func replies(
    to method: String, _ parameters: some Encodable, isPatient: Bool = false, isRepeatable: Bool = true,
    _ body: (JSONObject) throws -> Void
  ) throws {
    let parameters = encoded(parameters)
    var (replies, reply) = try repeating(method, isRepeatable, isPatient ? nil : timeout) {
      client, timeout throws(ClientError) in
      var replies = try client.callMore(method, parameters, timeout: timeout)
      let reply = try replies.next()
      return (replies, reply)
    }
    while let current = reply {
      try body(current)
      do { reply = try replies.next() } catch { throw explain(error, method) }
    }
  }

  /// The reply in a type that ignores what it does not know.
  func decode<Reply: Decodable>(_ reply: JSONObject, of method: String) throws(Failure) -> Reply {
    do {
      return try JSONValue.object(reply).decode(Reply.self)
    } catch {
      throw violation(of: method, "\(error.path.dotted): \(error.message)")
    }
  }

  /// The answer is not what the interface has it to be.
  func violation(of method: String, _ what: String) -> Failure {
    Failure(
      status: .protocolViolation,
      message: "the answer to \(method) is not as agreed: \(peer): \(what); is musterd of another version?")
  }

  /// Has a call made, and made again over a new connection when the first one was lost before anything came.
  private func repeating<Result>(
    _ method: String, _ isRepeatable: Bool, _ timeout: Duration?,
    _ call: (Client, Duration?) throws(ClientError) -> Result
  ) throws(Failure) -> Result {
    let start = ContinuousClock.now
    do {
      return try call(client, timeout)
    } catch {
      guard isRepeatable, case .connectionLost = error, case .address(let address) = peer else {
        throw explain(error, method)
      }
      // What is left of the time that the user gives.
      let remaining = timeout.map { max($0 - (ContinuousClock.now - start), .milliseconds(1)) }
      guard let successor = try? Client(connectingTo: address, timeout: remaining) else { throw explain(error, method) }
      client = successor
      tellWatch()
      do {
        return try call(successor, remaining)
      } catch {
        throw explain(error.told(within: timeout), method)
      }
    }
  }

  private func encoded(_ parameters: some Encodable) -> JSONObject {
    // Structs of strings always encode.
    (try? JSONValue(encoding: parameters))?.objectValue ?? [:]
  }

  private func explain(_ error: ClientError, _ method: String) -> Failure {
    if case .standalone(let service) = peer, let failure = service.failure(of: client, error) { return failure }
    var failure = Failure(error, of: method, to: peer)
    if client.timedOutUnread {
      failure.message += "; it has not come to the call: it starts or hangs, see \"systemctl status musterd\""
    }
    return failure
  }

  private func tellWatch() {
    let (descriptor, peer) = (client.descriptor, "\(peer)")
    watch.asks { hasUnreadOutput(descriptor) ? peer : nil }
  }
}

extension Connection.Peer: CustomStringConvertible {
  var description: String {
    switch self {
    case .address(let address): address.description
    case .standalone(let service): "the musterd started with \(service.configuration)"
    }
  }
}

extension ClientError {
  /// The same, with the time that the user gave.
  fileprivate func told(within timeout: Duration?) -> ClientError {
    if case .timedOut = self, let timeout { return .timedOut(timeout) }
    return self
  }
}
