import Base
import TabularPackage
import TestSupport

/// A data package in a folder of its own that is gone with the last reference to it.
final class TemporaryPackage {
  let folder: TemporaryFolder

  init(descriptor: String, files: [String: String] = [:]) throws {
    folder = try TemporaryFolder()
    try folder.write(descriptor, to: "datapackage.json")
    for (name, text) in files { try folder.write(text, to: name) }
  }

  /// A package of one table `t` in `t.csv`.
  convenience init(fields: String, more: String = "", dialect: String? = nil, csv: String) throws {
    let dialect = dialect.map { ", \"dialect\": \($0)" } ?? ""
    let descriptor = """
      {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "resources": [
        {"name": "t", "path": "t.csv"\(dialect), "schema": {"fields": \(fields)\(more)}}]}
      """
    try self.init(descriptor: descriptor, files: ["t.csv": csv])
  }

  var descriptorPath: String { "\(folder.path)/datapackage.json" }

  /// Every problem as a line, with the folder left out; empty for a package that is in order.
  func problems(threads: Int = 1, chunkSize: Int? = nil, requests: [String: TableRequest] = [:]) -> [String] {
    var problems = ProblemList()
    let descriptor = PackageDescriptor.read(descriptorPath, into: &problems)
    _ = descriptor?.loadTables(requests: requests, threads: threads, chunkSize: chunkSize, into: &problems)
    return problems.lines.map { $0.replacing("\(folder.path)/", with: "") }
  }

  func load(threads: Int = 1, chunkSize: Int? = nil, requests: [String: TableRequest] = [:]) throws -> Package {
    var problems = ProblemList()
    let descriptor = PackageDescriptor.read(descriptorPath, into: &problems)
    let package = descriptor?.loadTables(
      requests: requests, threads: threads, chunkSize: chunkSize, into: &problems)
    guard let package, problems.isEmpty else { throw problems }
    return package
  }
}
