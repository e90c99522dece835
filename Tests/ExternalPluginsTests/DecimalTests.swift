import ExternalPlugins
import JSON
import ReportKit
import TestSupport
import Testing

/// Decimals go through plugins exactly.
@Suite(.blocking, .timeLimit(.minutes(10))) struct DecimalTests {
  private static let columns = [FrameColumn(Column(name: "share", title: "Share", kind: .decimal, unit: "percent"))]

  private func read(_ number: String) throws -> Cell.Value? {
    try FrameRow(parsing: Array("{\"share\":\(number)}".utf8), columns: Self.columns).cells.first?.value
  }

  @Test(
    arguments: [
      ("12.5", 125, 1), ("12.50", 125, 1), ("-0.05", -5, 2), ("7", 7, 0), ("7.0", 70, 1), ("5e-05", 5, 5),
      ("1E+3", 10000, 1), ("0.1", 1, 1), ("99999999999.9999", 999_999_999_999_999, 4),
      ("3e15", 30_000_000_000_000_000, 1),
      ("123456789012345.0", 1_234_567_890_123_450, 1), (#""12.50""#, 1250, 2),
      (#""-0.30000000000000004""#, -30_000_000_000_000_004, 17),
    ] as [(String, Int64, Int)])
  func areReadAsTheyAreWritten(_ written: String, units: Int64, scale: Int) throws {
    #expect(try read(written) == .decimal(ExactDecimal(units: Int128(units), scale: scale)))
  }

  @Test(
    arguments: [
      (
        "0.30000000000000004",
        "a number with at most 15 digits, or its digits as a text, not 0.30000000000000004; round it"
      ),
      ("1e18", nil), ("1e19", nil),
      ("1e40", "a number with at most 15 digits, or its digits as a text, not 1e+40; round it"),
      (
        "12345678901234567890",
        "a number with at most 15 digits, or its digits as a text, not 1.2345678901234567e+19; round it"
      ),
      ("1e-19", "a number with at most 15 digits, or its digits as a text, not 1e-19; round it"),
      (#""12,5""#, #"a number, not the text "12,5""#), ("true", "a number or null, not a bool"),
    ] as [(String, String?)])
  func thatCannotBeExactAreRefused(_ written: String, problem: String?) throws {
    do {
      let value = try read(written)
      #expect(problem == nil, "\(String(describing: value))")
    } catch let error as FrameError {
      #expect(error.description == "the column \"share\" wants \(problem ?? "")")
    }
  }

  @Test func areWrittenWithAllTheirDigits() {
    var bytes: [UInt8] = []
    FrameRow([Cell(.decimal(ExactDecimal(units: 1250, scale: 2)))]).write(columns: ["share"], to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == "{\"share\":12.50}\n")
  }

  private var shares: Table {
    var shares = table([])
    shares.columns[1] = Column(name: "share", title: "Share", kind: .decimal, unit: "percent")
    shares.batches = Batches(
      [
        [
          Row([.text("a"), Cell(.decimal(ExactDecimal(units: 1250, scale: 2)))]),
          Row([.text("b"), Cell(.decimal(ExactDecimal(units: -3, scale: 0)))]),
          Row([.text("c"), .empty]),
        ]
      ], columns: shares.columns)
    return shares
  }

  @Test func keepTheirDigitsThroughAPluginThatReadsThemAsNumbers() async throws {
    let workshop = try Workshop()
    let manifest = try workshop.transform(
      """
      import json, sys
      assert json.loads(sys.stdin.readline())["columns"][1]["kind"] == "decimal"
      for line in sys.stdin: print(json.dumps(json.loads(line)))
      """, interpreter: "/usr/bin/python3")
    let result = try await run(manifest, on: .test(), shares)
    #expect(result == (try await readAll(shares).rows))
  }

  @Test func mayBeComputedByAPlugin() async throws {
    let workshop = try Workshop()
    let manifest = try workshop.manifest(
      #"cat > /dev/null; echo '{"half":6.25,"@rows":[0]}'"#,
      """
      name: test-plugin
      kind: transform
      summary: Under test
      command: [./plugin]
      columns: [{ name: half, kind: decimal, unit: percent, total: sum }]
      """)
    let result = try transformed(shares, manifest, .test())
    #expect(result.columns == [Column(name: "half", title: "half", kind: .decimal, unit: "percent", total: .sum)])
    #expect(try await readAll(result).rows.map(\.cells) == [[Cell(.decimal(ExactDecimal(units: 625, scale: 2)))]])
  }
}
