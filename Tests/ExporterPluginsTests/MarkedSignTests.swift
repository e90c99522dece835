import JSON
import ReportKit
import TestSupport
import Testing

@testable import ExporterPlugins

/// A sign and a mark that combines with it are one character of a String, and still two scalars for whoever reads a file.
@Suite("Signs with marks behind them are escaped as others are")
struct MarkedSignTests {
  @Test("csv, with every delimiter", arguments: ["comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"])
  func csv(_ name: String, _ delimiter: String) async throws {
    let table = TestTable(
      columns: ["a", "b"].map { Column(name: $0, title: $0, kind: .text) },
      rows: MarkedSigns.texts.map { Row([.text($0), .text("x")]) })
    let bytes = try await export(table, with: CSVExporter(), ["delimiter": name, "formulas": "keep"])
    let records = try records(bytes, try #require(delimiter.utf8.first)).dropFirst()
    #expect(records.map { $0.map { Array($0.utf8) } } == MarkedSigns.texts.map { [Array($0.utf8), Array("x".utf8)] })
  }

  @Test("csv, where a spreadsheet could compute", arguments: ["=", "+", "-", "@"])
  func formulas(_ sign: String) async throws {
    let bytes = try await export(.texts(["\(sign)\u{301}1"]), with: CSVExporter())
    #expect(try records(bytes, UInt8(ascii: ",")).last?.first?.utf8.first == UInt8(ascii: "'"))
  }

  @Test("json and ndjson")
  func json() async throws {
    let document = try JSONValue(parsing: try await export(.texts(MarkedSigns.texts), with: JSONExporter()))
    let rows = try #require(document["rows"]?.arrayValue)
    let lines = try await export(.texts(MarkedSigns.texts), with: NDJSONExporter()).split(separator: UInt8(ascii: "\n"))
    #expect(rows.count == MarkedSigns.texts.count)
    for (index, text) in MarkedSigns.texts.enumerated() {
      #expect(areSameBytes(rows[index]["text"]?.stringValue, text), "\(text.debugDescription)")
      #expect(areSameBytes(try JSONValue(parsing: lines[index])["text"]?.stringValue, text), "\(text.debugDescription)")
    }
  }

  @Test("html and svg")
  func xml() {
    let names = ["&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#39;": "'"]
    for text in MarkedSigns.texts {
      var rest = Array(xmlText(text).utf8)[...]
      var read: [UInt8] = []
      while let byte = rest.first {
        if let name = names.first(where: { rest.starts(with: $0.key.utf8) }) {
          read += Array(name.value.utf8)
          rest = rest.dropFirst(name.key.utf8.count)
        } else {
          #expect(!"<>&\"'".utf8.contains(byte), "\(text.debugDescription)")
          read.append(byte)
          rest = rest.dropFirst()
        }
      }
      #expect(read == Array(text.utf8), "\(text.debugDescription)")
    }
  }

  @Test("markdown")
  func markdown() {
    let names = ["&amp;": "&", "&lt;": "<", "&gt;": ">"]
    for text in MarkedSigns.wordTexts {
      var rest = Array(markdownText(text).utf8)[...]
      var read: [UInt8] = []
      while let byte = rest.first {
        if let name = names.first(where: { rest.starts(with: $0.key.utf8) }) {
          read += Array(name.value.utf8)
          rest = rest.dropFirst(name.key.utf8.count)
          continue
        }
        #expect(!"<>|*`[]$".utf8.contains(byte), "\(text.debugDescription)")
        if byte == UInt8(ascii: "\\") { rest = rest.dropFirst() }
        if let meant = rest.popFirst() { read.append(meant) }
      }
      #expect(read == Array(text.utf8), "\(text.debugDescription)")
    }
  }

  @Test("A line end within a cell is a space", arguments: ["a\rb", "a\nb", "a\r\nb"])
  func lineEnds(_ text: String) async throws {
    #expect(xmlText(text) == "a b")
    #expect(markdownText(text) == "a b")
    #expect(try await exportText(.texts([text]), with: TableExporter()).contains("\na b\n"))
  }

  private func next(_ bytes: inout ArraySlice<UInt8>) throws -> UInt8 {
    let byte = bytes.popFirst()
    return try #require(byte, "the file ends too early")
  }

  /// The records of a file by RFC 4180, strictly: a quote stands around a field or is doubled in it.
  private func records(_ bytes: [UInt8], _ delimiter: UInt8) throws -> [[String]] {
    let quote = UInt8(ascii: "\"")
    var records: [[String]] = []
    var fields: [String] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      var field: [UInt8] = []
      if rest.first == quote {
        rest = rest.dropFirst()
        while true {
          let byte = try next(&rest)
          if byte == quote, rest.first != quote { break }
          if byte == quote { rest = rest.dropFirst() }
          field.append(byte)
        }
      } else {
        while let byte = rest.first, byte != delimiter, byte != UInt8(ascii: "\n") {
          try #require(byte != quote)
          field.append(byte)
          rest = rest.dropFirst()
        }
      }
      fields.append(String(decoding: field, as: UTF8.self))
      let end = try next(&rest)
      if end == delimiter { continue }
      try #require(end == UInt8(ascii: "\n"))
      records.append(fields)
      fields = []
    }
    return records
  }
}
