public import Model

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
  /// Whether it enters sums.
  public var role: Role
  /// The texts of its caveats, in the order of the dataset.
  public var caveats: [String]

  /// - Parameter source: the title of the source.
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

  /// - Parameter count: of all, those beyond `first` included.
  public init(first: [Citation], count: Int) {
    self.first = first
    self.count = count
  }
}

/// Finds the observations behind a cell of a row: those of the row's provenance that the column selects. Of more than
/// `limit` only the first are told.
public typealias CitationProvider = @Sendable (_ row: Row, _ column: Column, _ limit: Int) async throws -> Citations
