import JSON
import ReportKit
import Testing

@testable import ExporterPlugins

@Suite("datapackage")
struct DataPackageExporterTests {
  private let package = DataPackageExporter()

  @Test(
    "The checksum is that of zip",
    arguments: [("", 0), ("123456789", 0xCBF4_3926), ("a", 0xE8B7_BE43)] as [(String, UInt32)])
  func checksum(text: String, crc: UInt32) {
    #expect(crc32(Array(text.utf8)) == crc)
  }

  @Test("The same table gives the same bytes, and they are no text")
  func determinism() async throws {
    #expect(try await export(.small, with: package) == export(.small, with: package))
    #expect(!package.isText)
    #expect(CSVExporter().isText)
  }

  @Test("Missing numbers keep their marks, which the schema explains")
  func missingValues() async throws {
    let files = try await files(.small)
    #expect(
      files["data.csv"] == """
        country,released,handed_over,total
        Poland,190,143,333
        Finland,24,–,24
        Japan,…,,…
        Nowhere,0,2,2

        """)
    let fields = try await descriptor(files)["resources"]?.arrayValue?[0]["schema"]?["fields"]?.arrayValue
    #expect(fields?[0]["missingValues"] == nil, "a dash in a text is a text")
    #expect(
      fields?[2] == [
        "name": "handed_over", "type": "integer", "title": "Handed over", "unit": "persons",
        "missingValues": [["value": "", "label": "nothing observed"], ["value": "–", "label": "none printed"]],
      ])
  }

  @Test("Two reasons with one mark, and a mark that is a number")
  func ambiguousMarks() async throws {
    let files = try await files(
      .numbers([
        [Cell(.missing(Missing(symbol: "-", label: "none printed")))],
        [Cell(.missing(Missing(symbol: "-", label: "illegible")))], [.integer(-99)],
        [Cell(.missing(Missing(symbol: "-99", label: "unknown")))],
      ]))
    #expect(files["data.csv"] == "name,a\nr1,-\nr2,-\nr3,-99\nr4,\n")
    await #expect(
      try descriptor(files)["resources"]?.arrayValue?[0]["schema"]?["fields"]?.arrayValue?[1]["missingValues"] == [
        ["value": "", "label": "nothing observed"], ["value": "-", "label": "none printed or illegible"],
      ])
    #expect(files["notes.csv"]?.contains(",missing,'-99: unknown,4,a\n") == true)
  }

  @Test("Notes name their cells, and the descriptor its sources and revision")
  func notes() async throws {
    let files = try await files(.small)
    #expect(
      files["notes.csv"] == """
        number,kind,text,row,column
        1,caveat,Five more Finns remain.,2,released
        1,caveat,Five more Finns remain.,2,total
        1,caveat,Five more Finns remain.,4,handed_over
        1,caveat,Five more Finns remain.,5,released
        1,caveat,Five more Finns remain.,5,handed_over
        1,caveat,Five more Finns remain.,5,total
        2,caveat,Another caveat.,4,handed_over
        2,caveat,Another caveat.,5,handed_over
        ,missing,–: none printed,2,handed_over
        ,missing,…: not given,3,released
        ,missing,…: not given,3,total
        ,scope,1 number is not added,,

        """)
    let descriptor = try await descriptor(files)
    #expect(descriptor["revision"] == "sha256:00ff")
    #expect(
      descriptor["sources"] == [
        ["title": "Test persons", "version": "sha256:00ff"], ["title": "Attachment 1"], ["title": "Attachment 4"],
      ])
    #expect(files["README.md"]?.contains("- Five more Finns remain.\n") == true)
  }

  @Test("Text cannot become a formula unless that is asked for")
  func formulas() async throws {
    await #expect(try files(.texts(["=1+1", "–"]))["data.csv"] == "text\n'=1+1\n–\n")
    await #expect(try files(.texts(["=1+1"]), ["formulas": "keep"])["data.csv"] == "text\n=1+1\n")
  }

  private func descriptor(_ files: [String: String]) async throws -> JSONValue {
    try JSONValue(parsing: try #require(files["datapackage.json"]))
  }

  /// The files of the archive, by its directory.
  private func files(
    _ table: TestTable, _ parameters: KeyValuePairs<String, String> = [:]
  ) async throws -> [String: String] {
    let bytes = try await export(table, with: package, parameters)
    func number(_ offset: Int, _ size: Int) -> Int {
      (0..<size).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
    let end = bytes.count - 22
    try #require(number(end, 4) == 0x0605_4B50)
    var entry = number(end + 16, 4)
    var files: [String: String] = [:]
    for _ in 0..<number(end + 10, 2) {
      try #require(number(entry, 4) == 0x0201_4B50)
      let (size, nameSize, offset) = (number(entry + 24, 4), number(entry + 28, 2), number(entry + 42, 4))
      let name = String(decoding: bytes[(entry + 46)...].prefix(nameSize), as: UTF8.self)
      let content = Array(bytes[(offset + 30 + nameSize)...].prefix(size))
      #expect(Int(crc32(content)) == number(entry + 16, 4))
      files[name] = String(decoding: content, as: UTF8.self)
      entry += 46 + nameSize
    }
    #expect(entry == end)
    return files
  }
}
