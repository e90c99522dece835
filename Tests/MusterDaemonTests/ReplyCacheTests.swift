import ReportKit
import TestSupport
import Testing

@testable import MusterDaemon
@testable import Pipeline

@Suite("Replies are kept for the next who asks the same, within a size")
struct ReplyCacheTests {
  private func key(
    _ report: String, filter: Selection = .all, format: String? = "csv", _ formatParameters: [String: String] = [:],
    isMore: Bool = false
  ) -> ReplyCache.Key {
    let inputs = formatParameters.map { (name: $0.key, input: ParameterInput.text($0.value)) }
    return ReplyCache.Key(
      request: ResultRequest(
        report: report, arguments: .none, filter: filter, format: format.map { ResultRequest.Format($0, inputs) }),
      isMore: isMore)
  }

  private func reply(_ count: Int) -> [[UInt8]] { [[UInt8](repeating: 1, count: count)] }

  @Test func onlyTheSameQuestionIsAnsweredFromIt() {
    let cache = ReplyCache(limit: 4000)
    cache.insert(reply(1), for: key("a"))
    #expect(cache.replies(for: key("a")) == reply(1))
    for other in [
      key("b"), key("a", format: "json"), key("a", format: nil), key("a", ["delimiter": ";"]), key("a", isMore: true),
      key("a", filter: Selection.all.restricting(0, to: [1])),
    ] { #expect(cache.replies(for: other) == nil) }
    #expect(cache.statistics.hits == 1)
    #expect(cache.statistics.misses == 6)
  }

  /// What is asked with stands in the answer, in its own characters.
  @Test func aQuestionInOtherCharactersIsAnother() throws {
    let cache = ReplyCache(limit: 4000)
    cache.insert(reply(1), for: key("a", ["title": "\u{E9}"]))
    #expect(cache.replies(for: key("a", ["title": "e\u{301}"])) == nil)
    let (one, two) = ("\u{E9}", "e\u{301}")
    let inputs: [(String) -> ParameterInput] = [
      { .text($0) }, { .list([.text($0)]) }, { .mapping([.init($0, .empty)]) }, { .mapping([.init("a", .text($0))]) },
    ]
    for input in inputs { #expect(Set([input(one), input(two), input(one)]).count == 2) }
    let arguments: [(String) -> Argument] = [
      { .text($0) }, { .choice($0, index: 1) }, { .list([.text($0)]) },
      { .mapping([.init($0, column: 0, .integer(1))]) },
      { .conditions([Condition(column: $0, index: 0, .isPresent)]) },
      { .conditions([Condition(column: "a", index: 0, .isAmong([.text($0)]))]) },
    ]
    for argument in arguments { #expect(Set([argument(one), argument(two), argument(one)]).count == 2) }
    #expect(Set([Note(.caveat, one), Note(.caveat, two), Note(.caveat, one)]).count == 2)
  }

  @Test func whatWasUsedLongestAgoIsDroppedFirst() {
    let cache = ReplyCache(limit: 4000)
    for name in ["a", "b", "c", "d"] { cache.insert(reply(1000), for: key(name)) }
    _ = cache.replies(for: key("a"))
    cache.insert(reply(500), for: key("e"))
    let kept = ["a", "b", "c", "d", "e"].filter { cache.replies(for: key($0)) != nil }
    #expect(kept == ["a", "c", "d", "e"])
    #expect(cache.statistics.entries == 4)
    #expect(cache.statistics.bytes == 3500)
  }

  /// Held against a list in the order of use.
  @Test(arguments: 1...20) func ofAnyQuestionsThoseAskedLastAreKept(seed: UInt64) {
    var random = SplitMix(seed: seed)
    let cache = ReplyCache(limit: 4000)
    var list: [(name: String, size: Int)] = []
    for _ in 1...500 {
      let name = "r\(Int.random(in: 0..<30, using: &random))"
      if Bool.random(using: &random) {
        let place = list.firstIndex { $0.name == name }
        #expect(cache.replies(for: key(name))?.first?.count == place.map { list[$0].size })
        if let place { list.append(list.remove(at: place)) }
      } else {
        let size = Int.random(in: 1...1000, using: &random)
        cache.insert(reply(size), for: key(name))
        list.removeAll { $0.name == name }
        while list.reduce(size, { $0 + $1.size }) > 4000 { list.removeFirst() }
        list.append((name, size))
      }
      #expect(cache.statistics.bytes == list.reduce(0) { $0 + $1.size })
      #expect(cache.statistics.entries == list.count)
    }
  }

  @Test func aReplyOverAQuarterOfItIsNotKeptAndDropsNothing() {
    let cache = ReplyCache(limit: 4000)
    cache.insert(reply(1000), for: key("a"))
    cache.insert(reply(1001), for: key("b"))
    #expect(cache.replies(for: key("b")) == nil)
    #expect(cache.replies(for: key("a")) == reply(1000))
  }

  @Test func theSameQuestionIsCountedOnce() {
    let cache = ReplyCache(limit: 4000)
    cache.insert(reply(1000), for: key("a"))
    cache.insert(reply(10), for: key("a"))
    #expect(cache.replies(for: key("a")) == reply(10))
    #expect(cache.statistics.entries == 1)
    #expect(cache.statistics.bytes == 10)
  }

  @Test func aSizeOfZeroKeepsNothingThatHasBytes() {
    let cache = ReplyCache(limit: 0)
    cache.insert(reply(1), for: key("a"))
    #expect(cache.replies(for: key("a")) == nil)
    #expect(cache.statistics.bytes == 0)
  }

  @Test func hitsAndMissesAreCountedOverAllGenerations() {
    let counters = ReplyCache.Counters()
    let (old, new) = (ReplyCache(limit: 4000, counters: counters), ReplyCache(limit: 4000, counters: counters))
    old.insert(reply(1), for: key("a"))
    _ = old.replies(for: key("a"))
    #expect(new.replies(for: key("a")) == nil, "no reply mixes two generations")
    #expect(new.statistics.hits == 1)
    #expect(new.statistics.misses == 1)
  }
}
