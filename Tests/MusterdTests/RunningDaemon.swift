import Foundation
import JSON
import TestSupport
import Testing
import Varlink

/// The built program beside the test bundle.
let musterd = "\(buildFolder)/musterd"

/// A folder of its own with a copy of the harbours' package and configuration, removed at the end.
final class Workplace: Sendable {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder(copying: harboursFolder) }

  var path: String { folder.path }
  var configuration: String { "\(path)/musterd.yaml" }
  var socket: String { "\(path)/s" }

  func write(_ text: String, to name: String) throws { try folder.write(text, to: name) }

  func read(_ name: String) throws -> String { try folder.read(name) }
}

/// A `musterd` of its own process.
final class RunningDaemon: Sendable {
  let process: Process
  private let logPath: String

  init(
    _ arguments: [String], environment: [String: String] = [:], log: String, program: String = musterd,
    input: FileHandle = .nullDevice
  ) throws {
    process = Process()
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    logPath = log
    _ = FileManager.default.createFile(atPath: log, contents: nil)
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
    process.standardOutput = process.standardError
    process.standardInput = input
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

func connect(_ workplace: Workplace) throws -> Client {
  try Client(connectingTo: .unix(path: workplace.socket))
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
