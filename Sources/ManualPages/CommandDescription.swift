internal import JSON

/// A program, or a verb of it, as its argument parser describes it with `--experimental-dump-help`.
public struct CommandDescription: Decodable, Sendable {
  /// An argument of a command: a value, or an option with or without one.
  public struct Argument: Decodable, Sendable {
    /// Whether it is told by its place, by a name before it, or by its name alone.
    public enum Kind: String, Decodable, Sendable { case positional, option, flag }

    /// One of the names of an option.
    public struct Name: Decodable, Sendable {
      enum Kind: String, Decodable { case long, short, longWithSingleDash }
      var kind: Kind
      var name: String

      /// As it is typed.
      public var typed: String { kind == .long ? "--\(name)" : "-\(name)" }
    }

    /// How it is given.
    public var kind: Kind
    /// False for what is not meant for people.
    public var shouldDisplay: Bool
    var sectionTitle: String?
    /// Whether the command does without it.
    public var isOptional: Bool
    var isRepeating: Bool
    /// In the order of declaration; nil for a value that is told by its place.
    public var names: [Name]?
    /// The name by which messages and synopses call it; nil as with `names`.
    public var preferredName: Name?
    /// What a synopsis calls the value; nil for a flag.
    public var valueName: String?
    /// As it would be typed; nil without one.
    public var defaultValue: String?
    /// One line; nil when nothing is said about it.
    public var abstract: String?
  }

  /// The last word of the command, as it is typed.
  public var commandName: String
  /// False for what is not meant for people.
  public var shouldDisplay: Bool
  /// One line; nil when nothing is said about it.
  public var abstract: String?
  /// Paragraphs with empty lines between them; nil when there are none.
  public var discussion: String?
  /// What runs when no verb is typed; nil when one must be.
  public var defaultSubcommand: String?
  /// Nil when the command has no verbs.
  public var subcommands: [CommandDescription]?
  /// Nil when the command takes none.
  public var arguments: [Argument]?
}

extension CommandDescription {
  /// - Parameter dump: the JSON text of `--experimental-dump-help`.
  public init(dump: String) throws {
    struct Tool: Decodable { var command: CommandDescription }
    self = try JSONValue(parsing: dump).decode(Tool.self).command
  }

  /// The verbs that are meant for people, but `help`, which every program has.
  public var verbs: [CommandDescription] { (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" } }

  var visibleArguments: [Argument] { (arguments ?? []).filter(\.shouldDisplay) }
}
