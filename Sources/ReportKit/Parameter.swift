/// A parameter of a plugin, with the type of its values. It is declared once; what is given for it is checked and typed
/// when the configuration is loaded or a run asks, and a plugin reads it from its arguments:
///
///     static let count = Parameter.integer("count", "How many rows to show", in: 1...Int.max)
///     ...
///     let count = arguments[Self.count]
public struct Parameter<Value: Sendable>: Sendable {
  /// What a manifest says of it, without the type of its values.
  public private(set) var declaration: ParameterDeclaration
  private let read: @Sendable (Argument?) -> Value

  private init(
    _ name: String, _ summary: String, _ kind: ParameterDeclaration.Kind,
    _ standing: ParameterDeclaration.Default, _ read: @escaping @Sendable (Argument?) -> Value
  ) {
    declaration = ParameterDeclaration(name: name, summary: summary, kind: kind, default: standing)
    self.read = read
  }

  /// The same parameter, `isQuiet`: one that was added to a plugin later.
  public var quiet: Parameter {
    var parameter = self
    parameter.declaration.isQuiet = true
    return parameter
  }

  /// Arguments that were not checked are taken for the default.
  func value(in arguments: [String: Argument]) -> Value {
    if let argument = arguments[declaration.name] { return read(argument) }
    if case .value(let standing) = declaration.default { return read(standing) }
    return read(nil)
  }
}

extension Parameter where Value == Bool {
  /// `true` or `false`; false unless there is another default.
  public static func boolean(_ name: String, _ summary: String, default standing: Bool = false) -> Parameter {
    Parameter(name, summary, .boolean, .value(.boolean(standing))) { argument in
      if case .boolean(let value)? = argument { value } else { standing }
    }
  }
}

extension Parameter where Value == Int {
  /// Must be given unless there is a default.
  public static func integer(
    _ name: String, _ summary: String, in range: ClosedRange<Int>, default standing: Int? = nil
  ) -> Parameter {
    Parameter(name, summary, .integer(range), standing.map { .value(.integer($0)) } ?? .required) { argument in
      if case .integer(let value)? = argument { value } else { standing ?? range.lowerBound }
    }
  }

  /// The index of one of the dataset's dimensions; first come the place and the breakdown.
  public static func dimension(
    _ name: String, _ summary: String, default standing: ParameterDeclaration.Default
  ) -> Parameter {
    Parameter(name, summary, .dimension, standing) { $0?.index ?? 0 }
  }

  /// The index of a column of the table that a transform is given. It must be given.
  public static func column(_ name: String, _ summary: String) -> Parameter {
    Parameter(name, summary, .column, .required) { $0?.index ?? 0 }
  }
}

extension Parameter where Value == Int? {
  /// The index of a column of the table that a transform is given; nil when it is not given.
  public static func optionalColumn(_ name: String, _ summary: String) -> Parameter {
    Parameter(name, summary, .column, .optional) { $0?.index }
  }

  /// The index of one of the dataset's classification schemes; nil where it has none.
  public static func scheme(
    _ name: String, _ summary: String, default standing: ParameterDeclaration.Default = .firstChoice
  ) -> Parameter {
    Parameter(name, summary, .scheme, standing) { $0?.index }
  }

  /// The index of one of the dataset's dimensions; nil when it is not given.
  public static func dimension(_ name: String, _ summary: String) -> Parameter {
    Parameter(name, summary, .dimension, .optional) { $0?.index }
  }

  /// The index of one of the dataset's measures; nil when it is not given.
  public static func measure(_ name: String, _ summary: String) -> Parameter {
    Parameter(name, summary, .measure, .optional) { $0?.index }
  }

  /// A whole number; nil when it is not given.
  public static func optionalInteger(_ name: String, _ summary: String, in range: ClosedRange<Int>) -> Parameter {
    Parameter(name, summary, .integer(range), .optional) { argument in
      if case .integer(let value)? = argument { value } else { nil }
    }
  }

  /// The code of one of the dataset's sources; nil when it is not given, or for all of them.
  public static func optionalSource(_ name: String, _ summary: String) -> Parameter {
    Parameter(name, summary, .source, .optional) { $0?.index }
  }

  /// The code of one of the dataset's sources; nil for all of them.
  public static func source(_ name: String, _ summary: String) -> Parameter {
    Parameter(name, summary, .source, .firstChoice) { $0?.index }
  }
}

