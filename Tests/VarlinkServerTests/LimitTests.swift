import Glibc
import JSON
import TestSupport
import Testing
import Varlink
import VarlinkServer

@Suite(.blocking, .timeLimit(.minutes(10))) struct LimitTests {
  @Test(arguments: [
    ("{}\0", "method-missing", #"the call has no "method""#),
    ("\0", "invalid-json", "the message is not JSON: unexpected end of the text at byte 0"),
    ("GET / HTTP/1.1\r\n\r\n\0", "invalid-json", "the message is not JSON: unexpected character at byte 0"),
    ("\u{FFFF}\u{7F}\u{1}\0", "invalid-json", "the message is not JSON: unexpected character at byte 0"),
    (
      "{\"method\":\"a.B\",\"more\":true,\"oneway\":true}\0", "conflicting-flags",
      #"only one of "more", "oneway" may be true"#
    ),
    (
      String(repeating: "[", count: 1000) + "\0", "invalid-json",
      "the message is not JSON: nested deeper than 128 levels at byte 128"
    ),
    (String(repeating: " ", count: 1001), "message-too-long", "the message is longer than 1000 bytes"),
  ])
  func garbageClosesTheConnectionAndIsLoggedAndCounted(text: String, reason: String, detail: String) async throws {
    try await withServer(configure: { $0.limits.messageByteCount = 1000 }) { test in
      try await onThread {
        let socket = try RawSocket(path: test.path)
        socket.send(text)
        #expect(socket.receive() == [])
        // Others are served.
        try Client(connectingTo: .unix(path: test.path)).call("org.example.test.Echo")
      }
      #expect(test.server.statistics.violationCounts == [reason: 1])
      let limit = reason == "message-too-long" ? " limit=message-size" : ""
      #expect(
        test.log.events.contains(
          "warning: closing a connection that does not speak Varlink detail=\(detail)\(limit) reason=\(reason)"))
    }
  }

  @Test func aStreamThatEndsInsideAMessageIsCounted() async throws {
    try await withServer { test in
      try await onThread {
        let socket = try RawSocket(path: test.path)
        socket.send("{\"method\"")
        socket.endOutput()
        #expect(socket.receive() == [])
      }
      #expect(test.server.statistics.violationCounts == ["message-truncated": 1])
    }
  }

  @Test func aMessageOfTheGreatestLengthIsAnswered() async throws {
    try await withServer(configure: { $0.limits.messageByteCount = 1_000_000 }) { test in
      try await onThread {
        let empty = try Call("org.example.test.Echo", ["text": ""]).encoded().count - 1
        let text = String(repeating: "x", count: 1_000_000 - empty)
        let client = try Client(connectingTo: .unix(path: test.path))
        #expect(try client.call("org.example.test.Echo", ["text": .string(text)]) == ["text": .string(text)])
        let error = #expect(throws: ClientError.self) {
          try client.call("org.example.test.Echo", ["text": .string(text + "x")])
        }
        guard case .connectionLost = error else {
          Issue.record("\(String(describing: error))")
          return
        }
      }
      #expect(test.server.statistics.violationCounts == ["message-too-long": 1])
    }
  }

  @Test func connectionsOverTheLimitAreClosedAndAPlaceBecomesFree() async throws {
    try await withServer(configure: { $0.limits.connectionCount = 2 }) { test in
      let first = try await onThread {
        let sockets = try (0..<2).map { _ in try Client(connectingTo: .unix(path: test.path)) }
        for socket in sockets { try socket.call("org.example.test.Echo") }
        #expect(throws: ClientError.self) {
          try Client(connectingTo: .unix(path: test.path)).call("org.example.test.Echo")
        }
        return sockets.map { duplicate($0.descriptor) }
      }
      #expect(test.server.statistics.refusedConnectionCounts == ["connections": 1])
      #expect(
        test.log.events.contains { $0.hasPrefix("warning: refusing a connection over the limit limit=connections") })
      for descriptor in first { close(descriptor) }
      try await untilServed(test)
      #expect(test.server.statistics.acceptedConnectionCount == 3)
    }
  }

  @Test func oneUserCannotTakeAllConnections() async throws {
    try await withServer(configure: { $0.limits.connectionCountPerUser = 1 }) { test in
      try await onThread {
        let client = try Client(connectingTo: .unix(path: test.path))
        try client.call("org.example.test.Echo")
        #expect(throws: ClientError.self) {
          try Client(connectingTo: .unix(path: test.path)).call("org.example.test.Echo")
        }
      }
      #expect(test.server.statistics.refusedConnectionCounts == ["connections-of-user": 1])
    }
  }

  /// The server sees a close a moment later than the client makes it.
  private func untilServed(_ test: TestServer) async throws {
    try await onThread {
      let deadline = ContinuousClock.now + .seconds(10)
      while true {
        do {
          try Client(connectingTo: .unix(path: test.path)).call("org.example.test.Echo")
          return
        } catch ClientError.connectionLost where ContinuousClock.now < deadline {
          continue
        }
      }
    }
  }

  @Test func aClientThatFallsSilentInsideACallIsClosed() async throws {
    try await withServer(configure: { $0.limits.inputTimeout = .milliseconds(50) }) { test in
      try await onThread {
        let socket = try RawSocket(path: test.path)
        socket.send("{\"method\":")
        #expect(socket.receive() == [])
      }
      #expect(test.server.statistics.violationCounts == ["input-timed-out": 1])
    }
  }

  @Test func soIsOneThatSendsItDropByDrop() async throws {
    try await withServer(configure: { $0.limits.inputTimeout = .milliseconds(200) }) { test in
      try await onThread {
        let socket = try RawSocket(path: test.path)
        let deadline = ContinuousClock.now + .seconds(10)
        while socket.send(" "), ContinuousClock.now < deadline { usleep(5000) }
        #expect(ContinuousClock.now < deadline)
      }
      #expect(test.server.statistics.violationCounts == ["input-timed-out": 1])
    }
  }

  @Test func aClientBetweenTwoCallsMayBeSilent() async throws {
    try await withServer(configure: { $0.limits.inputTimeout = .milliseconds(50) }) { test in
      try await onThread {
        let client = try Client(connectingTo: .unix(path: test.path))
        try client.call("org.example.test.Echo")
        usleep(200_000)
        try client.call("org.example.test.Echo")
      }
    }
  }

  @Test func aClientThatMakesNoCallForLongIsClosed() async throws {
    try await withServer(configure: { $0.limits.idleTimeout = .milliseconds(100) }) { test in
      try await onThread {
        let silent = try RawSocket(path: test.path)
        #expect(silent.receive() == [])
        let client = try Client(connectingTo: .unix(path: test.path))
        for _ in 0..<10 {
          usleep(30_000)
          try client.call("org.example.test.Echo")
        }
        let socket = withExtendedLifetime(client) { RawSocket(descriptor: duplicate(client.descriptor)) }
        #expect(socket.receive() == [], "it may be silent no longer than one that never called")
      }
      #expect(test.server.statistics.violationCounts == ["idle-timed-out": 2])
      #expect(
        test.log.events.contains(
          "info: closing a connection that made no call for long limit=idle-timeout reason=idle-timed-out"))
    }
  }

  @Test func aCallThatTakesLongIsNotIdleness() async throws {
    try await withServer(configure: { $0.limits.idleTimeout = .milliseconds(50) }) { test in
      let socket = try RawSocket(path: test.path)
      try socket.send(Call("org.example.test.Wait"))
      try await test.probe.wait(for: "waiting")
      try await Task.sleep(for: .milliseconds(300))
      #expect(test.server.statistics.violationCounts == [:])
      #expect(test.probe.events == ["waiting"])
      socket.close()
    }
  }

  @Test func aConnectionOverTheLimitIsAnsweredIfTheServiceHasAnErrorForThat() async throws {
    try await withServer(configure: {
      $0.limits.connectionCount = 1
      $0.limitNames.errorName = "org.example.test.Full"
      $0.limitNames.connectionCount = "most"
    }) { test in
      try await onThread {
        let client = try Client(connectingTo: .unix(path: test.path))
        try client.call("org.example.test.Echo")
        let error = #expect(throws: ClientError.self) {
          try Client(connectingTo: .unix(path: test.path)).call("org.example.test.Echo")
        }
        #expect(
          error
            == .errorReply(
              VarlinkError(
                "org.example.test.Full", ["limit": "most", "value": 1, "reason": "all connections are taken"])))
        // One that says nothing is not kept either, and many of them at once are closed without an answer.
        let silent = try (0..<100).map { _ in try RawSocket(path: test.path) }
        for socket in silent { #expect(socket.receive() == []) }
        try client.call("org.example.test.Echo")
        #expect(test.server.statistics.openConnectionCount == 1)
      }
      #expect(test.server.statistics.refusedConnectionCounts == ["most": 101])
    }
  }

  /// Three bytes of a call become fifty of memory, and a thousand connections may each make such a call.
  @Test func whatCallsTakeThatAreBeingAnsweredIsBounded() async throws {
    try await withServer(configure: {
      $0.limits.unfinishedByteCount = 1 << 20
      $0.limitNames.errorName = "org.example.test.Full"
      $0.limitNames.unfinishedByteCount = "unfinished"
    }) { test in
      let many = JSONValue.array(Array(repeating: [:], count: 15_000))
      let first = try RawSocket(path: test.path)
      try first.send(Call("org.example.test.Wait", ["text": many]))
      try await waitUntil("it is being answered") { test.probe.events == ["waiting"] }
      try await onThread {
        let second = try Client(connectingTo: .unix(path: test.path))
        let error = #expect(throws: ClientError.self) { try second.call("org.example.test.Echo", ["text": many]) }
        guard case .errorReply(let reply)? = error else { return }
        #expect(reply.name == "org.example.test.Full")
        #expect(reply.parameters["limit"] == "unfinished")
        // The connection stays, and small calls are answered.
        #expect(try second.call("org.example.test.Echo", ["text": "x"]) == ["text": "x"])
      }
      first.close()
      try await waitUntil("there is room again") {
        let third = try Client(connectingTo: .unix(path: test.path))
        return (try? third.call("org.example.test.Echo", ["text": many])) != nil
      }
      #expect(test.log.events.contains { $0.contains("refusing a call, since unfinished calls take all the room") })
    }
  }

  @Test func limitsChangeWhileTheServerRuns() async throws {
    try await withServer(configure: { $0.limits.connectionCount = 1 }) { test in
      try await onThread {
        let first = try Client(connectingTo: .unix(path: test.path))
        try first.call("org.example.test.Echo")
        #expect(throws: ClientError.self) {
          try Client(connectingTo: .unix(path: test.path)).call("org.example.test.Echo")
        }
        var limits = ServerConfiguration(identity: identity).limits
        limits.messageByteCount = 1000
        test.server.apply(limits)
        let second = try Client(connectingTo: .unix(path: test.path))
        try second.call("org.example.test.Echo")
        let text = JSONValue.string(String(repeating: "x", count: 1000))
        #expect(throws: ClientError.self) { try second.call("org.example.test.Echo", ["text": text]) }
        #expect(try first.call("org.example.test.Echo", ["text": text]) == ["text": text])
      }
    }
  }

  @Test func aConnectionOfTheServiceToItselfIsNeitherLimitedNorCounted() async throws {
    try await withServer(configure: {
      $0.limits.connectionCount = 1
      $0.limits.connectionCountPerUser = 1
    }) { test in
      try await onThread {
        let client = try Client(connectingTo: .unix(path: test.path))
        try client.call("org.example.test.Echo")
        let own = Client(adopting: try #require(test.server.connectInternally()))
        #expect(try own.call("org.example.test.Echo", ["text": "x"], timeout: .seconds(30)) == ["text": "x"])
      }
      #expect(test.server.statistics.callCount == 1)
      #expect(test.server.statistics.acceptedConnectionCount == 1)
      #expect(test.server.statistics.refusedConnectionCounts == [:])
      await test.server.shutdown(within: .zero)
      #expect(test.server.connectInternally() == nil)
    }
  }

  @Test func aStreamWaitsForASlowReaderWithBoundedMemory() async throws {
    try await withServer { test in
      let descriptor = try await onThread {
        let socket = try RawSocket(path: test.path)
        try socket.send(Call("org.example.test.Flood", ["size": 10_000], mode: .more))
        return duplicate(socket.descriptor)
      }
      // Nothing is read until the stream has come to rest.
      var count = -1
      while count != test.probe.events.count || count == 0 {
        count = test.probe.events.count
        try await Task.sleep(for: .milliseconds(200))
      }
      // The kernel takes some 200 KiB, the server twice its bound of 256 KiB.
      #expect((1...100).contains(count), "\(count) replies of 10 KB were accepted")
      try await onThread {
        let socket = RawSocket(descriptor: descriptor)
        for _ in 0..<200 {
          let reply = try socket.receiveReply()
          #expect(reply?.continues == true)
        }
        socket.close()
      }
      try await test.probe.wait(for: "flood ended: CancellationError()")
    }
  }

  @Test func aClientThatPipelinesAndNeverReadsDoesNotFillTheMemory() async throws {
    try await withServer { test in
      try await onThread {
        let socket = try RawSocket(path: test.path)
        var time = timeval(tv_sec: 0, tv_usec: 500_000)
        setsockopt(socket.descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        let call = try Call("org.example.test.Echo", ["text": .string(String(repeating: "x", count: 10_000))]).encoded()
        var count = 0
        while count < 10_000, socket.send(call) { count += 1 }
        #expect(count < 200, "\(count) calls of 10 KB were taken")
      }
    }
  }

  @Test func aClientThatNeverReadsIsClosed() async throws {
    try await withServer(configure: { $0.limits.outputTimeout = .milliseconds(100) }) { test in
      let socket = try RawSocket(path: test.path)
      try socket.send(Call("org.example.test.Flood", ["size": 10_000], mode: .more))
      try await test.probe.wait(for: "flood ended: CancellationError()")
      // The call is cancelled before the connection is closed and that is counted.
      try await waitUntil("it is counted") { !test.server.statistics.violationCounts.isEmpty }
      #expect(test.server.statistics.violationCounts == ["output-timed-out": 1])
      socket.close()
    }
  }

  @Test func aClientThatReadsSlowlyIsNotClosed() async throws {
    try await withServer(configure: { $0.limits.outputTimeout = .seconds(2) }) { test in
      try await onThread {
        let socket = try RawSocket(path: test.path)
        try socket.send(Call("org.example.test.Flood", ["size": 10_000], mode: .more))
        // Longer than the timeout in all, with something read in each period.
        for _ in 0..<6 {
          usleep(500_000)
          for _ in 0..<30 {
            let reply = try socket.receiveReply()
            #expect(reply?.continues == true)
          }
        }
      }
      #expect(test.server.statistics.violationCounts == [:])
    }
  }
}
