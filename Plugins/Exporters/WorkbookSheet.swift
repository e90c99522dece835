internal import ReportKit

/// A sheet whose rows are written from the top, and kept compressed.
struct WorkbookSheet {
  /// Excel's, the header included.
  static let rowLimit = 1_048_576
  static let columnLimit = 16_384
  /// Of one cell, in UTF-16 units.
  static let textLimit = 32_767
  /// Excel keeps 15 digits of a number.
  private static let exactIntegers: ClosedRange<Int64> = -999_999_999_999_999...999_999_999_999_999
  /// Of its markup: archives count to 4 GiB, all files together.
  private static let byteLimit = 3 << 30

  let name: String
  /// Of the columns, in characters.
  var widths: [Int] = []
  /// How many rows stay in sight.
  var frozenRows = 0
  private(set) var rowCount = 0
  private var rows = Deflate()
  private var letters: [[UInt8]] = []

  init(name: String) {
    self.name = name
  }

  /// Writes a row: text as text, whatever it begins with; numbers as numbers, or as text where Excel would round them;
  /// missing values as empty cells, but for what does not add or is not shown, which keeps its mark.
  mutating func write(_ values: [Cell.Value], styles: [Workbook.Style]) throws {
    while letters.count < values.count { letters.append(Array(columnLetters(letters.count).utf8)) }
    let rowNumber = Array(String(rowCount + 1).utf8)
    var markup: [UInt8] = Array("<row r=\"".utf8) + rowNumber + Array("\">".utf8)
    for (column, (value, style)) in zip(values, styles).enumerated() {
      func begin() {
        markup += "<c r=\"".utf8
        markup += letters[column]
        markup += rowNumber
        markup += "\"".utf8
        if style != .plain { markup += " s=\"\(style.rawValue)\"".utf8 }
      }
      func number(_ digits: String) {
        begin()
        markup += "><v>".utf8
        markup += digits.utf8
        markup += "</v></c>".utf8
      }
      func text(_ text: String) {
        begin()
        markup += " t=\"inlineStr\"><is><t xml:space=\"preserve\">".utf8
        markup += spreadsheetMarkup(cellText(text)).utf8
        markup += "</t></is></c>".utf8
      }
      func blank() {
        if style == .plain { return }
        begin()
        markup += "/>".utf8
      }
      switch value {
      case .text(""): blank()
      case .text(let words):
        if words.utf16.count > Self.textLimit {
          throw WorkbookError(
            "holds at most \(Self.textLimit) characters in a cell, and "
              + "\(cellReference(row: rowCount, column: column)) has \(words.utf16.count)")
        }
        text(words)
      case .integer(let integer) where Self.exactIntegers.contains(integer): number(String(integer))
      case .integer(let integer): text(String(integer))
      case .decimal(let decimal):
        if Int64(exactly: decimal.units).map(Self.exactIntegers.contains) == true {
          number(decimal.description)
        } else {
          text(decimal.description)
        }
      // An empty cell would look as if there were a number of nothing.
      case .missing(let reason?) where reason.kind.spoilsSums: text(reason.symbol)
      case .missing: blank()
      }
    }
    markup += "</row>".utf8
    rows.write(markup)
    if rows.size > Self.byteLimit { throw WorkbookError("holds at most \(Self.byteLimit) bytes, and there are more") }
    rowCount += 1
  }

  /// Its file in the workbook.
  ///
  /// - Parameter isFirst: the one that is seen when the workbook is opened.
  consuming func content(isFirst: Bool) -> ZipArchive.Content {
    var beginning = "\(xmlDeclaration)<worksheet xmlns=\"\(spreadsheetNamespace)\"><sheetViews><sheetView"
    if isFirst { beginning += " tabSelected=\"1\"" }
    beginning += " workbookViewId=\"0\">"
    if frozenRows > 0 {
      beginning += "<pane ySplit=\"\(frozenRows)\" topLeftCell=\"\(cellReference(row: frozenRows, column: 0))\""
      beginning += " activePane=\"bottomLeft\" state=\"frozen\"/><selection pane=\"bottomLeft\"/>"
    }
    beginning += "</sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"15\"/>"
    if !widths.isEmpty {
      beginning += "<cols>"
      for (index, width) in widths.enumerated() {
        // Five pixels around characters of seven, cut to the 256th (ECMA-376, 18.3.1.13).
        beginning += "<col min=\"\(index + 1)\" max=\"\(index + 1)\" width=\"\(width).7109375\" customWidth=\"1\"/>"
      }
      beginning += "</cols>"
    }
    rows.write("</sheetData></worksheet>".utf8)
    rows.finish()
    return .deflated(beginning + "<sheetData>", rows)
  }
}

/// Such as `D9`; both count from 0.
func cellReference(row: Int, column: Int) -> String { "\(columnLetters(column))\(row + 1)" }

private func columnLetters(_ column: Int) -> String {
  var letters = ""
  var rest = column + 1
  while rest > 0 {
    letters = String(UnicodeScalar(UInt8(ascii: "A") + UInt8((rest - 1) % 26))) + letters
    rest = (rest - 1) / 26
  }
  return letters
}
