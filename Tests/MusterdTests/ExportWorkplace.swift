import Foundation
import JSON
import MusterAPI
import TestSupport
import Testing
import Varlink

/// A workplace with exports, and the folder for them.
final class ExportWorkplace: Sendable {
  let workplace: Workplace
  /// Of the daemon's own view of files, which mounts may differ in.
  let directory: String

  static let arrivals = "arrivals: { report: arrivals, exporter: csv, file: arrivals.csv, keep: 2 }"

  /// - Parameter exports: the lines under `exports`, but for the directory.
  init(_ exports: [String] = [ExportWorkplace.arrivals]) throws {
    workplace = try Workplace()
    directory = "\(workplace.path)/out"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
    try configure(exports)
  }

  func configure(_ exports: [String], reports: String = "") throws {
    let text = try String(contentsOfFile: "\(harboursFolder)/musterd.yaml", encoding: .utf8)
    let lines = (["directory: out"] + exports).map { "  \($0)\n" }.joined()
    try workplace.write("\(text)\(reports)\nexports:\n\(lines)", to: "musterd.yaml")
  }

  /// Changes a line of the entries, which begins so.
  func change(_ line: String, to replacement: String) throws {
    let text = try workplace.read("entries.csv")
    try #require(text.contains("\n\(line)"))
    try workplace.write(text.replacingOccurrences(of: "\n\(line)", with: "\n\(replacement)"), to: "entries.csv")
  }

  func reload() throws { try connect(workplace).call("org.muster.Manage.Reload") }

  func export(_ names: String..., force: Bool = false) throws -> [Exports.Run] {
    let parameters = Exports.ExportParameters(names: names.isEmpty ? nil : names, all: names.isEmpty, force: force)
    let reply: Exports.ExportReply = try call("Export", parameters)
    return reply.runs
  }

  /// The outcome of the one export.
  func exportOne(force: Bool = false) throws -> Exports.Run { try #require(export(force: force).first) }

  func list() throws -> Exports.ListReply { try call("List", JSONObject()) }

  func verify(_ name: String = "arrivals", limit: Int64? = nil) throws -> Exports.VerifyReply {
    try call("Verify", Exports.VerifyParameters(name: name, limit: limit))
  }

  func call<Reply: Decodable>(_ method: String, _ parameters: some Encodable) throws -> Reply {
    let parameters = try JSONValue(encoding: parameters).objectValue ?? [:]
    let reply = try CheckedClient(connect(workplace)).call("org.muster.Exports.\(method)", parameters)
    return try JSONValue.object(reply).decode()
  }

  func status() throws -> Manage.StatusReply {
    try JSONValue.object(CheckedClient(connect(workplace)).call("org.muster.Manage.Status")).decode()
  }

  func path(_ file: String) -> String { "\(directory)/\(file)" }

  func text(_ file: String) throws -> String { try String(contentsOfFile: path(file), encoding: .utf8) }

  /// All names in the folder but those of locks and of last runs, in alphabetical order.
  func files(in folder: String? = nil) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder ?? directory).sorted().filter {
      !$0.hasPrefix(".muster-lock.") && !$0.hasPrefix(".muster-last.")
    }
  }

  /// What tells whether a file was written again.
  func identity(_ file: String) throws -> [Int] {
    var status = stat()
    try #require(stat(path(file), &status) == 0)
    return [Int(status.st_ino), status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
  }

  func manifest(_ file: String = "arrivals.csv") throws -> JSONObject {
    try #require(JSONValue(parsing: text("\(file).muster.json")).objectValue)
  }

  /// What `muster run` gives.
  func result(of report: String, as format: String, _ more: JSONObject = [:]) throws -> String {
    var parameters: JSONObject = ["report": .string(report), "format": .string(format)]
    for (name, value) in more.members { parameters[name] = value }
    let reply = try connect(workplace).call("org.muster.Reports.Run", parameters)
    return try #require(reply["content"]?.stringValue)
  }
}

/// The client that was built beside the daemon.
let muster = musterd.dropLast("musterd".count) + "muster"

/// Runs the client to its end, without a terminal.
func client(_ arguments: String..., of workplace: Workplace) throws -> (status: Int32, output: String, errors: String) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: String(muster))
  process.arguments = arguments
  process.environment = ["MUSTER_ADDRESS": "unix:\(workplace.socket)", "PATH": "/usr/bin:/bin"]
  let (output, errors) = (Pipe(), Pipe())
  process.standardOutput = output
  process.standardError = errors
  process.standardInput = FileHandle.nullDevice
  try process.run()
  let texts = [output, errors].map { String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) }
  process.waitUntilExit()
  return (process.terminationStatus, texts[0], texts[1])
}

func sha256(of path: String) throws -> String {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
  process.arguments = [path]
  let pipe = Pipe()
  process.standardOutput = pipe
  try process.run()
  let output = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return String(decoding: output.prefix(64), as: UTF8.self)
}
