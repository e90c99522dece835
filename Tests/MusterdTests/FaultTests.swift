import Foundation
import JSON
import TestSupport
import Testing
import Varlink

/// What goes wrong below the daemon, by a library that is loaded before it.
@Suite("The daemon outlives what the system does to it", .blocking, .timeLimit(.minutes(10)))
struct FaultTests {
  let workplace: Workplace
  let environment: [String: String]

  init() throws {
    workplace = try Workplace()
    let library = "\(workplace.path)/faults.so"
    let compiled = try run(
      ["clang", "-shared", "-fPIC", "-o", library, "\(repositoryRoot)/Tests/Fixtures/faults.c"], program: "/usr/bin/env"
    )
    try #require(compiled.status == 0, "\(compiled.output)")
    environment = ["LD_PRELOAD": library]
  }

  @Test("A connection that cannot be accepted is no reason to end", arguments: ["EPERM", "EIO", "EMFILE", "EINVAL"])
  func accept(error: String) async throws {
    let daemon = try await RunningDaemon(
      in: workplace, environment: environment.merging(["FAULTS": "accept \(error) 1 3"]) { $1 })
    for _ in 1...2 { #expect(try connect(workplace).call("org.muster.Reports.List")["reports"] != nil) }
    #expect(try await daemon.stop() == 0)
  }

  @Test func aSocketThatAcceptsNothingAnyMoreEndsItAsAFailure() async throws {
    let daemon = try await RunningDaemon(
      in: workplace, environment: environment.merging(["FAULTS": "accept EIO 1 1000000"]) { $1 })
    let client = try connect(workplace)
    #expect(try await daemon.end() == 69)
    #expect(daemon.log.contains("the listening socket failed"))
    withExtendedLifetime(client) {}
  }

  @Test("Any clock will do", arguments: [-1, -100_000_000_000, 0, 253_402_300_800, Int64.min, .max])
  func clock(seconds: Int64) async throws {
    try workplace.write(
      workplace.read("musterd.yaml")
        + "\nexports:\n  directory: \(workplace.path)\n  arrivals: { report: arrivals, exporter: csv, file: a.csv, keep: 1 }\n",
      to: "musterd.yaml")
    let daemon = try await RunningDaemon(
      in: workplace, environment: environment.merging(["FAULTS_CLOCK": "\(seconds)"]) { $1 })
    let client = try connect(workplace)
    for isForced in [false, true, true] {
      let reply = try client.call("org.muster.Exports.Export", ["names": ["arrivals"], "force": .bool(isForced)])
      #expect(reply["runs"]?.arrayValue?.first?["outcome"] == "written", "\(reply)")
    }
    #expect(try client.call("org.muster.Exports.List")["exports"]?.arrayValue?.count == 1)
    #expect(try client.call("org.muster.Manage.Status")["reports"] == 3)
    #expect(try client.call("org.muster.Exports.Verify", ["name": "arrivals"])["identical"] == true)
    #expect(try await daemon.stop() == 0)
  }

  /// The limits of processes are those of a user, of whom nobody else is.
  @Test(
    "Without the threads or descriptors that it takes it says so, and neither hangs nor traps",
    .enabled(if: geteuid() == 0, "another user can only be become by root"),
    arguments: ["-u 1", "-u 2", "-u 4", "-u 8", "-u 12", "-n 6", "-n 16", "-n 40", "-n 64"])
  func resources(limit: String) async throws {
    let folder = workplace.path
    #expect(chmod(folder, 0o755) == 0)
    let script = """
      exec setpriv --reuid=54321 --regid=54321 --clear-groups bash -c 'ulimit \(limit) && exec "$@"' bash "$@"
      """
    let copy = "\(folder)/musterd"
    #expect(try run([musterd, copy], program: "/bin/cp").status == 0)
    let daemon = try RunningDaemon(
      [
        "-c", script, "sh", copy, "--config", workplace.configuration, "--listen",
        "unix:@muster-test-\(UUID().uuidString)",
      ],
      log: "\(folder)/log", program: "/bin/sh")
    #expect(try await daemon.end() == 69)
    #expect(daemon.log.contains("musterd: cannot have more than "), "\(daemon.log)")
    #expect(daemon.log.contains("ulimit \(limit.prefix(2))"))
  }
}
