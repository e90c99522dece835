import ArgumentParser
import Base
import JSON
import MusterAPI
import TestSupport
import Testing

@testable import muster

@Suite("What --where says reaches the daemon")
struct SelectionOptionsTests {
  private func filters(_ arguments: String...) throws -> [Reports.Filter] {
    try SelectionOptions.parse(arguments.flatMap { ["--where", $0] }).where ?? []
  }

  private func refusal(_ argument: String) -> String? {
    do {
      _ = try SelectionOptions.parse(["--where", argument])
      return nil
    } catch {
      return SelectionOptions.message(for: error)
    }
  }

  @Test("Items are told from each other by commas, and handed on as they are")
  func items() throws {
    #expect(
      try filters("year=2015..2020,latest", "country=under:asia", "b=a=b,c") == [
        Reports.Filter(dimension: "year", codes: ["2015..2020", "latest"]),
        Reports.Filter(dimension: "country", codes: ["under:asia"]),
        Reports.Filter(dimension: "b", codes: ["a=b", "c"]),
      ])
  }

  @Test("!= leaves out, and a dimension may be narrowed more than once")
  func without() throws {
    #expect(
      try filters("country!=world,arab_world", "country=under:asia") == [
        Reports.Filter(dimension: "country", codes: [], without: ["world", "arab_world"]),
        Reports.Filter(dimension: "country", codes: ["under:asia"]),
      ])
  }

  @Test("A sign with a mark behind it is still that sign")
  func marks() throws {
    for text in MarkedSigns.texts {
      let filter = try filters("country!=\(commaSeparated(text))").first
      #expect(filter?.dimension == "country" && areSameBytes(filter?.without?.first, text), "\(text.debugDescription)")
      let setting = try Setting("name=\(text)")
      #expect(setting.name == "name" && areSameBytes(setting.value, text), "\(text.debugDescription)")
    }
    #expect(areSameBytes(try filters("country=\u{301}a").first?.codes.first, "\u{301}a"))
    #expect(areSameBytes(try filters("country!=\u{301}a").first?.without?.first, "\u{301}a"))
    #expect(areSameBytes(try Setting("name=\u{301}a").value, "\u{301}a"))
  }

  @Test("A code with a comma or a quote in it is named in double quotes")
  func quotes() throws {
    #expect(
      try filters("country=\"Korea, Rep.\",japan,\"The \"\"Old\"\" Town\"") == [
        Reports.Filter(dimension: "country", codes: ["Korea, Rep.", "japan", "The \"Old\" Town"])
      ])
    #expect(try filters("country=\"under:Korea, Rep.\"").map(\.codes) == [["under:Korea, Rep."]])
  }

  @Test("Whoever forgets a quote is told what to write")
  func refusals() {
    #expect(
      refusal("country=\"Korea, Rep.")?.contains("has no other at its end; write 'country=\"Korea, Rep.\",japan'")
        == true)
    #expect(refusal("country=under:\"Korea, Rep.\"")?.contains("stands whole in double quotes") == true)
    #expect(refusal("country=")?.contains("--where names no code of country") == true)
    #expect(refusal("country!=,")?.contains("--where names no code of country") == true)
    #expect(refusal("country")?.contains("expected DIMENSION=CODE,… or DIMENSION!=CODE,…") == true)
    #expect(refusal("=a") != nil && refusal("!=a") != nil)
  }
}
