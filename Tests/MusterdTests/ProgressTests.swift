import Foundation
import TestSupport
import Testing

/// The client on a terminal of its own, which script(1) makes; what the terminal shows is read as it comes.
private final class TerminalClient {
  private let process = Process()
  private let screen = Pipe()
  private var shown = ""

  init(_ arguments: String, of workplace: Workplace) throws {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/script")
    process.arguments = ["--quiet", "--return", "--flush", "--command", "\(muster) \(arguments)", "/dev/null"]
    process.environment = [
      "MUSTER_ADDRESS": "unix:\(workplace.socket)", "PATH": "/usr/bin:/bin", "TERM": "xterm", "SHELL": "/bin/sh",
    ]
    process.standardInput = Pipe()
    process.standardOutput = screen
    process.standardError = screen
    try process.run()
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  func read(until text: String) async throws {
    while !shown.contains(text) {
      let bytes = try await onThread { [screen] in screen.fileHandleForReading.availableData }
      if bytes.isEmpty { throw Unshown(text: text, shown: shown) }
      shown += String(decoding: bytes, as: UTF8.self)
    }
  }

  /// All that was shown, and how it ended.
  func end() async throws -> (shown: String, status: Int32) {
    let bytes = try await onThread { [screen] in screen.fileHandleForReading.readDataToEndOfFile() }
    shown += String(decoding: bytes, as: UTF8.self)
    process.waitUntilExit()
    return (shown.replacing("\r\n", with: "\n"), process.terminationStatus)
  }
}

private struct Unshown: Error { var text: String, shown: String }

@Suite("Whoever waits for more than a second on a terminal sees for what", .blocking, .timeLimit(.minutes(10)))
struct ProgressTests {
  private static let erasure = "\r\u{1B}[K"

  /// Reports that wait until the test opens a gate, which is a pipe with a name.
  private func workplace() throws -> (plugins: PluginWorkplace, open: @Sendable () throws -> Void) {
    let gate = "/tmp/muster-gate-\(UUID().uuidString.prefix(8))"
    try #require(mkfifo(gate, 0o666) == 0)
    // Plugins of root are run as nobody.
    chmod(gate, 0o666)
    let plugins = try PluginWorkplace([
      "slow": "read -r line < \(gate); exec cat", "wrong": "read -r line < \(gate); exit 3",
    ])
    return (
      plugins,
      {
        try "go\n".write(to: URL(fileURLWithPath: gate), atomically: false, encoding: .utf8)
        unlink(gate)
      }
    )
  }

  @Test("A run that takes longer says so until its result comes")
  func run() async throws {
    let (plugins, open) = try workplace()
    let daemon = try await RunningDaemon(in: plugins.workplace)
    let client = try TerminalClient("run run-slow --format csv", of: plugins.workplace)
    try await client.read(until: "2 s")
    try open()
    let (shown, status) = try await client.end()
    #expect(status == 0)
    #expect(shown.hasPrefix("\(Self.erasure)run run-slow … 1 s\(Self.erasure)run run-slow … 2 s"))
    let result = try #require(shown.components(separatedBy: Self.erasure).last)
    #expect(result.hasPrefix("harbour,") && !result.contains("…"))
    #expect(try await daemon.stop() == 0)
  }

  @Test("It is gone before an error is told")
  func failure() async throws {
    let (plugins, open) = try workplace()
    let daemon = try await RunningDaemon(in: plugins.workplace)
    let client = try TerminalClient("run run-wrong", of: plugins.workplace)
    try await client.read(until: "1 s")
    try open()
    let (shown, status) = try await client.end()
    #expect(status == 65)
    #expect(try #require(shown.components(separatedBy: Self.erasure).last).hasPrefix("muster: "))
    #expect(try await daemon.stop() == 0)
  }

  @Test("Of several exports it says which one is written; with --quiet nothing", arguments: [false, true])
  func export(isQuiet: Bool) async throws {
    let (plugins, open) = try workplace()
    let folder = "\(plugins.workplace.path)/out"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try plugins.workplace.write(
      try plugins.workplace.read("musterd.yaml") + """
        exports:
          directory: out
          fast: { report: arrivals, exporter: csv, file: fast.csv }
          held: { report: run-slow, exporter: csv, file: held.csv }

        """, to: "musterd.yaml")
    let daemon = try await RunningDaemon(in: plugins.workplace)
    let client = try TerminalClient("export --all\(isQuiet ? " --quiet" : "")", of: plugins.workplace)
    if isQuiet {
      let begun = ContinuousClock.now
      try await waitUntil("a line would be there") { begun.duration(to: .now) > .milliseconds(1500) }
    } else {
      try await client.read(until: "1 s")
    }
    try open()
    let (shown, status) = try await client.end()
    #expect(status == 0)
    if isQuiet {
      #expect(shown == "")
    } else {
      #expect(shown.contains("\(Self.erasure)export 2 of 2: held … 1 s\(Self.erasure)"))
    }
    #expect(try await daemon.stop() == 0)
  }

  @Test("Without a terminal nothing is told")
  func noTerminal() async throws {
    let (plugins, open) = try workplace()
    let daemon = try await RunningDaemon(in: plugins.workplace)
    async let outcome = onThread { try client("run", "run-slow", of: plugins.workplace) }
    let begun = ContinuousClock.now
    try await waitUntil("a line would be there") { begun.duration(to: .now) > .milliseconds(1500) }
    try open()
    #expect(try await outcome.errors == "")
    #expect(try await daemon.stop() == 0)
  }
}
