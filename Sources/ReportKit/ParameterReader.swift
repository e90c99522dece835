internal import Base
internal import Model

/// Reads what was given for one parameter, and collects everything that is wrong with it.
struct ParameterReader {
  let parameter: ParameterDeclaration
  /// The name of the plugin.
  let plugin: String
  let model: DatasetModel
  /// Those of the table that the step is given.
  let columns: [Column]
  private(set) var errors: [ParameterError] = []

  init(_ parameter: ParameterDeclaration, of plugin: String, in model: DatasetModel, columns: [Column]) {
    self.parameter = parameter
    self.plugin = plugin
    self.model = model
    self.columns = columns
  }

  /// The argument; it holds only when there are no errors.
  mutating func read(_ input: ParameterInput) -> Argument? {
    switch parameter.kind {
    case .text: text(input, at: [], wanted: "text").map { .text($0) }
    case .integer(let range): integer(input, in: range)
    case .boolean: boolean(input)
    case .choice, .scheme, .dimension, .source, .measure, .column: choice(input, at: []).map(argument)
    case .columns: columnList(input)
    case .texts:
      list(input, of: "a text") { $0.text($1, at: $2, wanted: "a text that is not empty") }
        .map { .list($0.map { .text($0) }) }
    case .columnTexts: columnTexts(input)
    case .columnOrder: columnOrder(input)
    case .conditions: conditions(input)
    }
  }

  // MARK: Single values

  private mutating func text(_ input: ParameterInput, at path: [ParameterInput.Step], wanted: String) -> String? {
    guard case .text(let text) = input, !text.isEmpty || parameter.kind == .text else {
      refuse(input, at: path, wanted: wanted)
      return nil
    }
    return text
  }

  private mutating func integer(_ input: ParameterInput, in range: ClosedRange<Int>) -> Argument? {
    if case .text(let text) = input, let value = WrittenInteger(text)?.value, range.contains(value) {
      return .integer(value)
    }
    let bounds =
      range.upperBound == .max
      ? range.lowerBound == .min ? "" : " of at least \(range.lowerBound)"
      : " from \(range.lowerBound) to \(range.upperBound)"
    refuse(input, at: [], wanted: "an integer" + bounds)
    return nil
  }

  private mutating func boolean(_ input: ParameterInput) -> Argument? {
    if case .text(let text) = input, let value = Bool(text) { return .boolean(value) }
    refuse(input, at: [], wanted: "true or false")
    return nil
  }

  /// One of a closed list, found regardless of letter case and of `-` against `_`.
  private mutating func choice(_ input: ParameterInput, at path: [ParameterInput.Step]) -> String? {
    guard case .text(let text) = input else {
      refuse(input, at: path, wanted: "a \(what)")
      return nil
    }
    return choice(text, at: path)
  }

  private mutating func choice(_ text: String, at path: [ParameterInput.Step]) -> String? {
    choose(text, what: what, among: parameter.choices(in: model, columns: columns) ?? [], at: path)
  }

  private func argument(_ choice: String) -> Argument { parameter.argument(choice, in: model, columns: columns) }

  private mutating func choose(
    _ text: String, what: String, among choices: [String], at path: [ParameterInput.Step]
  ) -> String? {
    if choices.contains(text) { return text }
    let folded = choices.filter { fold($0) == fold(text) }
    if folded.count == 1 { return folded[0] }
    let near = suggestions(for: text, among: choices)
    let hint =
      if let list = listMeant(by: text, of: choices) {
        "; write \(list)"
      } else if let nearest = near.first {
        "; did you mean \"\(nearest)\"?"
      } else {
        choices.isEmpty ? "; there are none" : "; there are: \(choices.joined(separator: ", "))"
      }
    fail("unknown \(what) \"\(text)\" for \(place)" + hint, at: path, suggestions: near)
    return nil
  }

  /// `[a, b]` for the text `a, b`, where several may be given.
  private func listMeant(by text: String, of choices: [String]) -> String? {
    let parts = text.split(separator: ",").map(trimmed)
    let isList = parameter.kind == .columns || parameter.kind == .columnOrder
    return isList && parts.count > 1 && parts.allSatisfy(choices.contains)
      ? "[\(parts.joined(separator: ", "))]" : nil
  }

  private var what: String {
    switch parameter.kind {
    case .scheme: "scheme"
    case .dimension: "dimension"
    case .source: "source"
    case .measure: "measure"
    case .column, .columns, .columnOrder, .columnTexts, .conditions: "column"
    case .text, .integer, .boolean, .choice, .texts: "choice"
    }
  }

  // MARK: Lists and mappings