extension Parameter where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// One of the cases, by their raw values.
  public static func choice(_ name: String, _ summary: String, default standing: Value) -> Parameter {
    let choices = Value.allCases.map(\.rawValue)
    return Parameter(name, summary, .choice(choices), .value(.text(standing.rawValue))) { argument in
      argument.flatMap { Value(rawValue: $0.description) } ?? standing
    }
  }
}

extension Parameter {
  /// One of the cases, by their raw values; nil when it is not given.
  public static func optionalChoice<Choice: RawRepresentable & CaseIterable & Sendable>(
    _ name: String, _ summary: String
  ) -> Parameter where Value == Choice?, Choice.RawValue == String {
    Parameter(name, summary, .choice(Choice.allCases.map(\.rawValue)), .optional) { argument in
      argument.flatMap { Choice(rawValue: $0.description) }
    }
  }
}

extension Parameter where Value == String {
  /// Any text, with a default.
  public static func text(_ name: String, _ summary: String, default standing: String) -> Parameter {
    Parameter(name, summary, .text, .value(.text(standing))) { $0?.description ?? standing }
  }

  /// One of a list of texts.
  public static func choice(
    _ name: String, _ summary: String, of choices: [String], default standing: String
  ) -> Parameter {
    Parameter(name, summary, .choice(choices), .value(.text(standing))) { $0?.description ?? standing }
  }
}

extension Parameter where Value == String? {
  /// Any text; nil when it is not given.
  public static func text(_ name: String, _ summary: String) -> Parameter {
    Parameter(name, summary, .text, .optional) { $0?.description }
  }
}

extension Parameter where Value == [String]? {
  /// Several texts, none twice; nil when they are not given.
  public static func texts(_ name: String, _ summary: String) -> Parameter {
    Parameter(name, summary, .texts, .optional) { argument in
      argument.map { $0.elements.map(\.description) }
    }
  }
}

extension Parameter where Value == [Int] {
  /// The indexes of several columns, none twice. They must be given.
  public static func columns(_ name: String, _ summary: String) -> Parameter {
    Parameter(name, summary, .columns, .required) { $0?.elements.compactMap(\.index) ?? [] }
  }
}

extension Parameter where Value == [Int]? {
  /// The indexes of several columns, none twice; nil when they are not given.
  public static func columns(_ name: String, _ summary: String) -> Parameter {
    Parameter(name, summary, .columns, .optional) { $0?.elements.compactMap(\.index) }
  }
}

/// A column, and a text for it.
public struct ColumnText: Hashable, Sendable {
  /// The index of the column.
  public var column: Int
  /// The column as it was written, by which an error tells its place.
  public var key: String
  /// What was given for the column.
  public var text: String
}

extension Parameter where Value == [ColumnText] {
  /// Texts by column; none when they are not given.
  public static func columnTexts(_ name: String, _ summary: String) -> Parameter {
    Parameter(name, summary, .columnTexts, .optional) { argument in
      guard case .mapping(let entries)? = argument else { return [] }
      return entries.map { ColumnText(column: $0.column, key: $0.key, text: $0.value.description) }
    }
  }
}

/// A column to order by.
public struct ColumnOrder: Hashable, Sendable {
  /// The index of the column.
  public var column: Int
  /// Nil where no direction is given.
  public var isDescending: Bool?
}

extension Parameter where Value == [ColumnOrder] {
  /// Columns to order by, the first one first. They must be given.
  public static func columnOrder(_ name: String, _ summary: String) -> Parameter {
    Parameter(name, summary, .columnOrder, .required) { argument in
      if case .mapping(let entries)? = argument {
        return entries.map { ColumnOrder(column: $0.column, isDescending: $0.value.description == "descending") }
      }
      return argument?.elements.compactMap { $0.index.map { ColumnOrder(column: $0, isDescending: nil) } } ?? []
    }
  }
}

extension Parameter where Value == [Condition] {
  /// Conditions on columns. They must be given.
  public static func conditions(_ name: String, _ summary: String) -> Parameter {
    Parameter(name, summary, .conditions, .required) { argument in
      if case .conditions(let conditions)? = argument { conditions } else { [] }
    }
  }
}

extension Argument {
  fileprivate var index: Int? { if case .choice(_, let index) = self { index } else { nil } }

  fileprivate var elements: [Argument] { if case .list(let elements) = self { elements } else { [self] } }
}
