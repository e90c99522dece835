public import Dataset

/// One column of a table, known before the first row is computed.
public struct Column: Hashable, Sendable {
  /// What its cells hold when they hold something.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case text
    /// A whole number, exact to 64 bits.
    case integer
    /// A number with digits behind the point, exact.
    case decimal

    public var isNumber: Bool { self != .text }
  }

  /// Whether the cells of this column may be added up.
  public enum Total: Hashable, Sendable {
    /// Adding them means nothing.
    case none
    /// Every cell counts different things, so their sum is a total.
    case sum
  }

  /// The identifier used in exports: lower_snake, unique in the table.
  public var name: String
  /// A heading for people.
  public var title: String
  public var kind: Kind
  /// What one unit of a number is, such as `persons`.
  public var unit: String?
  /// A sentence about what the column holds.
  public var summary: String?
  public var total: Total
  /// Which of the observations behind a row count in this column; nil for a column that does not come from
  /// observations, such as a name.
  public var selection: Selection?

  public init(
    name: String, title: String, kind: Kind, unit: String? = nil, summary: String? = nil, total: Total = .none,
    selection: Selection? = nil
  ) {
    self.name = name
    self.title = title
    self.kind = kind
    self.unit = unit
    self.summary = summary
    self.total = total
    self.selection = selection
  }
}
