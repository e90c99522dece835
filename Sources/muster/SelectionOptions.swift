import ArgumentParser
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
      "Look only at observations with these codes of a dimension; once for each dimension.",
      valueName: "dimension=code,…"),
    completion: .asking(Candidates.filters), transform: Setting.init)
  var filters: [Setting] = []

  func validate() throws {
    try Setting.refuseRepeated(settings, of: "--set")
    try Setting.refuseRepeated(filters, of: "--where")
    if let empty = filters.first(where: { $0.value.isEmpty }) {
      throw ValidationError("--where names no code of \(empty.name)")
    }
  }

  /// Nil when nothing is set.
  var parameters: [String: String]? { settings.dictionary }

  var `where`: [Reports.Filter]? {
    if filters.isEmpty { return nil }
    return filters.map {
      Reports.Filter(dimension: $0.name, codes: $0.value.split(separator: ",").map(String.init))
    }
  }
}

/// A value as the user gives it to a name.
struct Setting {
  var name: String
  var value: String

  init(_ argument: String) throws {
    guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else {
      throw ValidationError("expected NAME=VALUE")
    }
    name = String(argument[..<equals])
    value = String(argument[argument.index(after: equals)...])
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
