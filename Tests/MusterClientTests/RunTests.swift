import Glibc
import JSON
import TestSupport
import Testing
import Varlink

@Suite("A report is run with the user's wishes", .blocking, .timeLimit(.minutes(10)))
struct RunTests {
  @Test("Parameters, format and the wish for several replies reach the daemon")
  func call() async throws {
    let service = try FakeService(content: "x\n")
    let outcome = try await muster(
      "run", "r", "--set", "scheme=region", "--set", "filter=a=b", "--set=empty=", "--format", "json", "--address",
      service.address)
    #expect(outcome.status == 0)
    let call = Call(
      "org.muster.Reports.Run",
      [
        "report": "r", "parameters": ["empty": "", "filter": "a=b", "scheme": "region"], "format": "json",
      ], mode: .more)
    #expect(service.calls == [call])
  }

  @Test("Outside a terminal the result is CSV, its pieces joined byte by byte")
  func pieces() async throws {
    let service = try FakeService(content: "country,to", "tal\npoland,", "", "3\n")
    let outcome = try await muster("run", "r", "--output", "-", "--address", service.address)
    #expect(outcome.status == 0)
    #expect(outcome.output == "country,total\npoland,3\n")
    #expect(outcome.errors == "")
    #expect(service.calls.map { $0.parameters["format"] } == ["csv"])
  }

  @Test("What a newer daemon adds to its replies is ignored")
  func unknownParameters() async throws {
    let service = try FakeService(replies: [
      Reply(["revision": "a", "progress": 0.5], continues: true),
      Reply(["revision": "a", "content": "x\n", "checksum": ["sha256": "0"]]),
    ])
    let outcome = try await muster("run", "r", "--address", service.address)
    #expect(outcome.status == 0)
    #expect(outcome.output == "x\n")
  }

  @Test("A result of many megabytes comes whole")
  func large() async throws {
    let piece = String(repeating: "0123456789abcde\n", count: 16_384)
    let service = try FakeService { _, peer in
      for index in 0..<40 { try peer.send(Reply(["revision": "a", "content": .string(piece)], continues: index < 39)) }
    }
    let outcome = try await muster("run", "r", "--address", service.address)
    #expect(outcome.status == 0)
    #expect(outcome.output.utf8.count == 40 * piece.utf8.count)
  }

  @Test("A reader that has seen enough is no error")
  func brokenPipe() async throws {
    let service = try FakeService { _, peer in
      while true { try peer.send(Reply(["revision": "a", "content": "line\n"], continues: true)) }
    }
    let pipe = try makePipe()
    let program = try Program(["run", "r", "--address", service.address], output: pipe.write)
    close(pipe.write)
    var byte: UInt8 = 0
    #expect(read(pipe.read, &byte, 1) == 1)
    close(pipe.read)
    let outcome = try await program.wait()
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
  }

  @Test("A pipe that somebody made non-blocking still gets all of it")
  func nonBlockingPipe() async throws {
    let text = String(repeating: "0123456789abcde\n", count: 65_536)
    let service = try FakeService { _, peer in
      try peer.send(Reply(["revision": "a", "content": .string(text)]))
    }
    let pipe = try makePipe()
    _ = fcntl(pipe.write, F_SETFL, O_NONBLOCK)
    let program = try Program(["run", "r", "--address", service.address], output: pipe.write)
    close(pipe.write)
    #expect(readToEnd(pipe.read) == text)
    close(pipe.read)
    #expect(try await program.wait().status == 0)
  }

  @Test("An error in the middle of a result ends it with a failure")
  func lateError() async throws {
    let service = try FakeService(replies: [
      Reply(["revision": "a", "content": "half\n"], continues: true),
      Reply(VarlinkError("org.muster.Reports.ReportFailed", ["report": "r", "reason": "no more"])),
    ])
    let outcome = try await muster("run", "r", "--address", service.address)
    #expect(outcome.status == 65)
    #expect(outcome.errors == "muster: the report failed: r: no more\n")
  }
}
