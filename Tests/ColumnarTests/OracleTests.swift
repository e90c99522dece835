import Base
import Columnar
import Query
import TestSupport
import Testing

/// Random datasets, rules and questions, answered by the engine as by whoever follows MODEL.md row by row.
struct OracleTests {
  /// Seeds on which the engine once answered wrongly.
  private static let regressions = [2, 4, 11, 16, 19, 25]
  private static let seeds = 100..<150
  private static let questionCount = 20

  @Test("what numbers come to is what the rules say")
  func answers() async throws {
    var failures = 0
    for seed in Self.regressions + Self.seeds where failures < 12 {
      var random = SplitMix(seed: seed)
      let dataset = try RandomDataset(&random)
      let engine: ColumnarEngine
      do throws(ProblemList) {
        engine = try await dataset.load()
      } catch {
        Issue.record("seed \(seed) was not loaded: \(error.lines)")
        failures += 1
        continue
      }
      for number in 0..<Self.questionCount {
        let query = dataset.question(&random)
        let found = try await engine.aggregate(query)
        let wrong = dataset.oracle.answer(query).sorted { $0.key.lexicographicallyPrecedes($1.key) }
          .first { Self.plain(found[$0.key]) != Self.plain($0.value) }
        guard let wrong else { continue }
        Issue.record(
          """
          seed \(seed), question \(number), cell \(wrong.key):
          \(query)
          rules \(query.measure.map { "\(dataset.oracle.measures[$0])" } ?? "of all")
          found    \(Self.words(found[wrong.key]))
          expected \(Self.words(wrong.value))
          """)
        failures += 1
        break
      }
    }
  }

  /// Without what has no meaning: counts of nothing missing, and estimates of what has no sum.
  private static func plain(_ aggregate: Aggregate) -> Aggregate {
    var plain = aggregate
    if plain.missing.allSatisfy({ $0 == 0 }) { plain.missing = [] }
    if plain.notAdditive != nil { plain.estimates = 0 }
    return plain
  }

  private static func words(_ aggregate: Aggregate) -> String {
    Mirror(reflecting: plain(aggregate)).children.map { "\($0.label ?? "")=\($0.value)" }.joined(separator: " ")
  }
}
