import Pipeline
import TestSupport
import Testing

/// YAML readers differ in what they make of 010, yes and 1_000: here all ways by which a value comes in have one rule.
@Suite("A value is spelt in one way everywhere")
struct SpellingTests {
  /// The integer that each spelling is; nil where it is none.
  static let integers: [(String, Int?)] = [
    ("10", 10), ("010", 10), ("+10", 10), ("0o12", 10), ("0xA", 10), ("0xa", 10), ("0012", 12), ("08", 8),
    ("1_000", nil), ("1e3", nil), ("10.0", nil), (".5", nil), ("0b11", nil), ("1:30", nil), ("ten", nil), ("0o8", nil),
    ("0x", nil), ("2026-07-04", nil), ("yes", nil), ("true", nil), ("99999999999999999999", nil),
  ]

  @Test("As a key of the configuration", arguments: integers)
  func key(_ spelling: String, _ value: Int?) async throws {
    let found = try await configurationProblems("limits: { plugins: \(spelling) }\nreports: {}\n")
    #expect(found.isEmpty == (value != nil), "\(found)")
  }

  @Test("As a parameter of a step", arguments: integers)
  func parameter(_ spelling: String, _ value: Int?) async throws {
    let text = "reports:\n  a:\n    pipeline: [country-summary, { top: \(spelling) }]\n"
    let found = try await configurationProblems(text)
    let wrong = "m.yaml:14:40: count of top must be an integer of at least 1, not \"\(spelling)\""
    #expect(found == (value == nil ? [wrong] : []))
  }

  @Test("As a number that rows are compared with", arguments: integers)
  func comparison(_ spelling: String, _ value: Int?) async throws {
    // Fractions are numbers, too.
    let isNumber = value != nil || ["10.0", "99999999999999999999"].contains(spelling)
    for condition in [spelling, "\">= \(spelling)\"", "[\(spelling)]", "{ not: \(spelling) }"] {
      let text = "reports:\n  a:\n    pipeline: [country-summary, { where: { grain: \(condition) } }]\n"
      #expect(try await configurationProblems(text).isEmpty == isNumber, "\(condition)")
    }
  }

  @Test(
    "As a code it is what is written",
    arguments: ["010", "0o10", "0x10", "1_000", "+5", "1e3", ".5", "1.0", "yes", "no", "true", "2026-07-04", "'~'"])
  func code(_ spelling: String) async throws {
    let text = spelling.filter { $0 != "'" }
    for selection in [spelling, "[\(spelling)]", "{ not: \(spelling) }", "{ not: [\(spelling)] }"] {
      let found = try await configurationProblems(
        "reports:\n  a:\n    pipeline: [{ select: { harbour: \(selection) } }, country-summary]\n")
      #expect(found.count == 1 && found[0].contains("\"\(text)\""), "\(selection): \(found)")
    }
  }

  @Test("Nothing is no code", arguments: ["~", "null", "NULL", ""])
  func null(_ spelling: String) async throws {
    let found = try await configurationProblems(
      "reports:\n  a:\n    pipeline: [{ select: { harbour: \(spelling) } }, country-summary]\n")
    #expect(found.count == 1 && found[0].contains("must be"), "\(found)")
  }
}
