/// What a plugin says about itself.
public struct Manifest: Sendable {
  /// kebab-case, unique among the plugins of its kind.
  public var name: String
  /// One line.
  public var summary: String
  public var parameters: [Parameter]

  public init(name: String, summary: String, parameters: [Parameter] = []) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
  }
}

/// A parameter of a plugin, set in the configuration or by whoever asks for the report.
public struct Parameter: Sendable {
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
  public var kind: Kind
  public var `default`: Default

  public init(name: String, summary: String, kind: Kind, default: Default = .required) {
    self.name = name
    self.summary = summary
    self.kind = kind
    self.default = `default`
  }
}

extension Manifest {
  /// The parameter that stands for the whole step: what is given to the step is given to it.
  public var wholeStep: Parameter? {
    parameters.count == 1 && parameters[0].isWholeStep ? parameters[0] : nil
  }
}

extension Parameter {
  var isWholeStep: Bool { kind == .conditions }
}

/// The checked value of a parameter.
public enum Argument: Hashable, Sendable {
  case text(String)
  case integer(Int)
  case boolean(Bool)
  case list([Argument])
  /// In written order, each key once.
  case mapping([Entry])
  case conditions([Condition])

  public struct Entry: Hashable, Sendable {
    public var key: String
    public var value: Argument

    public init(_ key: String, _ value: Argument) {
      self.key = key
      self.value = value
    }
  }
}

extension Argument: CustomStringConvertible {
  /// As it is written in a configuration or on a command line.
  public var description: String {
    switch self {
    case .text(let text): text
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
