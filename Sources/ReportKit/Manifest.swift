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
  }

  public enum Default: Hashable, Sendable {
    /// It must be given.
    case required
    case value(Argument)
    /// The first of the choices that the dataset offers; nothing when it offers none.
    case firstChoice
    /// The second of them; the first where there is no other.
    case secondChoice
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

/// The checked value of a parameter.
public enum Argument: Hashable, Sendable {
  case text(String)
  case integer(Int)
  case boolean(Bool)
}

extension Argument: CustomStringConvertible {
  /// As it is written in a configuration or on a command line.
  public var description: String {
    switch self {
    case .text(let text): text
    case .integer(let integer): String(integer)
    case .boolean(let boolean): String(boolean)
    }
  }
}
