import JSON
import MusterAPI
import Varlink

/// A connection to one musterd, the errors of which are told in the words of the user.
struct Connection {
  /// Whom we talk to.
  enum Peer {
    case address(Address)
    case standalone(StandaloneService)
  }

  let peer: Peer
  let watch: Watch
  private let client: Client
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
  func call(_ method: String, _ parameters: some Encodable = JSONObject()) throws(Failure) -> JSONObject {
    do {
      return try client.call(method, encoded(parameters), timeout: timeout)
    } catch {
      throw explain(error, method)
    }
  }

  /// Makes a call that is answered in any number of replies, and hands each over as it comes. A patient one has no
  /// timeout.
  func stream<Reply: Decodable>(
    _ method: String, _ parameters: some Encodable, isPatient: Bool = false, _ body: (Reply) throws -> Void
  ) throws {
    var replies: Client.Replies
    do {
      replies = try client.callMore(method, encoded(parameters), timeout: isPatient ? nil : timeout)
    } catch {
      throw explain(error, method)
    }
    while true {
      let reply: JSONObject?
      do { reply = try replies.next() } catch { throw explain(error, method) }
      guard let reply else { return }
      try body(decode(reply, of: method))
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

  private func encoded(_ parameters: some Encodable) -> JSONObject {
    // Structs of strings always encode.
    (try? JSONValue(encoding: parameters))?.objectValue ?? [:]
  }

  private func explain(_ error: ClientError, _ method: String) -> Failure {
    if case .standalone(let service) = peer, let failure = service.failure(of: client, error) { return failure }
    return Failure(error, of: method, to: peer)
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
