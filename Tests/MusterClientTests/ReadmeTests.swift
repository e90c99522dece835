import TestSupport
import Testing

@Suite("What the README shows is what comes out", .blocking, .timeLimit(.minutes(10)))
struct ReadmeTests {
  /// A command of the README with what it prints there.
  struct Example: CustomTestStringConvertible {
    var command: String
    var output: String
    var testDescription: String { command }
  }

  /// Those whose output does not depend on a time or on a daemon with a history.
  static let examples: [Example] = blocks.flatMap { block in
    block.split(separator: "\n$ ").map { part in
      let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      return Example(command: String(lines[0].trimmingPrefix("$ ")), output: lines.count > 1 ? String(lines[1]) : "")
    }
  }.filter { example in
    ["--standalone", "--explain", "muster why"].contains { example.command.contains($0) }
  }

  /// What stands between fences and begins with a prompt.
  private static let blocks: [Substring] = {
    let text = (try? readFile("\(repositoryRoot)/README.md")) ?? ""
    let parts = text.split(separator: "\n```", omittingEmptySubsequences: false)
    return parts.filter { $0.hasPrefix("\n$ ") }.map { $0.dropFirst() }
  }()

  @Test func itHasExamples() {
    #expect(Self.examples.count >= 5, "\(Self.examples.map(\.command))")
  }

  @Test(arguments: examples) func comesOut(_ example: Example) async throws {
    let folder = try TemporaryFolder()
    let readme = try readFile("\(repositoryRoot)/README.md")
    var command = example.command
    if command.hasPrefix("muster why") { command = "muster --standalone Config/musterd.yaml\(command.dropFirst(6))" }
    var script = "cd '\(repositoryRoot)'; \(command)"
    if !command.contains("Config/") {
      let steps = readme.split(separator: "```sh\n").compactMap { $0.split(separator: "\n```").first }
      let files = try #require(steps.first { $0.hasPrefix("mkdir parishes") })
      script = "cd '\(folder.path)'; \(files)\n\(command)"
    }
    let outcome = try await Program(
      ["-c", script], environment: ["PATH": "\(buildFolder):/usr/bin:/bin"], program: "/bin/sh"
    ).wait()
    #expect(outcome.errors == "")
    #expect(outcome.output.split(separator: "\n") == example.output.split(separator: "\n"))
  }
}
