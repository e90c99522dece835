import ArgumentParser
import Base
import MusterAPI

/// What a report is asked for; the same options for every verb that runs one.
struct SelectionOptions: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Give a parameter this value; once for each parameter.", valueName: "name=value"),
    completion: .asking(Candidates.parameters), transform: Setting.init)
  var settings: [Setting] = []

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      """
      Look only at observations with these codes of a dimension, or with != at all but these. Instead of a code: latest or \
      first; a range of periods such as 2015..2024, 2015.. or ..2024; or under:CODE, all that a code contains. More of \
      them for one dimension narrow it further. What has a comma in it stands in double quotes, with those inside it \
      doubled.
      """,
      valueName: "dimension=code,…"),
    completion: .asking(Candidates.filters), transform: Narrowing.init)
  var filters: [Narrowing] = []

  func validate() throws {
    try Setting.refuseRepeated(settings, of: "--set")
  }

  /// Nil when nothing is set.
  var parameters: [String: String]? { settings.dictionary }

  /// Nil when nothing is narrowed.
  var `where`: [Reports.Filter]? { filters.isEmpty ? nil : filters.map(\.filter) }
}

/// What a dimension is narrowed to, as the user gives it.
struct Narrowing {
  var filter: Reports.Filter

  init(_ argument: String) throws {
    // By bytes: a code may begin with a mark that makes one character of itself and the sign before it.
    guard let equals = argument.utf8.firstIndex(of: UInt8(ascii: "=")), case let left = argument[..<equals],
      case let isWithout = left.utf8.last == UInt8(ascii: "!"),
      case let dimension = isWithout ? Substring(left.utf8.dropLast()) : left, !dimension.isEmpty
    else { throw ValidationError("expected DIMENSION=CODE,… or DIMENSION!=CODE,…") }
    let items: [String]
    do {
      items = try splitCommaSeparated(Substring(argument.utf8[equals...].dropFirst()))
    } catch {
      throw ValidationError(error.advice)
    }
    if items.isEmpty { throw ValidationError("--where names no code of \(dimension)") }
    filter = Reports.Filter(
      dimension: String(dimension), codes: isWithout ? [] : items, without: isWithout ? items : nil)
  }
}

extension QuotingError {
  /// What is wrong, and what to write.
  fileprivate var advice: String {
    switch self {
    case .unclosed(let text):
      """
      the double quote at the beginning of \(abbreviated(text)) has no other at its end; write 'country="Korea, Rep.",japan', \
      with single quotes for the shell
      """
    case .misplaced(let text):
      """
      there is a double quote within \(abbreviated(text)); what has a quote or a comma in it stands whole in double quotes, \
      and a quote inside it is doubled: 'country="Korea, Rep.","The ""Old"" Town"'
      """
    }
  }
}

/// A value as the user gives it to a name.
struct Setting {
  var name: String
  var value: String

  init(_ argument: String) throws {
    guard let equals = argument.utf8.firstIndex(of: UInt8(ascii: "=")), equals > argument.startIndex else {
      throw ValidationError("expected NAME=VALUE")
    }
    name = String(argument[..<equals])
    value = String(Substring(argument.utf8[equals...].dropFirst()))
  }

  static func refuseRepeated(_ settings: [Setting], of option: String) throws {
    var seen: Set<String> = []
    if let repeated = settings.first(where: { !seen.insert($0.name).inserted }) {
      throw ValidationError("\(option) gives \(repeated.name) more than once")
    }
  }
}

extension [Setting] {
  /// Nil when nothing is set.
  var dictionary: [String: String]? {
    isEmpty ? nil : Dictionary(map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
  }
}
