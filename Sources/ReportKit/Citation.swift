public import Dataset

/// One of the observations behind a cell, with what a reader needs to find it in its source.
public struct Citation: Hashable, Sendable {
  /// The value as printed.
  public var printed: String
  /// The title of the source.
  public var source: String
  /// Where in the source.
  public var locus: String?
  /// The source's words.
  public var quote: String?
  public var role: Role
  public var caveats: [String]

  public init(
    printed: String, source: String, locus: String? = nil, quote: String? = nil, role: Role = .counted,
    caveats: [String] = []
  ) {
    self.printed = printed
    self.source = source
    self.locus = locus
    self.quote = quote
    self.role = role
    self.caveats = caveats
  }
}

/// The observations behind one cell, as many of them as were asked for.
public struct Citations: Hashable, Sendable {
  /// In the order of the dataset.
  public var first: [Citation]
  /// How many there are, those beyond `first` included.
  public var count: Int

  public init(first: [Citation], count: Int) {
    self.first = first
    self.count = count
  }
}

/// Finds the observations behind a cell of a row: those of the row's origins that the column selects. Of more than
/// `limit` only the first are told.
public typealias CitationProvider = @Sendable (_ row: Row, _ column: Column, _ limit: Int) throws -> Citations
