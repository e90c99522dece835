import Base
import ExternalPlugins
import Foundation
import Model
import Pipeline
import ReportKit
import TestSupport
import Testing
import YAML

@Suite("What the reference says of a key is what the key does")
struct ConfigurationKeyTests {
  /// What stands before a key, by the title of its table.
  private static let beginnings = [
    "The file": "", "dataset": "dataset:\n  ",
    "dataset: measures: NAME": "dataset:\n  measures:\n    m:\n      ",
    "dataset: hierarchy: DIMENSION": "dataset:\n  hierarchy:\n    d:\n      ",
    "dataset: schemes: NAME": "dataset:\n  schemes:\n    s:\n      ", "reports: NAME": "reports:\n  r:\n    ",
    "exports": "exports:\n  ",
    "exports: NAME": "exports:\n  e:\n    ", "access": "access:\n  ", "access: RIGHT": "access:\n  read:\n    ",
    "limits": "limits:\n  ",
  ]

  private func load(_ text: String) throws -> (Configuration?, [Problem]) {
    let folder = try TemporaryFolder()
    try folder.write(text, to: "m.yaml")
    let problems = ProblemCollector()
    let configuration = Configuration.load(path: "\(folder.path)/m.yaml", problems: problems)
    return (configuration, problems.problems.problems)
  }

  private func keys(_ title: String) throws -> [KeyDescription] {
    try #require(Configuration.keyTables.first { $0.title == title }).keys
  }

  /// The keys for which a value stands, with that value.
  private func written(_ title: String) throws -> [String] {
    try keys(title).compactMap { key in
      if case .value(let value) = key.default { "\(key.name): \(value)" } else { nil }
    }
  }

  /// It says so of itself.
  @Test func theShippedConfigurationShowsEveryLimitWithItsDefault() throws {
    let path = "\(repositoryRoot)/Config/musterd.yaml"
    let problems = ProblemCollector()
    let shipped = try #require(Configuration.load(path: path, problems: problems))
    #expect(shipped.limits == Configuration.Limits())
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let section = try #require(text.split(separator: "\nlimits:\n").last)
    let shown = section.split(separator: "\n").prefix { $0.hasPrefix("  ") }.compactMap {
      $0.split(separator: ":").first
    }
    .map { $0.drop { $0 == " " || $0 == "#" } }
    // That of plugins is the number of processors.
    let keys = Set(try keys("limits").map(\.name)).subtracting(["plugins"])
    #expect(Set(shown.map(String.init)) == keys)
  }

  @Test(arguments: Configuration.keyTables)
  func everyKeyIsDescribedOnce(table: KeyTable) {
    #expect(!table.keys.isEmpty)
    #expect(Set(table.keys.map(\.name)).count == table.keys.count)
    for key in table.keys {
      #expect(!key.type.isEmpty && !key.summary.isEmpty && !key.summary.hasSuffix("."), "\(key.name)")
    }
  }

  @Test(arguments: Configuration.keyTables)
  func aWrongValueIsRefusedWithItsPlace(table: KeyTable) throws {
    let beginning = try #require(Self.beginnings[table.title])
    for key in table.keys {
      let lines = (beginning + key.name + ": ").split(separator: "\n", omittingEmptySubsequences: false)
      let column = try #require(lines.last).count + 1
      let problems = try load("\(beginning)\(key.name): [[[]]]\n").1
      let isTold = problems.contains {
        if case .text(lines.count, column...(column + 1)) = $0.position { true } else { false }
      }
      #expect(isTold, "\(table.title), \(key.name): \(problems)")
    }
  }

  @Test func everyPropertyHasItsKey() throws {
    func names(of value: Any) -> [String] {
      Mirror(reflecting: value).children.compactMap(\.label).map { label in
        label.reduce(into: "") { $0 += $1.isUppercase ? "_\($1.lowercased())" : "\($1)" }
      }
    }
    #expect(try keys("limits").map(\.name) == names(of: Configuration.Limits()))
    let name = Located("", file: "", position: .file)
    let dataset = DatasetConfiguration(package: name, place: name, breakdown: name, measure: name)
    // These keys have the usual names of the tables that they name.
    let tables = [
      "groups": "blocs", "group_members": "bloc_members", "hierarchies": "hierarchy", "nil_marks": "missing",
      "preferred_sources": "prefer", "column_schemes": "schemes",
    ]
    #expect(try Set(keys("dataset").map(\.name)) == Set(names(of: dataset).map { tables[$0] ?? $0 }))
    #expect(try keys("access").map(\.name) == names(of: AccessConfiguration()))
  }

  @Test func whatHoldsWithoutAKeyIsWhatTheReferenceShows() throws {
    let exports = "  directory: .\n  e: { report: r, exporter: csv, file: f"
    let written = """
      \(try written("The file").joined(separator: "\n"))
      access: { \(try written("access").joined(separator: ", ")) }
      limits: { \(try written("limits").joined(separator: ", ")) }
      exports:
        \(try written("exports").joined(separator: "\n  "))
      \(exports), \(try written("exports: NAME").joined(separator: ", ")) }

      """
    let (explicit, problems) = try load(harboursDataset + written)
    #expect(problems == [])
    let (silent, _) = try load(harboursDataset + "exports:\n\(exports) }\n")
    #expect(explicit?.listen?.value == Configuration.defaultAddress)
    #expect(try explicit?.access == #require(silent).access)
    #expect(try explicit?.limits == #require(silent).limits)
    #expect(try explicit?.exports.lock == #require(silent).exports.lock)
    #expect(try explicit?.exports.lockTimeout == #require(silent).exports.lockTimeout)
    #expect(try explicit?.exports.exports.map(\.keep) == #require(silent).exports.exports.map(\.keep))
  }

  /// Of the parts of a package: those that it has and are named as usual give the same results when they are named.
  @Test func usualNamesOfThePackageAreWhatTheReferenceShows() async throws {
    let package = "\(repositoryRoot)/Config/datasets/repatriation-1955/datapackage.json"
    let dataset = "dataset:\n  package: \(package)\n  place: country\n  breakdown: disposition\n  measure: persons\n"
    let reports = ["source-tables", "observations", "reconciliation", "citations", "country-summary"]
    let pipelines = "reports:\n" + reports.map { "  \($0): { pipeline: [\($0)] }\n" }.joined()
    let folder = try TemporaryFolder()
    try folder.write(dataset + pipelines, to: "silent.yaml")
    try folder.write(
      dataset + written("dataset").map { "  \($0)\n" }.joined() + pipelines, to: "explicit.yaml")
    let silent = try await Generation.load(path: "\(folder.path)/silent.yaml", registry: shipped)
    let explicit = try await Generation.load(path: "\(folder.path)/explicit.yaml", registry: shipped)
    for report in reports {
      #expect(try await export(report, as: "json", from: silent) == export(report, as: "json", from: explicit))
    }
  }

  @Test func anErrorNamesALimitAsItIsWritten() {
    #expect(Configuration.Limits.Key.connectionsPerUser.qualifiedName == "limits.connections_per_user")
    #expect(Configuration.Limits.Key.stepMemory.qualifiedName == StepMemory.limitKey)
    #expect(Configuration.Limits.Key.plugins.qualifiedName == PluginHost.limitKey)
    #expect(Configuration.Limits.Key.pluginQueue.qualifiedName == PluginHost.queueLimitKey)
  }
}
