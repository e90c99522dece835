public import Base

/// What a plugin says about itself.
public struct Manifest: Sendable {
  /// kebab-case, unique among the plugins of its kind.
  public var name: String
  /// One line.
  public var summary: String
  /// In the order in which they are shown and written.
  public var parameters: [ParameterDeclaration]

  /// The manifest of an external plugin, whose parameters are known at run time only.
  public init(name: String, summary: String, parameters: [ParameterDeclaration]) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
  }

  /// The manifest of a plugin with these parameters, in this order.
  public init<each Value>(name: String, summary: String, _ parameters: repeat Parameter<each Value>) {
    var declarations: [ParameterDeclaration] = []
    repeat declarations.append((each parameters).declaration)
    self.init(name: name, summary: summary, parameters: declarations)
  }
}

/// What a plugin says of a parameter, whatever the type of its values: what may be given, and what holds without it.
public struct ParameterDeclaration: Sendable {
  /// What may be given for a parameter.
  public enum Kind: Hashable, Sendable {
    case text
    case integer(ClosedRange<Int>)
    case boolean
    case choice([String])
    /// The id of one of the dataset's classification schemes.
    case scheme
    /// The id of one of the dataset's dimensions; first come the place and the breakdown.
    case dimension
    /// The id of one of the dataset's sources, or `all`.
    case source
    /// The name of one of the dataset's measures.
    case measure
    /// The name of a column of the table that a transform is given.
    case column
    /// Several columns, none twice: a list, or one name.
    case columns
    /// Several columns, or `{ column: ascending or descending }`.
    case columnOrder
    /// `{ column: text }`.
    case columnTexts
    /// `{ column: condition }`; see `ConditionReader`.
    case conditions
    /// Several texts, none twice: a list, or one text.
    case texts
  }

  /// What holds when a parameter is not given.
  public enum Default: Hashable, Sendable {
    /// It must be given.
    case required
    case value(Argument)
    /// The first of the choices that the dataset offers; nothing when it offers none.
    case firstChoice
    /// The second of them; the first where there is no other.
    case secondChoice
    /// It need not be given, and nothing stands for it.
    case optional
  }

  /// lower_snake.
  public var name: String
  /// One line.
  public var summary: String
  /// What may be given.
  public var kind: Kind
  /// What holds when nothing is given.
  public var `default`: Default
  /// Whether answers and manifests of exports name it only where its value is not the default, so that what was written
  /// before there was such a parameter is still what would be written.
  public var isQuiet = false

  /// - Parameters:
  ///   - name: lower_snake.
  ///   - summary: one line.
  public init(name: String, summary: String, kind: Kind, default: Default = .required) {
    self.name = name
    self.summary = summary
    self.kind = kind
    self.default = `default`
  }
}

extension Manifest {
  /// The parameter that stands for the whole step: what is given to the step is given to it.
  public var wholeStep: ParameterDeclaration? {
    parameters.count == 1 && parameters[0].isWholeStep ? parameters[0] : nil
  }
}

extension ParameterDeclaration {
  var isWholeStep: Bool { kind == .conditions }
}

/// The checked value of a parameter.
public enum Argument: Hashable, Sendable {
  case text(String)
  /// One of a list that is known when the parameter is checked: the text, and its place in the dataset's schemes,
  /// dimensions or codes of the source, or in the columns of the table that the step is given. Nil for one that stands for
  /// all of them.
  case choice(String, index: Int?)
  case integer(Int)
  case boolean(Bool)
  case list([Argument])
  /// In written order, each key once.
  case mapping([Entry])
  case conditions([Condition])

  /// One key of a mapping by column, with what stands for it.
  public struct Entry: Hashable, Sendable {
    /// As it was written.
    @ExactText public var key: String
    /// The column that the key names.
    public var column: Int
    /// What stands behind the key.
    public var value: Argument

    /// - Parameter column: the index of the column that the key names.
    public init(_ key: String, column: Int, _ value: Argument) {
      self.key = key
      self.column = column
      self.value = value
    }
  }
}

extension Argument {
  /// Texts by their bytes: equal arguments ask for the same, and what is asked for shows in the answer.
  public static func == (a: Argument, b: Argument) -> Bool {
    switch (a, b) {
    case (.text(let a), .text(let b)): hasSameBytes(a, b)
    case (.choice(let a, let index), .choice(let b, let other)): hasSameBytes(a, b) && index == other
    case (.integer(let a), .integer(let b)): a == b
    case (.boolean(let a), .boolean(let b)): a == b
    case (.list(let a), .list(let b)): a == b
    case (.mapping(let a), .mapping(let b)): a == b
    case (.conditions(let a), .conditions(let b)): a == b
    case (.text, _), (.choice, _), (.integer, _), (.boolean, _), (.list, _), (.mapping, _), (.conditions, _): false
    }
  }

  /// Texts by their bytes.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .text(let text): hasher.combine(ExactText(text))
    case .choice(let text, let index):
      hasher.combine(ExactText(text))
      hasher.combine(index)
    case .integer(let integer): hasher.combine(integer)
    case .boolean(let boolean): hasher.combine(boolean)
    case .list(let elements): hasher.combine(elements)
    case .mapping(let entries): hasher.combine(entries)
    case .conditions(let conditions): hasher.combine(conditions)
    }
  }
}

extension Argument: CustomStringConvertible {
  /// As it is written in a configuration or on a command line.
  public var description: String {
    switch self {
    case .text(let text), .choice(let text, index: _): text
    case .integer(let integer): String(integer)
    case .boolean(let boolean): String(boolean)
    case .list(let elements):
      elements.count == 1
        ? elements[0].description : "[\(elements.map(\.description).joined(separator: ", "))]"
    case .mapping(let entries): written(entries.map { ($0.key, $0.value.description) })
    case .conditions(let conditions): written(conditions.map { ($0.column, $0.test.description) })
    }
  }

  private func written(_ entries: [(key: String, value: String)]) -> String {
    entries.isEmpty ? "{}" : "{ \(entries.map { "\($0.key): \($0.value)" }.joined(separator: ", ")) }"
  }
}
