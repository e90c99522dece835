public import Model
public import Query

/// One cell: its value, and the notes that a reader of the value must know.
public struct Cell: Hashable, Sendable {
  /// What stands in a cell. Missing is not zero.
  public enum Value: Hashable, Sendable {
    case text(String)
    case integer(Int64)
    case decimal(ExactDecimal)
    /// No value. The reason is nil where nothing was observed at all.
    case missing(Missing?)
  }

  /// What a reader sees first.
  public var value: Value
  /// What a reader of the value must know, each note once.
  public var notes: [Note]
  /// The observations behind this one cell: any of these selections. Nil, the usual case, where the row and the column
  /// tell.
  public var provenance: [Selection]?

  /// - Parameter provenance: nil where the row and the column tell which observations are behind the cell.
  public init(_ value: Value, notes: [Note] = [], provenance: [Selection]? = nil) {
    self.value = value
    self.notes = notes
    self.provenance = provenance
  }

  /// A cell of a text, with nothing said of it.
  public static func text(_ text: String) -> Cell { Cell(.text(text)) }
  /// A cell of a whole number, with nothing said of it.
  public static func integer(_ integer: Int) -> Cell { Cell(.integer(Int64(integer))) }
  /// Nothing was observed.
  public static let empty = Cell(.missing(nil))
}

/// Why an observed number is missing. Missing is not zero, and one reason is not another.
public struct Missing: Hashable, Sendable {
  /// How a table shows it: the mark as printed, or `…` (not available) where the source prints nothing.
  public var symbol: String
  /// Such as `none printed`.
  public var label: String

  /// - Parameters:
  ///   - symbol: how a table shows it.
  ///   - label: what that means.
  public init(symbol: String, label: String) {
    self.symbol = symbol
    self.label = label
  }

  /// The mark as printed, or `…` where the source prints nothing; `missing` where the dataset has no label.
  public init(_ reason: MissingReason) {
    self.init(symbol: reason.value.isEmpty ? "…" : reason.value, label: reason.label ?? "missing")
  }
}

/// Something that a reader of a number must know.
public struct Note: Hashable, Sendable {
  /// What a note is about, which decides where a format puts it.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// An editor's caveat on an observation, carried into every aggregate of it.
    case caveat
    /// Why a number is missing.
    case missing
    /// What the table covers or leaves out.
    case scope
    /// A source's statement that disagrees with what its own numbers come to.
    case discrepancy
  }

  /// What the note is about.
  public var kind: Kind
  /// One or more sentences for people.
  public var text: String

  /// - Parameter text: one or more sentences for people.
  public init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }
}

extension Cell.Value: CustomStringConvertible {
  /// What is shown of the value: for a missing one its symbol.
  public var description: String {
    switch self {
    case .text(let text): text
    case .integer(let integer): String(integer)
    case .decimal(let decimal): decimal.description
    case .missing(let reason): reason?.symbol ?? ""
    }
  }
}

extension Cell {
  /// The sum of an aggregate with its caveats. Without a single number the cell is missing: for the one reason that
  /// all its observations share, or for all of them.
  public init(_ aggregate: Aggregate, in model: DatasetModel) {
    let notes = aggregate.caveats.map { Note(.caveat, model.caveats[$0].text) }
    if let sum = aggregate.sum {
      self.init(.integer(sum), notes: notes)
      return
    }
    let reasons = zip(model.missingReasons, aggregate.missing).filter { $0.1 > 0 }.map { Missing($0.0) }
    let missing: Missing? =
      switch reasons.count {
      case 0: nil
      case 1: reasons[0]
      default:
        Missing(
          symbol: reasons.map(\.symbol).joined(separator: " "), label: reasons.map(\.label).joined(separator: ", "))
      }
    self.init(.missing(missing), notes: notes)
  }

  /// What one observation gives, with its caveats.
  public init(_ observation: Observation, in model: DatasetModel) {
    self.init(
      Cell.Value(observation.value, in: model),
      notes: observation.caveats.map { Note(.caveat, model.caveats[$0].text) })
  }

  /// A text, or nothing.
  public static func text(or text: String?) -> Cell { text.map { .text($0) } ?? .empty }
}

extension Cell.Value {
  /// What stands where a number is printed.
  public init(_ value: ObservedValue, in model: DatasetModel) {
    switch value {
    case .number(let number): self = .integer(number)
    case .missing(let reason): self = .missing(Missing(model.missingReasons[reason]))
    }
  }
}
