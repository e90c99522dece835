import Model
import Testing

@Suite struct CodeSetTests {
  /// Sets near and far from 0, with holes of whole words.
  static let sets: [Set<Int>] = [
    [], [0], [63], [64], [199], [0, 1, 2], [5, 70], [64, 65, 300], [1000], [0, 1000], [127, 128],
    [0, 64, 128, 192, 256],
  ]

  @Test(arguments: sets) func holdsWhatWasPutIn(_ codes: Set<Int>) {
    let set = CodeSet(codes)
    #expect(Array(set) == codes.sorted())
    #expect(set.count == codes.count)
    #expect(set.isEmpty == codes.isEmpty)
    #expect((-2..<1100).filter(set.contains) == codes.sorted())
    #expect(CodeSet(codes.sorted().reversed()) == set, "the order does not matter")
  }

  @Test(arguments: sets, sets) func unionIntersectionAndDifferenceAreThoseOfSets(_ one: Set<Int>, _ other: Set<Int>) {
    var union = CodeSet(one)
    union.formUnion(CodeSet(other))
    #expect(union == CodeSet(one.union(other)))
    #expect(CodeSet(one).intersection(CodeSet(other)) == CodeSet(one.intersection(other)))
    #expect(CodeSet(one).subtracting(CodeSet(other)) == CodeSet(one.subtracting(other)))
    #expect((CodeSet(one) == CodeSet(other)) == (one == other))
  }

  @Test(arguments: [-70, -1, 0, 1, 63, 64, 65, 127, 300]) func aRangeHasEachOfItsCodes(first: Int) {
    for length in [0, 1, 2, 63, 64, 65, 128, 200] {
      #expect(CodeSet(first..<first + length) == CodeSet(Array(first..<first + length)))
    }
  }

  @Test func negativeCodesAreNone() {
    #expect(CodeSet(Int.min..<0).isEmpty)
    #expect(CodeSet([-1, Int.min]).isEmpty)
  }
}
