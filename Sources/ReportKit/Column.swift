public import Model

/// One column of a table, known before the first row is computed.
public struct Column: Hashable, Sendable {
  /// What its cells hold when they hold something.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case text
    /// A whole number, exact to 64 bits.
    case integer
    /// A number with digits behind the point, exact.
    case decimal

    /// Whether its values can be compared by size and added.
    public var isNumber: Bool { self != .text }
  }

  /// Whether the cells of this column may be added up.
  public enum Total: Hashable, Sendable {
    /// Adding them means nothing.
    case none
    /// Every cell counts different things, so their sum is a total.
    case sum
  }

  /// What a column has to do with time, for those who draw what goes on in it.
  public enum Time: Hashable, Sendable {
    /// Its cells name periods, in ascending order where they follow each other.
    case periods
    /// Its numbers are those of this period, by which columns of time stand in ascending order.
    case period(String)
  }

  /// One of the texts that the cells of a column can hold.
  public struct Value: Hashable, Sendable {
    /// As it stands in a cell.
    public var text: String
    /// For people.
    public var title: String

    /// - Parameter title: the text itself when it is nil.
    public init(_ text: String, title: String? = nil) {
      self.text = text
      self.title = title ?? text
    }
  }

  /// The identifier used in exports: lower_snake, unique in the table.
  public var name: String
  /// A heading for people.
  public var title: String
  /// What its values are when they are there.
  public var kind: Kind
  /// What one unit of a number is, such as `persons`.
  public var unit: String?
  /// A sentence about what the column holds.
  public var summary: String?
  /// Whether a row of totals has its sum. None, unless the column says otherwise.
  public var total: Total
  /// Which of the observations behind a row count in this column; nil for a column that does not come from
  /// observations, such as a name.
  public var selection: Selection?
  /// The index of the measure of its numbers; nil for a column whose numbers are of none, such as a count of rows.
  public var measure: Int?
  /// Whether its numbers are a part of what another column counts, so that they are never added to these.
  public var isPart = false
  /// All texts that its cells can hold, in their order, where that is a closed list such as the codes of a dimension.
  public var values: [Value]?
  /// Nil for a column that has nothing to do with time.
  public var time: Time?
  /// Whether a total row with a text in this column covers the rows with the same text only: a step has put several
  /// things that are totalled by themselves below each other, and this column tells which row is about which.
  public var tellsTotals = false

  /// A column that is not added up and does not come from observations, but for what is said otherwise.
  public init(
    name: String, title: String, kind: Kind, unit: String? = nil, summary: String? = nil, total: Total = .none,
    selection: Selection? = nil, measure: Int? = nil, values: [Value]? = nil, time: Time? = nil
  ) {
    self.name = name
    self.title = title
    self.kind = kind
    self.unit = unit
    self.summary = summary
    self.total = total
    self.selection = selection
    self.measure = measure
    self.values = values
    self.time = time
  }
}

extension Column {
  /// The codes of a dimension, for a column that holds them.
  public static func values(of codes: CodeList) -> [Value] {
    zip(codes.ids, codes.names).map { Value($0, title: $1) }
  }

  /// What is wrong with a name that somebody wants to give a column; nil for lower-case words joined by `_`.
  public static func problem(ofName name: String) -> String? {
    let isName =
      name.utf8.first.map { (0x61...0x7A).contains($0) } ?? false
      && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") }
    return isName ? nil : "the name of a column is lower-case words joined by _, not \"\(name)\""
  }
}
