import TestSupport
import Testing

@testable import muster

@Suite("The manual page says what --help says", .blocking, .timeLimit(.minutes(10)))
struct ManualTests {
  private let page: String

  init() async throws {
    let outcome = try await muster("reference", "manual")
    #expect(outcome.status == 0)
    page = outcome.output
  }

  private func help(_ words: String...) async throws -> String {
    try await Program(words + ["--help"], environment: ["COLUMNS": "200"]).wait().output
  }

  /// The lines behind a heading, up to the next one.
  private func part(_ heading: String) throws -> [Substring] {
    let lines = page.split(separator: "\n").drop { $0 != heading }
    try #require(!lines.isEmpty, "\(heading)")
    return Array(lines.dropFirst().prefix { !$0.hasPrefix(".Ss") && !$0.hasPrefix(".Sh") })
  }

  private var verbs: [Substring] {
    get async throws {
      try await help().split(separator: "\n").drop { !$0.hasPrefix("SUBCOMMANDS:") }.dropFirst()
        .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") && !$0.hasPrefix("  See") }
        .compactMap { $0.split(separator: " ").first }
    }
  }

  @Test("Each verb has its part, with all of its options and its examples")
  func verbsAndOptions() async throws {
    let verbs = try await verbs
    #expect(verbs.contains("run") && verbs.contains("reload"))
    let common = try part(".Sh DESCRIPTION")
    for verb in verbs {
      let part = try part(".Ss muster \(verb)")
      let help = try await help(String(verb))
      let options = help.split(separator: "\n").filter { $0.hasPrefix("  -") }
        .flatMap { $0.matches(of: /(?:^|, | )--([a-z-]+)/).map(\.1) }
      #expect(options.contains("help"))
      for option in Set(options) {
        let flag = "Fl \\-\(option.replacing("-", with: "\\-"))"
        let isTold = (part + common).contains { $0.hasPrefix(".It") && "\($0) ".contains("\(flag) ") }
        #expect(isTold, "\(verb) --\(option)")
      }
      let example = help.firstMatch(of: /EXAMPLES\n  (muster [a-z ]+)/)?.1
      #expect(part.contains { $0.hasPrefix(example ?? "no example") }, "\(verb)")
    }
  }

  @Test("Every exit status is told")
  func exitStatus() async throws {
    let part = try part(".Sh EXIT STATUS")
    for status in [0, 64, 65, 66, 69, 70, 74, 75, 76, 77] {
      let code = try #require(ExitStatus(rawValue: Int32(status)))
      #expect(part.contains(".It \\%\(code.rawValue)"))
    }
    #expect(part.contains(".It \\%130"))
  }

  @Test("The same program writes the same page at any time and place")
  func reproducible() async throws {
    let other = try await muster("reference", "manual", environment: ["TZ": "Asia/Tokyo", "LC_ALL": "de_DE.UTF-8"])
    #expect(other.output == page)
  }

  @Test("A shell that is not known is refused by name")
  func unknownPage() async throws {
    let outcome = try await muster("reference", "tcsh")
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("tcsh"))
  }
}
