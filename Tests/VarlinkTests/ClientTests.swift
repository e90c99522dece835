import Glibc
import JSON
import TestSupport
import Testing
import Varlink

/// A service that is a script: what it will answer lies in the socket before the call is made.
private final class Script {
  let client: Client
  private let service: Int32

  init(_ answers: String, isEnding: Bool = true) throws {
    var pair: [Int32] = [0, 0]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair) == 0)
    client = Client(adopting: pair[0])
    service = pair[1]
    try answer(answers)
    if isEnding { shutdown(service, Int32(SHUT_WR)) }
  }

  func answer(_ text: String) throws {
    let bytes = Array(text.utf8)
    try #require(send(service, bytes, bytes.count, 0) == bytes.count)
  }

  deinit { close(service) }

  /// What the client has sent.
  func sent() -> String {
    var buffer = [UInt8](repeating: 0, count: 1000)
    let count = recv(service, &buffer, buffer.count, Int32(MSG_DONTWAIT))
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
  }
}

@Suite(.blocking, .timeLimit(.minutes(10))) struct ClientTests {
  @Test func aCallIsSentWithoutWhatIsEmpty() throws {
    let script = try Script("{\"parameters\":{\"a\":1,\"unknown\":[]}}\0")
    #expect(try script.client.call("a.B") == ["a": 1, "unknown": []])
    #expect(script.sent() == "{\"method\":\"a.B\"}\0")
    let second = try Script("{}\0")
    #expect(try second.client.call("a.B", ["x": "y"]) == [:])
    #expect(second.sent() == "{\"method\":\"a.B\",\"parameters\":{\"x\":\"y\"}}\0")
  }

  @Test func anErrorReplyLeavesTheConnection() throws {
    let script = try Script("{\"error\":\"a.E\",\"parameters\":{\"x\":1}}\0", isEnding: false)
    #expect(throws: ClientError.errorReply(VarlinkError("a.E", ["x": 1]))) { try script.client.call("a.B") }
    try script.answer("{\"parameters\":{\"a\":2}}\0")
    #expect(try script.client.call("a.B") == ["a": 2])
  }

  @Test(arguments: [
    ("{\"continues\":true}\0", ClientError.violation(.continuesWithoutMore)),
    ("{\"parameters\":[]}\0", .violation(.parametersNotAnObject(kind: "array"))),
    ("{\"parameters\":", .violation(.truncated(byteCount: 14))),
    ("", .connectionLost(errno: nil)),
  ])
  func whatIsNoReplyEndsTheConnection(answers: String, error: ClientError) throws {
    let script = try Script(answers)
    #expect(throws: error) { try script.client.call("a.B") }
    #expect(throws: ClientError.connectionLost(errno: EBADF)) { try script.client.call("a.B") }
  }

  @Test func aReplyThatNobodyAwaitsIsAViolation() throws {
    let script = try Script("{}\0{}\0", isEnding: false)
    try script.client.callOneway("a.B")
    #expect(try script.client.call("a.B") == [:])
    // One answer too many: it must not be taken for that to the next call.
    #expect(throws: ClientError.violation(.unexpectedReply)) { try script.client.call("a.B") }
  }

  @Test func repliesComeOneByOneAndEndWithTheLast() throws {
    let answers =
      "{\"parameters\":{\"a\":1},\"continues\":true}\0{\"parameters\":{\"a\":2}}\0"
    let script = try Script(answers, isEnding: false)
    var replies = try script.client.callMore("a.B")
    let all = [try replies.next(), try replies.next(), try replies.next()]
    #expect(all == [["a": 1], ["a": 2], nil])
    #expect(script.sent() == "{\"method\":\"a.B\",\"more\":true}\0")
    try script.answer("{\"parameters\":{\"a\":3}}\0")
    #expect(try script.client.call("a.B") == ["a": 3])
  }

  @Test func anErrorEndsTheReplies() throws {
    let script = try Script("{\"continues\":true}\0{\"error\":\"a.E\"}\0")
    var replies = try script.client.callMore("a.B")
    let first = try replies.next()
    #expect(first == [:])
    #expect(throws: ClientError.errorReply(VarlinkError("a.E"))) { try replies.next() }
    let last = try replies.next()
    #expect(last == nil)
  }

  @Test func leavingTheRepliesCancelsTheCall() throws {
    struct Enough: Error {}
    let script = try Script("{\"continues\":true}\0{\"continues\":true}\0", isEnding: false)
    var count = 0
    #expect(throws: Enough.self) {
      try script.client.callMore("a.B") { _ in
        count += 1
        throw Enough()
      }
    }
    #expect(count == 1)
    #expect(throws: ClientError.connectionLost(errno: EBADF)) { try script.client.call("a.B") }
  }

  @Test func anUpgradeHandsOverWhatIsRaw() throws {
    let script = try Script("{\"parameters\":{\"a\":1}}\0raw\0")
    let upgraded = try script.client.callUpgrade("a.B")
    #expect(upgraded.parameters == ["a": 1])
    #expect(upgraded.leftover == Array("raw\0".utf8))
    #expect(script.sent() == "{\"method\":\"a.B\",\"upgrade\":true}\0")
  }

  @Test func aServiceThatDoesNotAnswerTimesOut() throws {
    let script = try Script("{\"para", isEnding: false)
    let start = ContinuousClock.now
    #expect(throws: ClientError.timedOut(.milliseconds(50))) {
      try script.client.call("a.B", timeout: .milliseconds(50))
    }
    #expect(ContinuousClock.now - start >= .milliseconds(50))
  }

  @Test func aServiceThatDoesNotReadTimesOutToo() throws {
    let script = try Script("", isEnding: false)
    #expect(throws: ClientError.timedOut(.milliseconds(50))) {
      try script.client.call(
        "a.B", ["x": .string(String(repeating: "x", count: 5_000_000))], timeout: .milliseconds(50))
    }
  }

  @Test func whatCannotBeSentLeavesTheConnection() throws {
    let script = try Script("{}\0")
    #expect(throws: ClientError.unsendable(UnsendableValue(path: "parameters.x", reason: "a string holds U+0000"))) {
      try script.client.call("a.B", ["x": "\0"])
    }
    #expect(script.sent() == "")
    #expect(try script.client.call("a.B") == [:])
  }

  @Test func nobodyThereIsSaidWithTheAddress() {
    let error = #expect(throws: ClientError.self) { try Client(connectingTo: .unix(path: "/no/such/socket")) }
    #expect(error == .cannotConnect(.unix(path: "/no/such/socket"), errno: ENOENT))
    #expect(error?.description == "cannot connect to unix:/no/such/socket: No such file or directory")
  }

  @Test func aServiceThatDoesNotAcceptIsNotWaitedForForEver() throws {
    let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(listener) }
    // The kernel chooses an abstract name when it is given none.
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var size = socklen_t(MemoryLayout<sockaddr_un>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(listener, $0, socklen_t(MemoryLayout<sa_family_t>.size))
        _ = getsockname(listener, $0, &size)
      }
    }
    listen(listener, 0)
    let name = withUnsafeBytes(of: address.sun_path) { path in
      String(decoding: path[1..<Int(size) - MemoryLayout<sa_family_t>.size], as: UTF8.self)
    }
    let first = try Client(connectingTo: .abstract(name: name), timeout: .milliseconds(50))
    #expect(throws: ClientError.cannotConnect(.abstract(name: name), errno: EAGAIN)) {
      try Client(connectingTo: .abstract(name: name), timeout: .milliseconds(50))
    }
    first.close()
  }
}
