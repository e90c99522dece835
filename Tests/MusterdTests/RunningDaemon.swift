import Foundation
import JSON
import Testing
import Varlink

let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path

/// The built program beside the test bundle.
let musterd: String = {
  // The bundle's own path is the one argument that every test runner passes on, under one of these.
  let candidates = [CommandLine.arguments[0]] + CommandLine.arguments
  for candidate in candidates where candidate.contains(".xctest") || candidate.contains(".build") {
    let folder = URL(fileURLWithPath: candidate).deletingLastPathComponent().path
    if FileManager.default.isExecutableFile(atPath: "\(folder)/musterd") { return "\(folder)/musterd" }
  }
  return "\(root)/.build/debug/musterd"
}()

/// A folder of its own with a copy of the harbours' package and configuration, removed at the end.
final class Workplace: Sendable {
  let path: String

  init() throws {
    path = "/tmp/musterd-\(UUID().uuidString.prefix(8))"
    try FileManager.default.copyItem(atPath: "\(root)/Tests/Fixtures/harbours", toPath: path)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  var configuration: String { "\(path)/musterd.yaml" }
  var socket: String { "\(path)/s" }

  func write(_ text: String, to name: String) throws {
    try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
  }

  func read(_ name: String) throws -> String {
    try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
  }
}

/// A `musterd` of its own process.
final class RunningDaemon: Sendable {
  let process: Process
  private let logPath: String

  init(
    _ arguments: [String], environment: [String: String] = [:], log: String, program: String = musterd
  ) throws {
    process = Process()
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    logPath = log
    _ = FileManager.default.createFile(atPath: log, contents: nil)
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
    process.standardOutput = process.standardError
    process.standardInput = FileHandle.nullDevice
    try process.run()
  }

  /// Serves a workplace, and is ready.
  ///
  /// - Parameter before: the arguments of `program` before those of musterd.
  convenience init(
    in workplace: Workplace, _ arguments: [String] = [], program: String = musterd, before: [String] = [],
    environment: [String: String] = [:]
  ) async throws {
    try self.init(
      before + ["--config", workplace.configuration, "--listen", "unix:\(workplace.socket)"] + arguments,
      environment: environment,
      log: "\(workplace.path)/log-\(UUID().uuidString.prefix(8))", program: program)
    try await waitUntil("the daemon serves") { self.log.contains(" serving ") || !self.process.isRunning }
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  var log: String { (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "" }

  /// Waits for the end, and returns the exit code, or 128 and the signal's number.
  func end() async throws -> Int32 {
    try await waitUntil("the process ends") { !self.process.isRunning }
    return process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
  }

  func stop() async throws -> Int32 {
    kill(process.processIdentifier, SIGTERM)
    return try await end()
  }
}

/// Waits for a condition, at most for a time that only a failure needs.
func waitUntil(_ what: String, _ condition: () throws -> Bool) async throws {
  let deadline = ContinuousClock.now + .seconds(60)
  while try !condition() {
    guard ContinuousClock.now < deadline else {
      Issue.record("waited in vain until \(what)")
      throw CancellationError()
    }
    try await Task.sleep(for: .milliseconds(5))
  }
}

func connect(_ workplace: Workplace) throws -> Client {
  try Client(connectingTo: .unix(path: workplace.socket))
}

/// Does what blocks on a thread of its own: those of tasks are few, and others need them.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    Thread { continuation.resume(with: Swift.Result { try body() }) }.start()
  }
}

/// Runs a program to its end.
func run(
  _ arguments: [String], program: String = musterd, environment: [String: String] = [:]
) throws -> (status: Int32, output: String) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  process.arguments = arguments
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = pipe
  process.standardInput = FileHandle.nullDevice
  try process.run()
  let output = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return (process.terminationStatus, String(decoding: output, as: UTF8.self))
}
