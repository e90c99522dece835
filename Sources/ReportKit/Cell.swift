public import Base
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
  /// What a reader of the value must know, each note once. What `coverage` and `bounds` say stands in `remarks` beside them.
  public var notes: [Note]
  /// How many of the numbers that belong in it a sum has; nil for a single number, and for what is no sum.
  public var coverage: Coverage?
  /// Between what it lies when it is, or contains, an estimate; nil when it does not.
  public var bounds: Bounds?
  /// The observations behind this one cell: any of these selections. Nil, the usual case, where the row and the column
  /// tell.
  public var provenance: [Selection]?

  /// - Parameter provenance: nil where the row and the column tell which observations are behind the cell.
  public init(
    _ value: Value, notes: [Note] = [], coverage: Coverage? = nil, bounds: Bounds? = nil,
    provenance: [Selection]? = nil
  ) {
    self.value = value
    self.notes = notes
    self.coverage = coverage
    self.bounds = bounds
    self.provenance = provenance
  }

  /// The notes, and behind them what coverage and bounds say: all that a reader must know, in words. Every format marks
  /// the cell with them.
  public var remarks: [Note] { notes + Note.remarks(coverage, bounds) }

  /// A cell of a text, with nothing said of it.
  public static func text(_ text: String) -> Cell { Cell(.text(text)) }
  /// A cell of a whole number, with nothing said of it.
  public static func integer(_ integer: Int) -> Cell { Cell(.integer(Int64(integer))) }
  /// Nothing was observed.
  public static let empty = Cell(.missing(nil))
}

/// Why an observed number is missing. Missing is not zero, and one reason is not another.
public struct Missing: Hashable, Sendable {
  /// What kind of absence it is, which decides what becomes of a sum that it is in.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// There is no number: a sum goes without it.
    case noNumber = "no_number"
    /// A mark that counts as 0.
    case nothing = "nil"
    /// There is no such number, since what it would be made of does not add: nor has a sum of it.
    case notAdditive = "not_additive"
    /// There is one, and it is not shown since it lacks some of its numbers: nor is a sum of it.
    case incomplete
  }

  /// How a table shows it: the mark as printed, or `…` (not available) where the source prints nothing.
  public var symbol: String
  /// Such as `none printed`.
  public var label: String
  /// What it means for sums.
  public var kind: Kind

  /// - Parameters:
  ///   - symbol: how a table shows it.
  ///   - label: what that means.
  public init(symbol: String, label: String, kind: Kind = .noNumber) {
    self.symbol = symbol
    self.label = label
    self.kind = kind
  }

  /// The mark of what does not add: as statistical offices print it where a number would mean nothing.
  ///
  /// - Parameter words: such as `Population does not add over Year`.
  public static func notAdditive(_ words: String) -> Missing {
    Missing(symbol: "×", label: "not additive: \(words)", kind: .notAdditive)
  }

  /// The mark as printed, or `…` where the source prints nothing; `missing` where the dataset has no label.
  public init(_ reason: MissingReason) {
    self.init(
      symbol: reason.value.isEmpty ? "…" : reason.value, label: reason.label ?? "missing",
      kind: reason.isNil ? .nothing : .noNumber)
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
    /// That a sum lacks some of its numbers, or contains estimates.
    case coverage
  }

  /// What the note is about.
  public var kind: Kind
  /// One or more sentences for people. Notes are the same when its bytes are.
  @ExactText public var text: String

  /// - Parameter text: one or more sentences for people.
  public init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }
}

extension Note {
  /// What coverage and bounds of a cell say in words; nothing where it lacks nothing and estimates nothing.
  static func remarks(_ coverage: Coverage?, _ bounds: Bounds?) -> [Note] {
    var notes: [Note] = []
    // That nothing stands in a cell for one number can be seen.
    if let coverage, !coverage.isComplete, coverage.expected > 1 { notes.append(Note(.coverage, coverage.words)) }
    if let bounds { notes.append(Note(.coverage, bounds.words)) }
    return notes
  }
}

extension Cell.Value {
  /// Whether both are the same, texts by their bytes: two texts that Unicode takes for the same in other characters are two.
  public static func == (a: Self, b: Self) -> Bool {
    switch (a, b) {
    case (.text(let a), .text(let b)): hasSameBytes(a, b)
    case (.integer(let a), .integer(let b)): a == b
    case (.decimal(let a), .decimal(let b)): a == b
    case (.missing(let a), .missing(let b)): a == b
    case (.text, _), (.integer, _), (.decimal, _), (.missing, _): false
    }
  }

  /// Texts by their bytes.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .text(let text):
      hasher.combine(0)
      var text = text
      text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    case .integer(let integer):
      hasher.combine(1)
      hasher.combine(integer)
    case .decimal(let decimal):
      hasher.combine(2)
      hasher.combine(decimal)
    case .missing(let reason):
      hasher.combine(3)
      hasher.combine(reason)
    }
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
  /// What one observation gives, with its caveats.
  public init(_ observation: Observation, in model: DatasetModel) {
    self.init(
      Cell.Value(observation.value, of: model.measure(of: observation.codes), in: model),
      notes: observation.caveats.map { Note(.caveat, model.caveats[$0].text) })
  }

  /// A text, or nothing.
  public static func text(or text: String?) -> Cell { text.map { .text($0) } ?? .empty }
}

extension Cell.Value {
  /// A number of a measure: an integer where it has no decimals and fits 64 bits.
  public init(units: Int128, decimals: Int) {
    if decimals == 0, let integer = Int64(exactly: units) {
      self = .integer(integer)
    } else {
      self = .decimal(ExactDecimal(units: units, scale: decimals))
    }
  }

  /// What stands where a number is printed.
  public init(_ value: ObservedValue, of measure: Measure, in model: DatasetModel) {
    switch value {
    case .number(let number): self.init(units: Int128(number), decimals: measure.decimals)
    case .missing(let reason): self = .missing(Missing(model.missingReasons[reason]))
    }
  }
}
