import Glibc
import JSON
import TestSupport
import Testing
import Varlink
import VarlinkServer

@Suite(.blocking, .timeLimit(.minutes(10))) struct ShutdownTests {
  @Test func aRunningCallFinishesAndIdleClientsAreClosed() async throws {
    try await withServer { test in
      let (idle, busy) = try await onThread {
        let idle = try Client(connectingTo: .unix(path: test.path))
        try idle.call("org.example.test.Echo")
        let busy = try RawSocket(path: test.path)
        try busy.send(Call("org.example.test.Count", ["to": 20_000], mode: .more))
        #expect(try busy.receiveReply() != nil)
        return (duplicate(idle.descriptor), duplicate(busy.descriptor))
      }
      async let shutdown: Void = test.server.shutdown(within: .seconds(50))
      try await onThread {
        #expect(RawSocket(descriptor: idle).receive() == [])
        let socket = RawSocket(descriptor: busy)
        var last: Reply?
        while let reply = try? socket.receiveReply() { last = reply }
        #expect(last == Reply(["number": 20_000]))
      }
      await shutdown
      #expect(test.server.statistics.openConnectionCount == 0)
    }
  }

  @Test func whoHasJustConnectedIsAnsweredAndWhoNeverCallsIsClosed() async throws {
    try await withServer { test in
      let (idle, early, silent) = try await onThread {
        let sockets = try (0..<3).map { _ in try RawSocket(path: test.path) }
        try sockets[0].send(Call("org.example.test.Echo"))
        #expect(try sockets[0].receiveReply() != nil)
        return (duplicate(sockets[0].descriptor), duplicate(sockets[1].descriptor), duplicate(sockets[2].descriptor))
      }
      while test.server.statistics.openConnectionCount < 3 { await Task.yield() }
      async let shutdown: Void = test.server.shutdown(within: .seconds(50))
      try await onThread {
        #expect(RawSocket(descriptor: idle).receive() == [], "from here on it shuts down")
        let early = RawSocket(descriptor: early)
        try early.send(Call("org.example.test.Echo"))
        #expect(try early.receiveReply() != nil)
        #expect(early.receive() == [])
        #expect(RawSocket(descriptor: silent).receive() == [])
      }
      await shutdown
    }
  }

  @Test func aCallThatDoesNotFinishIsCancelled() async throws {
    try await withServer { test in
      let socket = try RawSocket(path: test.path)
      try socket.send(Call("org.example.test.Wait"))
      try await test.probe.wait(for: "waiting")
      await test.server.shutdown(within: .milliseconds(50))
      #expect(test.probe.events == ["waiting", "cancelled"])
      #expect(test.log.events.contains("warning: cancelling calls that did not finish in time count=1"))
      #expect(socket.receive() == [])
      #expect(access(test.path, F_OK) != 0)
    }
  }

  @Test func everyoneWhoWaitsHearsOfTheEnd() async throws {
    try await withServer { test in
      async let first: Void = test.server.waitUntilClosed()
      async let second: Void = test.server.shutdown(within: .zero)
      async let third: Void = test.server.shutdown(within: .zero)
      _ = await (first, second, third)
      await test.server.waitUntilClosed()
    }
  }

  @Test func aServerThatWasNeverStartedCanBeShutDown() async {
    let server = makeServer([])
    await server.shutdown(within: .zero)
    await server.waitUntilClosed()
  }
}
