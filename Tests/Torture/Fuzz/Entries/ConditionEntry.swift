internal import Base
internal import Model
internal import ReportKit

extension FuzzEntry {
  /// A condition on a column, a decimal number and an item of a selection are read or refused.
  static let condition = FuzzEntry(name: "condition") { bytes throws(FuzzFinding) in
    guard let text = String(validating: bytes, as: UTF8.self) else { return }
    let list = text.split(separator: "\n", omittingEmptySubsequences: false).map { ParameterInput.text(String($0)) }
    let inputs: [ParameterInput] = [.text(text), .list(list), .mapping([.init("not", .list(list))])]
    for column in columns {
      for input in inputs {
        var reader = ConditionReader(column: column, step: "filter-rows")
        let test = reader.read(input, at: [])
        try require(test != nil || !reader.errors.isEmpty, "there is neither a condition nor an error")
        _ = test.map { Condition(column: column.name, index: 0, $0).description }
      }
    }
    if let number = ExactDecimal(text) {
      let again = ExactDecimal(number.description)
      try require(again == number, "\(number) is read as \(again?.description ?? "nothing")")
      try require(!(number < number) && number.isSameNumber(as: number), "\(number) is not the same as itself")
    }
    for dimension in dimensions {
      for item in [SelectionTerm.Item.text(text), .code(text), .under(text)] {
        guard let codes = try? dimension.codes(of: item) else { continue }
        try require(!codes.isEmpty, "an item means no code")
      }
    }
  }
}

private let columns = [
  Column(name: "t", title: "T", kind: .text), Column(name: "i", title: "I", kind: .integer),
  Column(name: "c", title: "C", kind: .text, values: ["nato", "NATO", "neither"].map { Column.Value($0) }),
]

private let dimensions = [
  dimension(["nato", "a..b", "latest", "under:x"], isTime: false),
  dimension(["2014", "2015-01", "2015-02", "2016-12-31"], isTime: true), dimension([], isTime: true),
]

private func dimension(_ ids: [String], isTime: Bool) -> Dimension {
  Dimension(id: "d", title: "D", codes: CodeList(resource: "r", ids: ids, names: ids), isTime: isTime)
}
