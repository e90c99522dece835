#if canImport(CLibXLSXWriter)
  internal import CLibXLSXWriter
  internal import ReportKit

  /// A sheet whose rows are written from the top.
  struct Sheet {
    /// Excel's, the header included.
    static let rowLimit = 1_048_576
    static let columnLimit = 16_384
    /// Of one cell, in UTF-16 units.
    static let textLimit = 32_767
    /// Excel keeps 15 digits of a number.
    private static let exactIntegers: ClosedRange<Int64> = -999_999_999_999_999...999_999_999_999_999

    let workbook: Workbook
    let sheet: UnsafeMutablePointer<lxw_worksheet>
    private(set) var rowCount = 0

    init(workbook: Workbook, sheet: UnsafeMutablePointer<lxw_worksheet>) {
      self.workbook = workbook
      self.sheet = sheet
    }

    /// Writes a row: text as text, whatever it begins with; numbers as numbers, or as text where Excel would round them;
    /// missing values as empty cells, but for what does not add or is not shown, which keeps its mark.
    mutating func write(_ values: [Cell.Value], styles: [Workbook.Style]) throws {
      for (column, (value, style)) in zip(values, styles).enumerated() {
        let row = lxw_row_t(rowCount)
        let format = workbook.format(style)
        let code: lxw_error
        switch value {
        case .text(let text):
          if text.utf16.count > Self.textLimit {
            throw WorkbookError(
              "holds at most \(Self.textLimit) characters in a cell, and "
                + "\(cellReference(row: rowCount, column: column)) has \(text.utf16.count)")
          }
          code = worksheet_write_string(sheet, row, lxw_col_t(column), cellText(text), format)
        case .integer(let integer) where Self.exactIntegers.contains(integer):
          code = worksheet_write_number(sheet, row, lxw_col_t(column), Double(integer), format)
        case .integer(let integer):
          code = worksheet_write_string(sheet, row, lxw_col_t(column), String(integer), format)
        case .decimal(let decimal):
          // Excel keeps 15 digits of a number.
          code =
            Int64(exactly: decimal.units).map(Self.exactIntegers.contains) == true
            ? worksheet_write_number(sheet, row, lxw_col_t(column), decimal.double, format)
            : worksheet_write_string(sheet, row, lxw_col_t(column), decimal.description, format)
        case .missing(let reason?) where reason.kind.spoilsSums:
          // An empty cell would look as if there were a number of nothing.
          code = worksheet_write_string(sheet, row, lxw_col_t(column), cellText(reason.symbol), format)
        case .missing:
          code = worksheet_write_blank(sheet, row, lxw_col_t(column), format)
        }
        if code != LXW_NO_ERROR { throw WorkbookError(code) }
      }
      rowCount += 1
    }

    /// Keeps that many rows in sight.
    func freeze(rows: Int) {
      worksheet_freeze_panes(sheet, lxw_row_t(rows), 0)
    }

    func setWidth(_ width: Int, ofColumn column: Int) {
      worksheet_set_column(sheet, lxw_col_t(column), lxw_col_t(column), Double(width), nil)
    }
  }

  extension ExactDecimal {
    /// The nearest.
    fileprivate var double: Double { Double(description) ?? 0 }
  }

  /// Such as `D9`; both count from 0.
  func cellReference(row: Int, column: Int) -> String {
    var letters = ""
    var rest = column + 1
    while rest > 0 {
      letters = String(UnicodeScalar(UInt8(ascii: "A") + UInt8((rest - 1) % 26))) + letters
      rest = (rest - 1) / 26
    }
    return "\(letters)\(row + 1)"
  }
#endif
