import ArgumentParser
import Base
import JSON
import ManualPages
import TestSupport
import Testing
import Varlink

@testable import muster

@Suite("Names of files are the bytes that were given", .blocking, .timeLimit(.minutes(10)))
struct ArgumentBytesTests {
  private func shell(_ script: String, _ service: FakeService, _ folder: TemporaryFolder) async throws -> Outcome {
    try await Program(
      ["-c", "A=\(service.address); N=$(printf 'caf\\351'); \(script)", Program.path], program: "/bin/sh",
      folder: folder.path
    ).wait()
  }

  @Test("The file that is verified is the one that was named, and so is its manifest")
  func verified() async throws {
    let (service, folder) = (try FakeService(content: ""), try TemporaryFolder())
    _ = try await shell(
      "echo 1 > $N.csv; echo '{\"a\": 1}' > $N.csv.muster.json; \"$0\" verify $N.csv --address $A", service, folder)
    let parameters = service.calls.last?.parameters
    #expect(parameters?["text"] == .string("1\n"))
    #expect(parameters?["manifest"] == .object(["a": 1]))
  }

  @Test("It is not guessed which of two names is meant that are the same text")
  func ambiguous() async throws {
    let (service, folder) = (try FakeService(content: ""), try TemporaryFolder())
    let outcome = try await shell("\"$0\" verify $N.csv $(printf 'caf\\350').csv --address $A", service, folder)
    #expect(outcome.status == 64)
    #expect(
      outcome.errors.split(separator: "\n").first
        == "muster: two arguments that are not UTF-8 may be meant: caf\u{FFFD}.csv; give one of them at a time")
    #expect(service.calls.isEmpty)
  }

  @Test("A configuration whose name a text cannot hold is refused, and none other read")
  func configuration() async throws {
    let (service, folder) = (try FakeService(content: ""), try TemporaryFolder())
    let outcome = try await shell("\"$0\" --standalone $N.yaml list", service, folder)
    #expect(outcome.status == 64)
    #expect(
      outcome.errors == "muster: the path is not UTF-8: caf\u{FFFD}.yaml; rename the file, or give a link to it\n")
  }

  @Test(
    "An address that a text cannot hold is refused, and none other asked",
    arguments: [
      ("\"$0\" list --address unix:$PWD/$N", "the address is not UTF-8: unix:"),
      ("\"$0\" --address=/$N list", "the address is not UTF-8: /caf\u{FFFD};"),
      ("\"$0\" --address exec:/$N list", "the address is not UTF-8: exec:/caf\u{FFFD};"),
      ("MUSTER_ADDRESS=/$N \"$0\" list", "MUSTER_ADDRESS is not UTF-8: /caf\u{FFFD};"),
    ])
  func address(script: String, message: String) async throws {
    let (service, folder) = (try FakeService(content: ""), try TemporaryFolder())
    let outcome = try await shell(script, service, folder)
    #expect(outcome.status == 64)
    #expect(outcome.errors.hasPrefix("muster: \(message)"), "\(outcome.errors)")
    #expect(outcome.errors.hasSuffix("; rename the file, or give a link to it\n"))
    // What is not used need not be right.
    if script.hasPrefix("MUSTER_ADDRESS") {
      let other = try await shell("MUSTER_ADDRESS=/$N \"$0\" list --address $A", service, folder)
      #expect(other.status != 64)
    }
  }

  @Test(
    "A value may begin with a mark, which makes one character of itself and the equals sign before it",
    arguments: [
      ("run r --output=$M.csv", "", "\u{301}.csv"), ("run r -o=$M.csv", "", "\u{301}.csv"),
      ("run r --set=${M}a=1", "parameters", "{\"\u{301}a\":\"1\"}"),
      ("run r --where=${M}a=1", "where", "[{\"dimension\":\"\u{301}a\",\"codes\":[\"1\"]}]"),
      ("run --format=$M r", "format", "\"\u{301}\""),
    ])
  func marked(_ command: String, _ parameter: String, _ expected: String) async throws {
    let (service, folder) = (try FakeService(content: "x\n"), try TemporaryFolder())
    let outcome = try await shell("M=$(printf '\\314\\201'); \"$0\" \(command) --address $A", service, folder)
    #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
    if parameter.isEmpty {
      #expect(folder.names.map { Array($0.utf8) } == [Array(expected.utf8)])
    } else {
      #expect(service.calls.last?.parameters[parameter] == (try JSONValue(parsing: expected)))
    }
  }

  @Test("An address may, before the verb as well", arguments: ["--address=$M list", "list --address=$M"])
  func markedAddress(_ command: String) async throws {
    let (service, folder) = (try FakeService(content: ""), try TemporaryFolder())
    let outcome = try await shell("M=$(printf '\\314\\201'); \"$0\" \(command)", service, folder)
    #expect(outcome.status == 64)
    #expect(outcome.errors.hasPrefix("muster: --address: "), "\(outcome.errors)")
  }

  @Test("Nothing else is taken apart, but what the argument parser takes apart itself")
  func unmarked() throws {
    let program = try CommandDescription(dump: Muster._dumpHelp())
    let same = [
      ["run", "r", "--output=a.csv", "-o", "=\u{301}", "--set=a=\u{301}", "=\u{301}"],
      // A flag has no value, and what is no option is none.
      ["export", "--all=\u{301}a", "--nothing=\u{301}a", "--=\u{301}", "-=\u{301}"],
      ["run", "--", "--output=\u{301}a.csv"], ["---completion", "run", "--", "--where", "--where=\u{301}a"],
    ]
    for arguments in same {
      #expect(hasSameBytes(splittingMarkedValues(arguments) { program }, arguments), "\(arguments)")
    }
    #expect(
      hasSameBytes(
        splittingMarkedValues(["run", "--set=\u{301}a=b", "--", "--set=\u{301}"]) { program },
        ["run", "--set", "\u{301}a=b", "--", "--set=\u{301}"]))
  }
}
