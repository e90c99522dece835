import Base
import Testing

@Suite("Problems say where they are")
struct ProblemTests {
  @Test(arguments: [
    (Problem(file: "a.yaml", position: .text(line: 14, column: 7), message: "m"), "a.yaml:14:7: m"),
    (Problem(file: "a.csv", position: .row(3, field: "country"), message: "m"), "a.csv:3:country: m"),
    (Problem(file: "a.csv", position: .row(3, field: nil), message: "m"), "a.csv:3: m"),
    (Problem(file: "a.csv", message: "m"), "a.csv: m"),
  ])
  func description(problem: Problem, expected: String) {
    #expect(problem.description == expected)
  }

  /// Else a file of somebody else could end a refusal with a line that says that all is well.
  @Test(arguments: [
    Problem(file: "a\nb.csv", message: "m"),
    Problem(file: "a.csv", position: .row(3, field: "q\nforged: line"), message: "m"),
    Problem(file: "a.yaml", message: "unknown scheme \"x\"; there are: y\r\na.yaml: no problems"),
    Problem(file: "a.yaml", message: "m\u{85}\u{2028}n\u{B}o\u{C}p\rq"),
  ])
  func whateverIsInItItIsOneLine(problem: Problem) {
    let breaks: Set<Unicode.Scalar> = ["\n", "\r", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}"]
    #expect(problem.description.unicodeScalars.allSatisfy { !breaks.contains($0) })
  }

  @Test func detailsAreIndentedBelowIt() {
    let problem = Problem(file: "a.yaml", message: "it failed:", details: ["a.yaml: no problems", "x\nb.yaml: y"])
    #expect(problem.description == "a.yaml: it failed:\n  a.yaml: no problems\n  x b.yaml: y")
  }

  @Test func thePlaceIsToldAlone() {
    #expect(Located(1, file: "a.yaml", position: .text(line: 14, column: 7)).place == "a.yaml:14:7")
    #expect(Located(1, file: "a: b").problem("m").place == "a: b")
  }

  @Test func aLongListKeepsItsTrueTotal() {
    var list = ProblemList(limit: 2)
    for row in 1...5 { list.append(Problem(file: "a.csv", position: .row(row, field: nil), message: "m")) }
    #expect(list.total == 5)
    #expect(list.lines == ["a.csv:1: m", "a.csv:2: m", "and 3 more problems, 5 in all"])
    #expect(throws: ProblemList.self) { try list.throwIfAny() }
  }
}

@Suite("The nearest name is suggested")
struct SuggestionTests {
  static let names = ["scheme", "country-summary", "bloc-aggregate", "alliances_1955", "region"]

  @Test(arguments: [
    ("schem", "scheme"), ("shceme", "scheme"), ("Scheme", "scheme"), ("country_summary", "country-summary"),
    ("bloc", "bloc-aggregate"), ("alliances-1955", "alliances_1955"), ("alliances_1945", "alliances_1955"),
    ("regoin", "region"),
  ])
  func nearest(written: String, expected: String) {
    #expect(suggestions(for: written, among: Self.names).first == expected)
  }

  @Test(arguments: ["", "x", "zebra", "totals"])
  func nothingIsNear(written: String) {
    #expect(suggestions(for: written, among: Self.names).isEmpty)
    #expect(didYouMean(written, among: Self.names) == "")
  }

  @Test func whatIsLongIsNoMisspelling() {
    let known = String(repeating: "a", count: 400)
    #expect(suggestions(for: known.dropLast() + "b", among: [known]) == [known])
    #expect(suggestions(for: known + "b", among: [known]) == [])
    #expect(suggestions(for: String(repeating: "a", count: 1_000_000), among: [known]) == [])
  }

  /// All of them would take a minute.
  @Test func soManyNamesAreNotAllLookedAt() {
    let names = (0..<1_000_000).lazy.map { "\($0)" + String(repeating: "x", count: 300) }
    #expect(suggestions(for: "0" + String(repeating: "x", count: 299), among: names).first == names.first)
  }

  @Test func aNameThatOnlyLooksTheSameIsNear() {
    #expect(suggestions(for: "e\u{301}cole", among: ["\u{E9}cole"]) == ["\u{E9}cole"])
  }

  @Test func phrase() {
    #expect(didYouMean("schem", among: Self.names) == "; did you mean \"scheme\"?")
  }
}
