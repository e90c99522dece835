import Glibc
import JSON
import TestSupport
import Testing
import Varlink
import VarlinkServer

@Suite(.blocking, .timeLimit(.minutes(10))) struct HangUpTests {
  private let wait = Call("org.example.test.Wait")
  private let echo = Call("org.example.test.Echo", ["text": "x"])
  private let note = Call("org.example.test.Note", ["text": "noted"])

  @Test func aHangUpDuringACallCancelsIt() async throws {
    try await withServer { test in
      let socket = try RawSocket(path: test.path)
      try socket.send(wait)
      try await test.probe.wait(for: "waiting")
      socket.close()
      try await test.probe.wait(for: "cancelled")
      #expect(test.log.events == ["info: listening address=unix:\(test.path)"], "a hang-up is no failure")
      #expect(test.server.statistics.errorReplyCounts == [:])
    }
  }

  @Test func soDoesAShutdownByASignalHandler() async throws {
    try await withServer { test in
      let client = try Client(connectingTo: .unix(path: test.path))
      let descriptor = client.descriptor
      async let ended: Void = test.probe.wait(for: "cancelled")
      let waiting = Task {
        try await onThread {
          _ = #expect(throws: ClientError.connectionLost(errno: nil)) {
            try Client(adopting: duplicate(descriptor)).call("org.example.test.Wait")
          }
        }
      }
      try await test.probe.wait(for: "waiting")
      shutdown(descriptor, Int32(SHUT_RDWR))
      try await ended
      try await waiting.finished
      client.close()
    }
  }

  @Test func aHangUpIsNoticedWhileReadingIsStopped() async throws {
    try await withServer(configure: { $0.limits.readAheadByteCount = 1024 }) { test in
      try await onThread {
        let socket = try RawSocket(path: test.path)
        try socket.send(wait)
        // More than the read-ahead takes: the rest stays in the kernel.
        #expect(socket.send([UInt8](repeating: UInt8(ascii: " "), count: 100_000)))
        socket.close()
      }
      try await test.probe.wait(for: "cancelled")
    }
  }

  @Test func aHangUpIsNoticedAfterAHalfClose() async throws {
    try await withServer { test in
      let socket = try RawSocket(path: test.path)
      try socket.send(wait)
      socket.endOutput()
      try await test.probe.wait(for: "waiting")
      // The half-close alone must not cancel: by the time of this call's answer it was seen.
      try await onThread { try Client(connectingTo: .unix(path: test.path)).call("org.example.test.Echo") }
      #expect(test.probe.events == ["waiting"])
      socket.close()
      try await test.probe.wait(for: "cancelled")
    }
  }

  @Test func afterAHalfCloseWhatWasPipelinedIsAnsweredAndFlushed() async throws {
    try await withServer { test in
      try await onThread {
        let socket = try RawSocket(path: test.path)
        let text = String(repeating: "x", count: 100_000)
        for _ in 0..<5 { try socket.send(Call("org.example.test.Echo", ["text": .string(text)])) }
        try socket.send(note, echo)
        socket.endOutput()
        for _ in 0..<5 { #expect(try socket.receiveReply() == Reply(["text": .string(text)])) }
        #expect(try socket.receiveReply() == Reply())
        #expect(try socket.receiveReply() == Reply(["text": "x"]))
        #expect(socket.receive() == [])
      }
    }
  }

  @Test func whatWaitsBehindACallThatWasHungUpOnIsNotDone() async throws {
    try await withServer { test in
      let socket = try RawSocket(path: test.path)
      try socket.send(wait, note)
      try await test.probe.wait(for: "waiting")
      socket.close()
      try await test.probe.wait(for: "cancelled")
      try await onThread { try Client(connectingTo: .unix(path: test.path)).call("org.example.test.Echo") }
      #expect(test.probe.events == ["waiting", "cancelled"])
    }
  }

  @Test func aStreamEndsWithItsClient() async throws {
    try await withServer { test in
      let socket = try RawSocket(path: test.path)
      try socket.send(Call("org.example.test.Flood", ["size": 1000], mode: .more))
      try await test.probe.wait(for: "sent")
      socket.close()
      try await test.probe.wait(for: "flood ended: CancellationError()")
    }
  }
}
