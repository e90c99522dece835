import Base
import Testing
import Varlink

@testable import varlink_generator

@Suite("An interface becomes Swift that reads and writes exactly what it declares")
struct SwiftSourceTests {
  private func source(_ members: String) throws -> SwiftSource {
    SwiftSource(try InterfaceDescription(parsing: "# Test.\ninterface org.example.Tests\n\n\(members)\n"))
  }

  /// Without the head that each file has, and without what `swift format` lays out.
  private func lines(_ members: String, _ part: SwiftSource.Part) throws -> [String] {
    try source(members).text(part).split(separator: "\n").map { $0.trimmingPrefix(while: { $0 == " " }) }
      .drop { $0.hasPrefix("// ") }.map(String.init)
  }

  @Test func fieldsKeepTheirOrderTheirCommentsAndWhetherTheyMayBeAbsent() throws {
    let lines = try lines(
      """
      # A place.
      type Place(
        # As people know it
        name: string,
        where: ?[]int,
        extent: ?[string][]float
      )
      """, .types)
    #expect(
      lines == [
        "public import JSON", "extension Tests {", "/// A place.",
        "public struct Place: Codable, Hashable, JSONWritable, Sendable {",
        "/// As people know it", "public var name: String", "public var `where`: [Int64]?",
        "public var extent: [String: [Double]]?",
        "public init(name: String, `where`: [Int64]? = nil, extent: [String: [Double]]? = nil) {",
        "self.name = name", "self.where = `where`", "self.extent = extent", "}",
        "public func appendJSON(to bytes: inout [UInt8]) {", "writeJSONObject(to: &bytes) { bytes in",
        "writeJSONMember(\"name\", self.name, to: &bytes)", "writeJSONMember(\"where\", self.where, to: &bytes)",
        "writeJSONMember(\"extent\", self.extent, to: &bytes)", "}", "}", "}", "}",
      ])
  }

  @Test func anEnumHasItsWordsAndKeepsOthers() throws {
    let lines = try lines("type Use(added, of_which, default)", .types)
    #expect(lines.contains("public enum Use: WireEnumeration {"))
    #expect(lines.contains("case ofWhich"))
    #expect(lines.contains("case .ofWhich: \"of_which\""))
    #expect(lines.contains("case .`default`: \"default\""))
    #expect(lines.contains("case unknown(String)"))
  }

  @Test func aMethodHasATypeForWhatItTakesAndOneForWhatItAnswers() throws {
    let lines = try lines("method Find(name: string) -> (value: any)\nmethod Stop() -> ()", .methods)
    #expect(
      lines.filter { $0.hasPrefix("public struct") }.map { $0.prefix { $0 != ":" } } == [
        "public struct FindParameters", "public struct FindReply",
      ])
    #expect(lines.first == "public import JSON")
  }

  @Test func anErrorKnowsItsName() throws {
    let lines = try lines("method M() -> ()\nerror NoSuchName(name: string)", .errors)
    #expect(lines.contains("public struct NoSuchName: ServiceError {"))
    #expect(lines.contains("public static let name = \"org.example.Tests.NoSuchName\""))
  }

  @Test func theDescriptionIsKeptToTheByteButForTheLastLineEnd() throws {
    let text = try source("# A \\ and \"\"\".\ntype T(a: int)").text(.interface)
    #expect(text.contains("  # A \\\\ and \\\"\"\".\n  type T(a: int)\n  \"\"\"\n"))
  }

  @Test func whatHasNoNameOfItsOwnIsRefusedWithItsPlace() throws {
    let source = try source("type T(a: ?[](b: int))")
    #expect(
      throws: SwiftSource.Unsupported(place: "T.a", reason: "a type inside another needs a name: declare it as a type")
    ) {
      try source.text(.types)
    }
  }
}
