import Base
import Foundation
import Pipeline
import TestSupport
import Testing

@Suite("Exports are checked when they are loaded")
struct ExportProblemTests {
  /// The problems of a configuration with these lines at its end, without the file's path and from that line on.
  private func problems(_ lines: String, included: String? = nil) async throws -> [String] {
    let folder = try TemporaryFolder(copying: harboursFolder)
    let base = try folder.read("musterd.yaml")
    var text = base.hasSuffix("\n") ? base : base + "\n"
    if let included {
      try folder.write(included, to: "more.yaml")
      text += "include: more.yaml\n"
    }
    let first = text.split(separator: "\n", omittingEmptySubsequences: false).count
    try folder.write(text + lines, to: "musterd.yaml")
    do {
      _ = try await Generation.load(path: "\(folder.path)/musterd.yaml", registry: shipped)
      return []
    } catch {
      return error.problems.map { problem in
        var text = problem.description.replacingOccurrences(of: "\(folder.path)/", with: "")
        if problem.file.hasSuffix("musterd.yaml"), case .text(let line, let column) = problem.position {
          text =
            "\(line - first + 1):\(column): \(problem.message.replacingOccurrences(of: "\(folder.path)/", with: ""))"
        }
        return text
      }
    }
  }

  @Test func everythingThatCanBeSaidIsTaken() async throws {
    #expect(
      try await problems(
        """
        exports:
          directory: out
          lock: report
          lock_timeout: 5s
          blocs:
            report: by-water
            parameters: { scheme: water }
            where: { register: [north, south], cargo: { not: [ice] } }
            exporter: csv
            format_parameters: { delimiter: tab }
            file: blocs.csv
            keep: 30
        """, included: "exports: { more: { report: arrivals, exporter: json, file: more.json } }\n") == [])
    #expect(try await problems("exports: { directory: out }") == [])
  }

  @Test func wrongNamesAreToldWithTheNearestOnes() async throws {
    #expect(
      try await problems(
        """
        exports:
          directory: out
          lock: waits
          a: { report: arivals, exporter: cvs, file: a.csv }
          b:
            report: by-water
            parameters: { schem: water }
            where: { registr: north, cargo: [iec] }
            exporter: csv
            format_parameters: { delimter: tab }
            fil: b.csv
          c: { report: by-water, exporter: csv, file: c.csv, where: { registr: north, cargo: [iec] } }
          d:
            report: by-water
            parameters: { schem: water, totals: al }
            exporter: csv
            format_parameters: { delimter: tab, bom: maybe }
            file: d.csv
        """) == [
          "3:9: \"lock\" must be \"wait\" or \"report\", not \"waits\"; did you mean \"wait\"?",
          "4:16: unknown report \"arivals\"; did you mean \"arrivals\"?",
          "4:35: unknown exporter \"cvs\"; did you mean \"csv\"?",
          "6:5: the export \"b\" lacks the key \"file\"",
          "7:19: unknown parameter \"schem\" of bloc-aggregate; did you mean \"scheme\"?",
          "8:14: unknown dimension \"registr\"; did you mean \"register\"?",
          "8:38: unknown cargo \"iec\"; did you mean \"ice\"?",
          "10:26: unknown parameter \"delimter\" of csv; did you mean \"delimiter\"?",
          "11:5: unknown key \"fil\" in the export \"b\"; did you mean \"file\"?",
          "12:63: unknown dimension \"registr\"; did you mean \"register\"?",
          "12:87: unknown cargo \"iec\"; did you mean \"ice\"?",
          "15:19: unknown parameter \"schem\" of bloc-aggregate; did you mean \"scheme\"?",
          "15:41: unknown choice \"al\" for totals of bloc-aggregate; there are: none, computed, stated, both",
          "17:26: unknown parameter \"delimter\" of csv; did you mean \"delimiter\"?",
          "17:46: bom of csv must be true or false, not \"maybe\"",
        ])
  }

  @Test(arguments: [
    ("../a.csv", "must be the name of a file, without /"), ("/etc/passwd", "must be the name of a file, without /"),
    ("a/b.csv", "must be the name of a file, without /"), ("..", "must not begin with a point"),
    (".hidden", "must not begin with a point"),
    ("a.csv~", "must not end with ~, as the files that stand beside exports do"),
    ("a.muster.json", "must not end with .muster.json, as the files that stand beside exports do"),
    (String(repeating: "a", count: 201), "must have at most 200 bytes"),
    ("sub/\u{301}x.csv", "must be the name of a file, without /"), (".\u{301}x", "must not begin with a point"),
    ("a.csv~\u{200D}", "must not hold control characters, or others that nobody sees"),
    ("a\u{202E}b.csv", "must not hold control characters, or others that nobody sees"),
    ("\u{A0}\u{2003}", "must not be of white space alone"),
  ])
  func aFileIsAPlainName(_ name: String, _ reason: String) async throws {
    #expect(
      try await problems("exports:\n  directory: out\n  a: { report: arrivals, exporter: csv, file: \(name) }\n")
        == ["3:47: \"file\" \(reason), not \"\(name)\""])
  }

  @Test func nothingIsThereTwice() async throws {
    #expect(
      try await problems(
        """
        exports:
          directory: out
          a: { report: arrivals, exporter: csv, file: a.csv }
          b: { report: arrivals, exporter: csv, file: a.csv }
        """, included: "exports: { a: { report: arrivals, exporter: csv, file: c.csv, keep: -1 } }\n"
      ).count == 3)
  }

  @Test func aDirectoryIsNeeded() async throws {
    #expect(
      try await problems("exports:\n  a: { report: arrivals, exporter: csv, file: a.csv }\n")
        == ["2:3: the exports lack the key \"directory\""])
    #expect(
      try await problems("exports:\n  directry: out\n  a: { report: arrivals, exporter: csv, file: a.csv }\n")
        == [
          "2:3: unknown key \"directry\" in the exports; did you mean \"directory\"?",
          "2:3: the exports lack the key \"directory\"",
        ])
  }
}
