/// One thing that is wrong with an input, and where it stands.
///
/// Every layer that reads files reports its findings as problems, so that all of them can be shown at once and in
/// one form: `file:line:column: message` for text, `file:row:field: message` for a table.
public struct Problem: Error, Hashable, Sendable {
  /// A place inside a file. Lines, columns and rows count from 1; a table's header is row 1.
  public enum Position: Hashable, Sendable {
    /// A character of a text; the column counts Unicode scalars.
    case text(line: Int, column: Int)
    /// A cell of a table, or the whole row when `field` is nil.
    case row(Int, field: String?)
    /// The file as a whole.
    case file
  }

  /// The path of the file as the user wrote it, or as it follows from what the user wrote.
  public var file: String
  /// Where in the file, as exactly as the layer that found it knows.
  public var position: Position
  /// What is wrong and, where it can be said, what to do about it. One line, without a full stop.
  public var message: String
  /// What belongs below the message, a line each, such as what a program wrote to its standard error.
  public var details: [String]

  /// The whole file is meant unless a position says more.
  public init(file: String, position: Position = .file, message: String, details: [String] = []) {
    self.file = file
    self.position = position
    self.message = message
    self.details = details
  }
}

extension Problem: CustomStringConvertible {
  /// The form that people and editors read: `file:line:column: message`, `file:row:field: message`, or less. There is
  /// nothing in it that a terminal would obey, and no line that looks like another problem or a success, whatever is in
  /// the file or its name: it is one line, but for the details, which are indented.
  public var description: String {
    (["\(place): \(message)"] + details.map { "  \($0)" })
      .map { TerminalText.safe($0, showing: .escape) }.joined(separator: "\n")
  }

  /// Where it is, such as `musterd.yaml:14:7`, `data.csv:3:persons`, or the file alone.
  public var place: String { position.place(in: file) }
}

extension Problem.Position {
  fileprivate func place(in file: String) -> String {
    switch self {
    case .text(let line, let column): "\(file):\(line):\(column)"
    case .row(let row, let field?): "\(file):\(row):\(field)"
    case .row(let row, nil): "\(file):\(row)"
    case .file: file
    }
  }
}

/// A bounded list of problems with the true total, thrown when an input is refused.
public struct ProblemList: Error, Sendable, CustomStringConvertible {
  /// The number of problems kept; more are counted but not held.
  public static let defaultLimit = 1000

  /// In the order in which they were found, at most `limit` of them.
  public private(set) var problems: [Problem] = []
  /// How many problems there are, including those that were not kept.
  public private(set) var total = 0
  /// How many problems are kept.
  public let limit: Int

  /// An empty list.
  public init(limit: Int = ProblemList.defaultLimit) {
    self.limit = limit
  }

  /// Of more than `limit` problems the first are kept, and all are counted.
  public init(_ problems: [Problem], limit: Int = ProblemList.defaultLimit) {
    self.limit = limit
    for problem in problems { append(problem) }
  }

  /// Whether nothing was found, not even something that was only counted.
  public var isEmpty: Bool { total == 0 }

  /// Counts a problem, and keeps it while there is room.
  public mutating func append(_ problem: Problem) {
    total += 1
    if problems.count < limit { problems.append(problem) }
  }

  /// Keeps what there is room for, and counts all that the other list counted.
  public mutating func append(contentsOf other: ProblemList) {
    problems.append(contentsOf: other.problems.prefix(max(0, limit - problems.count)))
    total += other.total
  }

  /// Counts problems that were found but never described.
  public mutating func addUnlisted(_ count: Int) {
    total += count
  }

  /// Throws this list unless it is empty.
  public func throwIfAny() throws(ProblemList) {
    if !isEmpty { throw self }
  }

  /// One line per problem, and a last line that counts those that are not shown.
  public var lines: [String] {
    var lines = problems.map(\.description)
    if total > problems.count { lines.append("and \(total - problems.count) more problems, \(total) in all") }
    return lines
  }

  /// `lines`, one below the other.
  public var description: String { lines.joined(separator: "\n") }
}

/// A value together with the place where somebody wrote it, so that a later layer can still say where it is wrong.
public struct Located<Value> {
  /// What was written.
  public var value: Value
  /// The path of the file, as in `Problem.file`.
  public var file: String
  /// Where in the file the value begins.
  public var position: Problem.Position

  /// The whole file is the place unless a position says more.
  public init(_ value: Value, file: String, position: Problem.Position = .file) {
    self.value = value
    self.file = file
    self.position = position
  }

  /// Where it was written, such as `musterd.yaml:14:7`.
  public var place: String { position.place(in: file) }

  /// A problem at this place.
  public func problem(_ message: String, details: [String] = []) -> Problem {
    Problem(file: file, position: position, message: message, details: details)
  }
}

extension Located: Sendable where Value: Sendable {}
extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}
