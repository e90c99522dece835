import FoundationEssentials
import TestSupport

/// The rows of the shipped package, as text.
enum Package {
  typealias Row = [String: String]

  static let folder = URL(filePath: memorandumFolder)

  static let observations = rows("observations")
  static let statedTotals = rows("stated_totals")

  static func rows(_ resource: String) -> [Row] {
    let text = try! String(contentsOf: folder.appending(path: "\(resource).csv"), encoding: .utf8)
    var records = records(text)
    let header = records.removeFirst()
    return records.map { Row(uniqueKeysWithValues: zip(header, $0)) }
  }

  private static func records(_ text: String) -> [[String]] {
    var records: [[String]] = []
    var record: [String] = []
    var cell = ""
    var quoted = false
    for character in text {
      switch character {
      case "\"": quoted.toggle()
      case "," where !quoted:
        record.append(cell)
        cell = ""
      case "\n" where !quoted:
        records.append(record + [cell])
        (record, cell) = ([], "")
      default: cell.append(character)
      }
    }
    return records
  }
}

extension [String: String] {
  /// The cell of a column, empty if missing.
  subscript(column column: String) -> String { self[column] ?? "" }
  var id: String { self[column: "id"] }
  var persons: Int? { Int(self[column: "persons"]) }
}
