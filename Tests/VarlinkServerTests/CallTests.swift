import Glibc
import JSON
import TestSupport
import Testing
import Varlink
import VarlinkServer

@Suite(.blocking, .timeLimit(.minutes(10))) struct ServerCallTests {
  @Test func aCallIsAnswered() async throws {
    try await withServer { test in
      try await onThread {
        let client = try Client(connectingTo: .unix(path: test.path))
        #expect(try client.call("org.example.test.Echo", ["text": "é\"\n"]) == ["text": "é\"\n"])
        #expect(
          try client.call("org.example.test.Echo", ["to": .integer(.min)], timeout: .seconds(60)) == [
            "to": .integer(.min)
          ])
      }
      let statistics = test.server.statistics
      #expect(statistics.callCount == 2)
      #expect(statistics.acceptedConnectionCount == 1)
    }
  }

  @Test func theServiceDescribesItself() async throws {
    try await withServer { test in
      try await onThread {
        let client = try Client(connectingTo: .unix(path: test.path))
        #expect(
          try client.call("org.varlink.service.GetInfo") == [
            "vendor": "Example", "product": "Test", "version": "1", "url": "https://example.org",
            "interfaces": ["org.varlink.service", "org.example.test"],
          ])
        let method = "org.varlink.service.GetInterfaceDescription"
        #expect(
          try client.call(method, ["interface": "org.example.test"]) == ["description": "interface org.example.test\n"])
        let own = try client.call(method, ["interface": "org.varlink.service"])["description"]?.stringValue ?? ""
        for name in ["GetInfo", "GetInterfaceDescription", "ExpectedMore()", "PermissionDenied()"] {
          #expect(own.contains(name))
        }
      }
    }
  }

  @Test(arguments: [
    (Call("org.example.test.Nothing"), VarlinkError.methodNotFound("org.example.test.Nothing")),
    (Call("org.example.other.Echo"), .interfaceNotFound("org.example.other")),
    (Call("Echo"), .methodNotFound("Echo")),
    (Call(""), .methodNotFound("")),
    (Call("org.example.test."), .methodNotFound("org.example.test.")),
    (Call("org.example.test.Echo", ["text": 1, "txet": 2]), .invalidParameter("txet")),
    (Call("org.example.test.Echo", mode: .upgrade), .invalidParameter("upgrade")),
    (Call("org.example.test.Count"), .expectedMore),
    (Call("org.example.test.Raw"), .expectedUpgrade),
    (Call("org.example.test.Fail"), VarlinkError("org.example.test.InternalError")),
    (Call("org.example.test.Unsendable"), VarlinkError("org.example.test.InternalError")),
    (Call("org.example.test.Refuse"), VarlinkError("org.example.test.Refused", ["text": "a\u{FFFD}b"])),
    (Call("org.varlink.service.GetInfo", ["x": 1]), .invalidParameter("x")),
    (Call("org.varlink.service.GetInterfaceDescription"), .invalidParameter("interface")),
    (Call("org.varlink.service.GetInterfaceDescription", ["interface": 1]), .invalidParameter("interface")),
    (
      Call("org.varlink.service.GetInterfaceDescription", ["interface": "org.none"]),
      .interfaceNotFound("org.none")
    ),
  ])
  func errorsAreRepliesAndTheConnectionGoesOn(call: Call, expected: VarlinkError) async throws {
    try await withServer { test in
      try await onThread {
        let socket = try RawSocket(path: test.path)
        try socket.send(call, Call("org.example.test.Echo"))
        #expect(try socket.receiveReply() == Reply(expected))
        #expect(try socket.receiveReply() == Reply())
      }
      #expect(test.server.statistics.errorReplyCounts == [expected.name: 1])
    }
  }

  @Test func anUnexpectedErrorIsLogged() async throws {
    try await withServer { test in
      try await onThread {
        let client = try Client(connectingTo: .unix(path: test.path))
        #expect(throws: ClientError.errorReply(VarlinkError("org.example.test.InternalError"))) {
          try client.call("org.example.test.Fail")
        }
      }
      #expect(test.log.events.contains("error: call failed error=on purpose method=org.example.test.Fail"))
    }
  }

  @Test func aEscapedNULOfTheClientDoesNotComeBack() async throws {
    try await withServer { test in
      try await onThread {
        let socket = try RawSocket(path: test.path)
        socket.send("{\"method\":\"org.example.test.\\u0000\"}\0")
        #expect(try socket.receiveReply() == Reply(.methodNotFound("org.example.test.\u{FFFD}")))
      }
    }
  }

  @Test func aSuccessWithoutDataHasParametersOnTheWire() async throws {
    try await withServer { test in
      try await onThread {
        let socket = try RawSocket(path: test.path)
        try socket.send(Call("org.example.test.Echo"))
        #expect(socket.receive() == Array("{\"parameters\":{}}\0".utf8))
      }
    }
  }

  @Test func theServiceKnowsItsPeer() async throws {
    try await withServer { test in
      try await onThread {
        let reply = try Client(connectingTo: .unix(path: test.path)).call("org.example.test.Peer")
        #expect(
          reply == [
            "uid": .integer(Int64(getuid())), "gid": .integer(Int64(getgid())), "pid": .integer(Int64(getpid())),
          ])
      }
    }
  }

  @Test func moreGivesEveryReplyInOrder() async throws {
    try await withServer { test in
      try await onThread {
        let client = try Client(connectingTo: .unix(path: test.path))
        var numbers: [Int64] = []
        try client.callMore("org.example.test.Count", ["to": 1000]) { numbers.append($0["number"]?.integerValue ?? 0) }
        #expect(numbers == Array(1...1000))
        #expect(try client.call("org.example.test.Echo") == [:])
      }
    }
  }

  @Test func aThousandPipelinedCallsAreAnsweredInOrder() async throws {
    try await withServer { test in
      try await onThread {
        let socket = try RawSocket(path: test.path)
        socket.send(try (0..<1000).flatMap { try Call("org.example.test.Echo", ["to": .integer($0)]).encoded() })
        for number in 0..<1000 as Range<Int64> {
          #expect(try socket.receiveReply() == Reply(["to": .integer(number)]))
        }
      }
    }
  }

  @Test func aCallInSingleBytesIsAnswered() async throws {
    try await withServer { test in
      try await onThread {
        let socket = try RawSocket(path: test.path)
        for byte in try Call("org.example.test.Echo", ["text": "slow"]).encoded() { socket.send([byte]) }
        #expect(try socket.receiveReply() == Reply(["text": "slow"]))
      }
    }
  }

  @Test func onewayCallsRunAndAreNeverAnswered() async throws {
    try await withServer { test in
      try await onThread {
        let socket = try RawSocket(path: test.path)
        try socket.send(
          Call("org.example.test.Note", ["text": "noted"], mode: .oneway), Call("org.example.test.Fail", mode: .oneway),
          Call("no.such.Method", mode: .oneway), Call("org.example.test.Echo", ["text": "first answer"]))
        #expect(try socket.receiveReply() == Reply(["text": "first answer"]))
      }
      #expect(test.probe.events == ["noted"])
    }
  }

  @Test func aOnewayCallIsDoneThoughItsClientIsGone() async throws {
    try await withServer { test in
      for number in 0..<20 {
        try await onThread {
          let client = try Client(connectingTo: .unix(path: test.path))
          try client.callOneway("org.example.test.Note", ["text": "before"])
          try client.callOneway("org.example.test.Note", ["text": .string("noted \(number)")])
          client.close()
        }
        try await test.probe.wait(for: "noted \(number)")
      }
    }
  }
}
