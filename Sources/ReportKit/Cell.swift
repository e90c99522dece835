public import Dataset

/// One cell: its value, and the notes that a reader of the value must know.
public struct Cell: Hashable, Sendable {
  public enum Value: Hashable, Sendable {
    case text(String)
    case integer(Int64)
    case decimal(ExactDecimal)
    /// No value. The reason is nil where nothing was observed at all.
    case missing(Missing?)
  }

  public var value: Value
  public var notes: [Note]
  /// The observations behind this one cell: any of these selections. Nil, the usual case, where the row and the column
  /// tell.
  public var origins: [Selection]?

  public init(_ value: Value, notes: [Note] = [], origins: [Selection]? = nil) {
    self.value = value
    self.notes = notes
    self.origins = origins
  }

  public static func text(_ text: String) -> Cell { Cell(.text(text)) }
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

  public init(symbol: String, label: String) {
    self.symbol = symbol
    self.label = label
  }

  public init(_ reason: MissingReason) {
    self.init(symbol: reason.value.isEmpty ? "…" : reason.value, label: reason.label ?? "missing")
  }
}

/// Something that a reader of a number must know.
public struct Note: Hashable, Sendable {
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

  public var kind: Kind
  public var text: String

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
  public init(_ aggregate: Aggregate, in dataset: Snapshot) {
    let notes = aggregate.caveats.map { Note(.caveat, dataset.caveats[$0].text) }
    if let sum = aggregate.sum {
      self.init(.integer(sum), notes: notes)
      return
    }
    let reasons = zip(dataset.missingReasons, aggregate.missing).filter { $0.1 > 0 }.map { Missing($0.0) }
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
}
