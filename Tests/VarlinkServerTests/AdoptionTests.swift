import Glibc
import JSON
import TestSupport
import Testing
import Varlink
import VarlinkServer

@Suite(.blocking, .timeLimit(.minutes(10))) struct AdoptionTests {
  private func socketPair() throws -> (Int32, Int32) {
    var pair: [Int32] = [0, 0]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
      throw TestFailure("no socket: \(errno)")
    }
    return (pair[0], pair[1])
  }

  @Test func aConnectedSocketIsServedAndItsEndIsTheServers() async throws {
    let (ours, theirs) = try socketPair()
    #expect(fcntl(theirs, F_SETFD, 0) == 0)
    let adopted = try AdoptedSocket(adopting: theirs)
    #expect(!adopted.isListening)
    #expect(fcntl(theirs, F_GETFD) & FD_CLOEXEC != 0)
    let server = makeServer([.adopted(adopted)])
    try await server.start()
    try await onThread {
      let client = Client(adopting: ours)
      #expect(try client.call("org.example.test.Echo", ["text": "x"]) == ["text": "x"])
      let peer = try client.call("org.example.test.Peer")
      #expect(peer["pid"] == .integer(Int64(getpid())))
      client.close()
    }
    await server.waitUntilClosed()
    #expect(server.statistics.acceptedConnectionCount == 1)
  }

  @Test func aListeningSocketIsServedAndLeftToItsOwner() async throws {
    try await withFolder { folder in
      let path = "\(folder)/socket"
      let owner = makeServer([.address(.unix(path: path))])
      try await owner.start()
      // The activator keeps its own descriptor of the socket: here that of the other server.
      let descriptor = try #require((3..<1024).first { isListening($0, at: path) })
      let adopted = try AdoptedSocket(adopting: duplicate(descriptor))
      #expect(adopted.isListening)
      let server = makeServer([.adopted(adopted)])
      try await server.start()
      await server.shutdown(within: .zero)
      #expect(access(path, F_OK) == 0)
      try await onThread { try Client(connectingTo: .unix(path: path)).call("org.example.test.Echo") }
      await owner.shutdown(within: .zero)
    }
  }

  private func isListening(_ descriptor: Int32, at path: String) -> Bool {
    var address = sockaddr_un()
    var size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    guard result == 0, address.sun_family == sa_family_t(AF_UNIX) else { return false }
    let name = withUnsafeBytes(of: address.sun_path) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return name == path && (try? AdoptedSocket(adopting: descriptor))?.isListening == true
  }

  @Test func twoPipesAreAConnection() async throws {
    let (input, output) = (try makePipe(), try makePipe())
    let (reading, writing) = (output.read, input.write)
    let server = makeServer([.streams(input: input.read, output: output.write)])
    try await server.start()
    let answer = try await onThread {
      let calls = try Call("org.example.test.Echo", ["text": "x"]).encoded() + Call("org.example.test.Peer").encoded()
      #expect(write(writing, calls, calls.count) == calls.count)
      close(writing)
      var answer: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 1000)
      while true {
        let count = read(reading, &buffer, buffer.count)
        if count <= 0 { break }
        answer += buffer.prefix(count)
      }
      close(reading)
      return String(decoding: answer, as: UTF8.self)
    }
    // A pipe has no credentials.
    #expect(
      answer == "{\"parameters\":{\"text\":\"x\"}}\0"
        + "{\"parameters\":{\"uid\":4294967295,\"gid\":4294967295,\"pid\":-1}}\0")
    await server.waitUntilClosed()
  }

  /// Which ends of the pipes the client closes, one after the other.
  enum Ending: CaseIterable {
    case inputThenReader, readerThenInput, readerAlone
  }

  @Test(arguments: Ending.allCases)
  func theEndOfTheReaderOfAPipeCancelsACall(ending: Ending) async throws {
    let (input, output) = (try makePipe(), try makePipe())
    let probe = Probe()
    let server = makeServer([.streams(input: input.read, output: output.write)], probe: probe)
    try await server.start()
    let call = try Call("org.example.test.Wait").encoded()
    #expect(write(input.write, call, call.count) == call.count)
    try await probe.wait(for: "waiting")
    if ending == .inputThenReader { close(input.write) }
    close(output.read)
    if ending == .readerThenInput { close(input.write) }
    try await probe.wait(for: "cancelled")
    await server.waitUntilClosed()
    if ending == .readerAlone { close(input.write) }
  }

  @Test(arguments: [(-1, "Bad file descriptor"), (Int32.max, "Bad file descriptor")] as [(Int32, String)])
  func aDescriptorThatIsNotThereIsAnError(descriptor: Int32, reason: String) {
    let error = #expect(throws: AdoptionError.self) { try AdoptedSocket(adopting: descriptor) }
    #expect(error?.description == "cannot serve the inherited descriptor \(descriptor): \(reason)")
  }

  @Test(arguments: [true, false]) func aSocketThatDoesNothingIsAnError(isBound: Bool) throws {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(descriptor) }
    if isBound {
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      // Of a name that the system gives.
      let code = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, socklen_t(MemoryLayout<sa_family_t>.size))
        }
      }
      try #require(code == 0)
    }
    let error = #expect(throws: AdoptionError.self) { try AdoptedSocket(adopting: descriptor) }
    #expect(error?.reason == "it neither listens nor is connected")
  }

  @Test func aDescriptorThatIsNoUnixSocketIsAnError() throws {
    let file = open("/dev/null", O_RDONLY)
    let network = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer {
      close(file)
      close(network)
    }
    #expect(throws: AdoptionError.self) { try AdoptedSocket(adopting: file) }
    let error = #expect(throws: AdoptionError.self) { try AdoptedSocket(adopting: network) }
    #expect(error?.reason == "it is no Unix stream socket")
  }
}
