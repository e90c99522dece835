import CLinux
import Foundation
import JSON
import MusterAPI
import TestSupport
import Testing
import Varlink

@Suite(
  "Who may do what is as configured", .blocking, .timeLimit(.minutes(10)),
  .enabled(if: getuid() == 0, "becomes other users"))
struct AccessTests {
  let workplace: Workplace

  init() throws {
    workplace = try Workplace()
    chmod(workplace.path, 0o755)
  }

  private func start(access: String?) async throws -> RunningDaemon {
    try configure(access: access)
    return try await RunningDaemon(in: workplace)
  }

  private func configure(access: String?) throws {
    let text = try String(contentsOfFile: "\(harboursFolder)/musterd.yaml", encoding: .utf8)
    try workplace.write(text + (access.map { "access: \($0)\n" } ?? ""), to: "musterd.yaml")
  }

  private static let methods: [(name: String, parameters: JSONObject)] = [
    ("org.varlink.service.GetInfo", [:]),
    ("org.muster.Reports.Run", ["report": "arrivals"]), ("org.muster.Manage.Status", [:]),
    ("org.muster.Exports.Export", ["all": true]), ("org.muster.Manage.Reload", [:]),
    ("org.muster.Manage.SelfTest", [:]),
  ]

  /// Which of the methods that user is allowed.
  private func allowed(uid: UInt32, gid: UInt32 = 40_000, groups: [UInt32] = []) async throws -> [String] {
    let path = workplace.socket
    return try await asUser(uid, gid, groups) {
      try Self.methods.filter { method in
        do {
          _ = try CheckedClient(Client(connectingTo: .unix(path: path))).call(method.name, method.parameters)
          return true
        } catch ClientError.errorReply(.permissionDenied) {
          return false
        }
      }.map { String($0.name.split(separator: ".").last ?? "") }
    }
  }

  private let reading = ["GetInfo", "Run", "Status"]
  private let exporting = ["GetInfo", "Run", "Status", "Export"]
  private let all = ["GetInfo", "Run", "Status", "Export", "Reload", "SelfTest"]

  @Test func whoChangesSomethingIsLogged() async throws {
    let place = try Workplace()
    let daemon = try await RunningDaemon(in: place)
    _ = try CheckedClient(connect(place)).call("org.muster.Manage.Reload")
    try await waitUntil("it is logged") {
      daemon.log.split(separator: "\n").contains {
        $0.contains(" info answered a call ") && $0.contains(" method=org.muster.Manage.Reload ")
          && $0.contains(" peer-uid=\(getuid())")
      }
    }
    #expect(try await daemon.stop() == 0)
  }

  @Test func unlessConfiguredEverybodyReadsAndRootManages() async throws {
    let daemon = try await start(access: nil)
    #expect(try await allowed(uid: 40_000) == reading)
    #expect(try await allowed(uid: 0) == all)
    #expect(try await daemon.stop() == 0)
  }

  @Test func usersAndGroupsByNameAndNumber() async throws {
    let daemon = try await start(
      access: "{ read: { groups: [40001] }, export: { users: 40003 }, manage: { users: [40002, daemon], groups: adm } }"
    )
    #expect(try await allowed(uid: 40_000) == ["GetInfo"])
    #expect(try await allowed(uid: 40_000, groups: [40_001]) == reading)
    #expect(try await allowed(uid: 40_000, gid: 40_001) == reading)
    #expect(try await allowed(uid: 40_003) == exporting)
    #expect(try await allowed(uid: 40_002) == all)
    let adm = try #require(getgrnam("adm")).pointee.gr_gid
    #expect(try await allowed(uid: 40_000, groups: Array(50_000..<50_100) + [adm]) == all)
    #expect(try await allowed(uid: #require(getpwnam("daemon")).pointee.pw_uid) == all)
    #expect(try await allowed(uid: 0) == all)
    #expect(try await daemon.stop() == 0)
  }

  @Test func aReloadTakesAndGivesRights() async throws {
    let daemon = try await start(access: "{ read: nobody }")
    #expect(try await allowed(uid: 40_000) == ["GetInfo"])
    try configure(access: "{ manage: { users: 40000 } }")
    #expect(try await allowed(uid: 0) == all)
    #expect(try await allowed(uid: 40_000) == all)
    #expect(try await daemon.stop() == 0)
  }

  @Test func aRefusalIsLoggedWithUserAndProcess() async throws {
    let daemon = try await start(access: nil)
    _ = try await allowed(uid: 40_000)
    let line = try #require(daemon.log.split(separator: "\n").first { $0.contains("refused a call") })
    #expect(line.contains(" warning "))
    #expect(line.contains("method=org.muster.Exports.Export"))
    #expect(line.contains("peer-uid=40000"))
    #expect(line.contains("right=access.export"))
    let pid = try #require(line.split(separator: " ").first { $0.hasPrefix("peer-pid=") })
    #expect(Int32(pid.dropFirst("peer-pid=".count)) == getpid())
    #expect(try await daemon.stop() == 0)
  }
}

/// Runs what blocks as another user, in a thread of its own.
private func asUser<Result: Sendable>(
  _ uid: UInt32, _ gid: UInt32, _ groups: [UInt32], _ body: @escaping @Sendable () throws -> Result
) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    let thread = Thread {
      guard linux_become_in_thread(uid, gid, groups, groups.count) == 0 else {
        continuation.resume(throwing: POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO))
        return
      }
      continuation.resume(with: Swift.Result { try body() })
    }
    thread.start()
  }
}
