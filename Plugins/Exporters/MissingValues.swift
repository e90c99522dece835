internal import Base
internal import JSON
internal import ReportKit

/// The texts that stand for missing numbers in each column of a data package, with what they mean.
struct MissingValues {
  private var labels: [[(text: String, labels: [String])]]

  init(columnCount: Int) {
    labels = Array(repeating: [], count: columnCount)
  }

  /// What is written for a missing number: its symbol, or nothing when nothing was observed.
  mutating func text(for reason: Missing?, column: Int) -> Cell.Value {
    // A symbol that is a number would make numbers missing; the reason stands in the notes.
    guard let reason, !reason.symbol.isEmpty, ExactDecimal(reason.symbol) == nil else { return .missing(nil) }
    let text = escapingFormula(reason.symbol)
    if let index = labels[column].firstIndex(where: { hasSameBytes($0.text, text) }) {
      let meaning = reason.meaning
      if !labels[column][index].labels.contains(where: { hasSameBytes($0, meaning) }) {
        labels[column][index].labels.append(meaning)
      }
    } else {
      labels[column].append((text, [reason.meaning]))
    }
    return .text(text)
  }

  /// The values of a column of numbers, with what is written in the place of those that are missing.
  mutating func spelledOut(_ vector: ColumnVector, column: Int) -> ColumnVector {
    switch vector {
    case .integers(_, let gaps) where gaps.isEmpty: return vector
    case .decimals(_, let gaps) where gaps.isEmpty: return vector
    default:
      return .mixed(
        (0..<vector.count).map { row in
          if case .missing(let reason) = vector[row] { text(for: reason, column: column) } else { vector[row] }
        })
    }
  }

  /// As Table Schema 2 has it, `value` and `label` of each.
  func json(ofColumn column: Int) -> JSONValue {
    .array(
      [["value": "", "label": "nothing observed"]]
        + labels[column].map {
          ["value": .string($0.text), "label": .string($0.labels.joined(separator: " or "))]
        })
  }
}
