/// What a question allows of one dimension, as people write it: in a configuration, on a command line, or in a call.
///
/// The one grammar of all of them is that of an item's text. What is exactly a code is that code, whatever else it looks
/// like. Otherwise it is one of
///
/// - `latest` or `first`: the last or first code of a dimension of periods, by its codes and not by the numbers there are;
/// - `A..B`, `A..` or `..B`: the periods from A to B, both included, each a code, `latest`, `first` or a period in between:
///   `2015..2016` are 24 months where the codes are months;
/// - `under:CODE`: everything that the code contains, at any depth and without itself.
public struct SelectionTerm: Hashable, Sendable {
  /// One thing that is allowed, or left out.
  public enum Item: Hashable, Sendable {
    /// In the grammar above.
    case text(String)
    /// A code, and nothing else.
    case code(String)
    /// What a code contains, whatever the code looks like.
    case under(String)
  }

  /// Where in a term something stands.
  public enum Part: Hashable, Sendable {
    /// The item with this index.
    case item(Int)
    /// What is left out, by its index.
    case without(Int)
  }

  /// The id of the dimension.
  public var dimension: String
  /// What is allowed; nil for all codes. Of an empty list nothing is.
  public var items: [Item]?
  /// What of it is not.
  public var without: [Item]

  /// All codes, unless items are given, but those that are left out.
  public init(_ dimension: String, items: [Item]?, without: [Item] = []) {
    self.dimension = dimension
    self.items = items
    self.without = without
  }

  /// These texts.
  public init(_ dimension: String, _ texts: [String]) {
    self.init(dimension, items: texts.map(Item.text))
  }

  /// The last code of a dimension of periods.
  public static let latest = "latest"
  /// The first code of a dimension of periods.
  public static let first = "first"
  /// What a text has before the code of which the contents are meant.
  public static let under = "under:"
  /// What a range has between its ends.
  public static let range = ".."
  /// How many ranges a term may have, each of which may go through all codes.
  public static let rangeLimit = 100
}

/// Why an item of a selection cannot be used.
public enum ItemError: Error, Hashable, Sendable {
  /// It names a code that there is not.
  case unknown(UnknownName)
  /// It says something that the dimension does not have, or selects nothing. The message names what is wrong, which is an
  /// item unless it is the whole term.
  case unusable(item: String?, message: String)
}
