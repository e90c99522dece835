/// What somebody wants to keep of a table, besides the texts that can be read again and the rows that its foreign
/// keys refer to.
public struct TableRequest: Sendable {
  /// Integer fields whose values are kept as a column.
  public var integers: Set<String> = []
  /// Text fields whose values are one of a list; their places in the list are kept as a column.
  public var vocabularies: [String: [String]] = [:]
  /// Fields of type integer or number whose values are kept as a column of exact multiples of the last of so many
  /// digits behind the point, at most 18. With nil as many as the values need: none in an integer field.
  ///
  /// A value with further digits is refused, unless they are zeros; so is one that 64 bits do not hold.
  public var decimals: [String: Int?] = [:]
  /// Fields of text, of periods (year, yearmonth, date) or of integers whose distinct values are kept as a column of
  /// codes, with `Table.vocabulary` saying what the codes stand for.
  ///
  /// Fields that are kept as numbers or have a list in `vocabularies` are not meant.
  public var openVocabularies: Set<String> = []
  /// Fields that must have a value whatever the schema says.
  public var required: Set<String> = []

  /// How many distinct values a field may have whose vocabulary is open.
  public static let maximumVocabularyCount = 1_000_000

  /// The same for this table, so that tests need no large one.
  package var vocabularyLimit = TableRequest.maximumVocabularyCount

  /// Keeps nothing.
  public init() {}

  /// Whether a column is kept of the field, which the file must then have.
  func keeps(_ field: String) -> Bool {
    integers.contains(field) || decimals[field] != nil || vocabularies[field] != nil || openVocabularies.contains(field)
      || required.contains(field)
  }
}
