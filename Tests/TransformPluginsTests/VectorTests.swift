import ReportKit
import TestSupport
import Testing
import TransformPlugins

@Suite("How a batch keeps its values makes no difference")
struct VectorTests {
  private static let columns = [
    Column(name: "country", title: "Country", kind: .text),
    Column(name: "n", title: "N", kind: .integer, total: .sum, selection: kind(0)),
  ]
  // Two codes of one text, and one that comes after it in the list and before it in the alphabet.
  private static let names = TextList(["poland", "japan", "poland", "albania"])
  private static let reasons = (1...4).map { Missing(symbol: "–\($0)", label: "reason \($0)") }

  /// The same rows with texts as codes and as values of several kinds, in batches of the same size.
  private func tables(_ random: inout SplitMix) -> [Table] {
    var (coded, mixed): ([Batch], [Batch]) = ([], [])
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let count = Int.random(in: 1...5, using: &random)
      var rows: [Row] = []
      var (codes, gaps): ([UInt32], [UInt8]) = ([], [])
      for row in 0..<count {
        codes.append(UInt32.random(in: 0..<4, using: &random))
        gaps.append(UInt8.random(in: 0..<3, using: &random) / 2)
        let number: Cell.Value =
          Bool.random(using: &random)
          ? .integer(Int64.random(in: 0...3, using: &random)) : .missing(Self.reasons.randomElement(using: &random))
        let notes = Int.random(in: 0..<4, using: &random) == 0 ? [Note(.caveat, "Note \(row)")] : []
        let country: Cell = gaps[row] == 0 ? .text(Self.names.texts[Int(codes[row])]) : .empty
        rows.append(Row([country, Cell(number, notes: notes)], provenance: [place(Int(codes[row]))]))
      }
      let plain = Batch(rows, columns: Self.columns)
      func with(_ columns: [ColumnVector], _ provenance: RowProvenance) -> Batch {
        Batch(columns, count: count, annotations: plain.annotations, provenance: provenance)
      }
      coded.append(
        with(
          [.codes(codes, of: Self.names, Gaps(codes: gaps, reasons: [nil])), plain.columns[1]],
          .groups([codes], by: [0], in: .all)))
      mixed.append(
        with(plain.columns.map { column in .mixed(plain.indices.map { column[$0] }) }, plain.provenance))
    }
    let plain = coded.map { Batch($0.rows, columns: Self.columns) }
    return [plain, coded, mixed].map { Table(columns: Self.columns, batches: Batches($0)) }
  }

  private static let steps: [(any TransformPlugin, KeyValuePairs<String, ParameterInput>)] = [
    (Sort(), ["by": ["country", "n"]]),
    (Sort(), ["by": ["n": "descending", "country": "ascending"]]),
    (Where(), ["conditions": ["country": ["poland", "albania"]]]),
    (Where(), ["conditions": ["country": "missing"]]),
    (Where(), ["conditions": ["country": "present", "n": "> 1"]]),
    (Top(), ["count": "3", "rest": "true"]),
    (Columns(), ["choose": ["n", "country"]]),
    (Share(), ["of": "n"]),
    (Change(), ["of": "n", "by": "country"]),
    (Change(), ["of": "n", "kind": "percent"]),
    (Index(), ["of": "n"]),
    (Cumulate(), ["of": "n", "by": "country"]),
    (Rank(), ["of": "n"]),
    (Mean(), ["of": "n"]),
    (Unpivot(), ["columns": "n"]),
    (Pivot(), ["names": "country", "values": "n", "into": ["poland", "japan", "albania"]]),
  ]

  @Test func eachStepMakesTheSameOfThem() async throws {
    var random = SplitMix(seed: 3)
    for _ in 0..<100 {
      for (step, inputs) in Self.steps {
        let before = random
        var results: [Contents] = []
        for index in 0..<3 {
          // A stream is read once.
          random = before
          results.append(try await Contents(apply(step, inputs, to: tables(&random)[index])))
        }
        for result in results.dropFirst() {
          #expect(result.rows == results[0].rows, "\(step.manifest.name)")
          #expect(result.notes == results[0].notes)
        }
      }
    }
  }

  @Test func moreReasonsThanABatchCanNumberAreKept() async throws {
    let batches = (0..<3).map { batch in
      (0..<200).map { row in
        Row([.empty, Cell(.missing(Missing(symbol: "–", label: "reason \(batch), \(row)")))])
      }
    }
    let table = Table(columns: Self.columns, batches: Batches(batches, columns: Self.columns))
    let contents = try await Contents(apply(Sort(), ["by": "n"], to: table))
    #expect(contents.rows == batches.flatMap(\.self))
  }
}
