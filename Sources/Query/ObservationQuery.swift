public import Model

/// Asks for observations.
public struct ObservationQuery: Hashable, Sendable {
  /// The order in which observations come.
  public enum Order: Hashable, Sendable {
    /// That of the dataset.
    case dataset
    /// By the codes of these dimensions, the first one first, and within the same codes in that of the dataset. An engine
    /// may have to hold one number for each observation.
    case codes([Int])
  }

  /// Texts that are wanted; those of others may be missing from the answer, and cost nothing.
  public struct Texts: OptionSet, Hashable, Sendable {
    /// A bit for each kind of text.
    public let rawValue: Int

    /// Any bits; those without a name ask for nothing.
    public init(rawValue: Int) {
      self.rawValue = rawValue
    }

    /// The keys, which may have to be read from a disk.
    public static let keys = Texts(rawValue: 1)
    /// The values as they stand in the file.
    public static let printed = Texts(rawValue: 2)
    /// Where in their sources the observations stand.
    public static let loci = Texts(rawValue: 4)
    /// The sources' own words.
    public static let quotes = Texts(rawValue: 8)
    /// Everything that is told of an observation.
    public static let all: Texts = [.keys, .printed, .loci, .quotes]
  }

  /// The observations that any of these selects, each listed once.
  public var selections: [Selection]
  /// Those of other roles are left out.
  public var roles: Set<Role>
  /// These observations alone; nil for all.
  public var keys: Set<ObservationKey>?
  /// A total order in either case: the same question gives the same sequence.
  public var order: Order
  /// All of them, unless fewer are asked for.
  public var texts: Texts
  /// The first ones, at most this many.
  public var limit: Int?

  /// Everything in the order of the dataset, but for what is asked otherwise.
  public init(
    where selections: [Selection] = [.all], roles: Set<Role> = Set(Role.allCases), order: Order = .dataset,
    texts: Texts = .all, limit: Int? = nil
  ) {
    self.selections = selections
    self.roles = roles
    self.order = order
    self.texts = texts
    self.limit = limit
  }
}

/// Observations in batches. A stream is read once, from one task.
public protocol ObservationStream {
  /// The next ones, at least one; nil at the end.
  ///
  /// - Throws: `CancellationError` when the task was cancelled, or what keeps the engine from its data.
  mutating func next() async throws -> ObservationBatch?
}
