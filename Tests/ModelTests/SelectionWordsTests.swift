import Testing

@testable import Model

/// How many selected codes are told in few words.
struct SelectionWordsTests {
  private static func dimension(_ names: [String], isTime: Bool = false, hierarchy: Hierarchy? = nil) -> Dimension {
    Dimension(
      id: "d", title: "D", codes: CodeList(resource: "ds", ids: names, names: names), isTime: isTime,
      hierarchy: hierarchy)
  }

  private static let letters = dimension((0..<20).map { "c\($0)" })

  @Test("Up to eight are named")
  func few() {
    #expect(Self.letters.words(for: [0, 3, 4, 7, 9, 11, 13, 15]) == "c0, c3, c4, c7, c9, c11, c13, c15")
  }

  @Test("Of more the first three are named, and the others counted")
  func many() {
    #expect(Self.letters.words(for: [0, 3, 4, 7, 9, 11, 13, 15, 17]) == "c0, c3, c4 and 6 more")
  }

  @Test("Where few are left out, those are named")
  func most() {
    #expect(Self.letters.words(for: CodeSet((0..<20).filter { $0 != 4 && $0 != 9 })) == "all but c4, c9")
    #expect(Self.letters.words(for: CodeSet(0..<14)) == "all but c14, c15, c16, c17, c18, c19")
    #expect(Self.letters.words(for: CodeSet(0..<13)) == "c0, c1, c2 and 10 more")
    let small = Self.dimension((0..<9).map { "c\($0)" })
    #expect(small.words(for: CodeSet(0..<3)) == "c0, c1, c2", "few are named, however few there are in all")
  }

  @Test("Periods in a row are told by their ends")
  func periods() {
    let years = Self.dimension((1990...2024).map(String.init), isTime: true)
    #expect(years.words(for: CodeSet(25...34)) == "2015 to 2024")
    #expect(years.words(for: CodeSet(25...26)) == "2015, 2016")
    #expect(years.words(for: CodeSet(Array(0...4) + [25, 34])) == "1990 to 1994, 2015, 2024")
    #expect(years.words(for: CodeSet(stride(from: 0, to: 20, by: 2))) == "1990, 1992, 1994 and 7 more")
  }

  @Test("All that a code contains is told by that code")
  func contents() {
    // The world, two continents, a region of ten countries and two more in the first, nine in the second, one nowhere.
    let parents =
      [[], [0], [0], [1]] + Array(repeating: [3], count: 10) + [[1], [1]] + Array(repeating: [2], count: 9)
    let names = ["World", "Asia", "Europe", "East"] + (4..<25).map { "c\($0)" } + ["Nowhere"]
    let places = Self.dimension(names, hierarchy: Hierarchy(parents: parents + [[]]))
    #expect(places.words(for: CodeSet(16..<25)) == "all of Europe (9)")
    #expect(places.words(for: CodeSet(3..<16)) == "all of Asia (13)")
    #expect(places.words(for: CodeSet(4..<16)) == "all of Asia (12)", "without the region in between")
    #expect(places.words(for: CodeSet(4..<25)) == "all of World (21)")
    #expect(places.words(for: CodeSet(4..<14)) == "all of East (10)")
    #expect(places.words(for: CodeSet(4..<13)) == "c4, c5, c6 and 6 more")
  }
}
