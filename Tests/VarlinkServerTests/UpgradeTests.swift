import Glibc
import JSON
import TestSupport
import Testing
import Varlink
import VarlinkServer

@Suite(.blocking, .timeLimit(.minutes(10))) struct UpgradeTests {
  @Test func afterTheConfirmationTheBytesAreRaw() async throws {
    try await withServer { test in
      try await onThread {
        let client = try Client(connectingTo: .unix(path: test.path))
        let upgraded = try client.callUpgrade("org.example.test.Raw")
        #expect(upgraded.parameters == ["text": "raw"])
        #expect(upgraded.leftover == [])
        let socket = RawSocket(descriptor: duplicate(upgraded.descriptor))
        socket.send("{}\0\0x")
        socket.endOutput()
        #expect(socket.receiveToEnd() == Array("{}\0\0xend".utf8))
        #expect(throws: ClientError.connectionLost(errno: EBADF)) { try client.call("org.example.test.Echo") }
      }
    }
  }

  @Test func bytesRightBehindTheCallAreRawToo() async throws {
    try await withServer { test in
      try await onThread {
        let socket = try RawSocket(path: test.path)
        socket.send(try Call("org.example.test.Raw", mode: .upgrade).encoded() + Array("{}\0early".utf8))
        #expect(try socket.receiveReply() == Reply(["text": "raw"]))
        socket.endOutput()
        #expect(socket.receiveToEnd() == Array("{}\0earlyend".utf8))
      }
      #expect(test.server.statistics.violationCounts == [:])
    }
  }

  @Test func muchMoreThanTheBuffersPassesInBothDirections() async throws {
    try await withServer { test in
      let data = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
      let descriptor = try await onThread {
        let client = try Client(connectingTo: .unix(path: test.path))
        return duplicate(try client.callUpgrade("org.example.test.Raw").descriptor)
      }
      let sending = Task {
        try await onThread {
          let socket = RawSocket(descriptor: duplicate(descriptor))
          #expect(socket.send(data))
          socket.endOutput()
        }
      }
      let received = try await onThread { RawSocket(descriptor: descriptor).receiveToEnd() }
      try await sending.finished
      // Not in the macro, which would print two megabytes.
      let isWhole = received == data + Array("end".utf8)
      #expect(isWhole)
    }
  }

  @Test func aClientThatIsNotReadIsHeldBack() async throws {
    try await withServer { test in
      try await onThread {
        let socket = try RawSocket(path: test.path)
        var time = timeval(tv_sec: 0, tv_usec: 500_000)
        setsockopt(socket.descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        try socket.send(Call("org.example.test.Raw", mode: .upgrade))
        // The method waits for us to read, so it does not read either.
        var count = 0
        while count < 10_000, socket.send([UInt8](repeating: 7, count: 10_000)) { count += 1 }
        #expect(count < 300, "\(count) pieces of 10 KB were taken")
      }
    }
  }

  @Test func anUpgradeThatIsRefusedLeavesVarlink() async throws {
    try await withServer { test in
      try await onThread {
        let client = try Client(connectingTo: .unix(path: test.path))
        #expect(throws: ClientError.errorReply(.invalidParameter("upgrade"))) {
          try client.callUpgrade("org.example.test.Echo")
        }
        #expect(try client.call("org.example.test.Echo", ["text": "x"]) == ["text": "x"])
      }
    }
  }
}