  /// A list without repetition, or a single element.
  private mutating func list(
    _ input: ParameterInput, of element: String,
    _ read: (inout ParameterReader, ParameterInput, [ParameterInput.Step]) -> String?
  ) -> [String]? {
    switch input {
    case .text: return read(&self, input, []).map { [$0] }
    case .list(let elements) where !elements.isEmpty:
      var texts: [String] = []
      for (index, element) in elements.enumerated() {
        guard let text = read(&self, element, [.element(index)]) else { continue }
        if texts.contains(text) {
          fail("\(place) names \"\(text)\" twice", at: [.element(index)])
        } else {
          texts.append(text)
        }
      }
      return texts
    case .list: fail("\(place) must have at least one entry", at: [])
    case .mapping, .empty: refuse(input, at: [], wanted: "\(element) or a list of them")
    }
    return nil
  }

  private mutating func columnList(_ input: ParameterInput) -> Argument? {
    list(input, of: "a column") { $0.choice($1, at: $2) }.map { .list($0.map(argument)) }
  }

  private mutating func columnTexts(_ input: ParameterInput) -> Argument? {
    let entries = byColumn(input, wanted: "a mapping of columns to texts") { reader, column, value in
      reader.text(value, at: [.value(column)], wanted: "a text that is not empty")
    }
    return entries.map { .mapping($0.map { Argument.Entry($0.key, column: $0.column, .text($0.value)) }) }
  }

  private mutating func columnOrder(_ input: ParameterInput) -> Argument? {
    guard case .mapping = input else {
      return columnList(input)
    }
    let entries = byColumn(input, wanted: "") { reader, column, value -> String? in
      let directions = ["ascending", "descending"]
      guard case .text(let text) = value else {
        reader.refuse(value, at: [.value(column)], wanted: "ascending or descending")
        return nil
      }
      return reader.choose(text, what: "direction", among: directions, at: [.value(column)])
    }
    return entries.map { .mapping($0.map { Argument.Entry($0.key, column: $0.column, .text($0.value)) }) }
  }

  private mutating func conditions(_ input: ParameterInput) -> Argument? {
    let wanted = "a mapping of columns to conditions, such as { \(columns.first?.name ?? "name"): present }"
    let conditions = byColumn(input, wanted: wanted) { reader, name, value -> Condition.Test? in
      guard let column = reader.columns.first(where: { fold($0.name) == fold(name) }) else { return nil }
      var parser = ConditionReader(column: column, step: reader.plugin)
      let test = parser.read(value, at: [.value(name)])
      for error in parser.errors {
        reader.fail(error.message, at: error.path, suggestions: error.suggestions)
      }
      return test
    }
    return conditions.map { .conditions($0.map { Condition(column: $0.key, index: $0.column, $0.value) }) }
  }

  /// A mapping whose keys are columns. What is read of a value gets the key as it is written.
  private mutating func byColumn<Value>(
    _ input: ParameterInput, wanted: String,
    _ read: (inout ParameterReader, _ key: String, ParameterInput) -> Value?
  ) -> [(key: String, column: Int, value: Value)]? {
    guard case .mapping(let entries) = input, !entries.isEmpty else {
      refuse(input, at: [], wanted: wanted)
      return nil
    }
    var result: [(key: String, column: Int, value: Value)] = []
    for entry in entries {
      let column = choose(entry.key, what: "column", among: columns.map(\.name), at: [.key(entry.key)])
      guard let column, let value = read(&self, entry.key, entry.value),
        let index = columns.firstIndex(where: { $0.name == column })
      else { continue }
      if result.contains(where: { $0.column == index }) {
        fail("\(place) names \"\(column)\" twice", at: [.key(entry.key)])
      } else {
        result.append((column, index, value))
      }
    }
    return result
  }

  // MARK: Errors

  /// `by of sort`, or only `where` for a parameter that is all that the step takes.
  private var place: String { parameter.isWholeStep ? plugin : "\(parameter.name) of \(plugin)" }

  private mutating func refuse(_ input: ParameterInput, at path: [ParameterInput.Step], wanted: String) {
    let what = path.isEmpty ? place : "an entry of \(place)"
    fail("\(what) must be \(wanted), not \(input.summary)", at: path)
  }

  private mutating func fail(_ message: String, at path: [ParameterInput.Step], suggestions: [String] = []) {
    errors.append(
      ParameterError(parameter: parameter.name, message: message, suggestions: suggestions, path: path))
  }
}

/// For finding names regardless of letter case and of `-` against `_`.
func fold(_ text: String) -> String {
  String(text.lowercased().map { $0 == "-" ? "_" : $0 })
}
