internal import JSON

/// A program, or a verb of it, as its argument parser describes it with `--experimental-dump-help`.
public struct CommandDescription: Decodable, Sendable {
  public struct Argument: Decodable, Sendable {
    public enum Kind: String, Decodable, Sendable { case positional, option, flag }

    public struct Name: Decodable, Sendable {
      enum Kind: String, Decodable { case long, short, longWithSingleDash }
      var kind: Kind
      var name: String

      /// As it is typed.
      public var typed: String { kind == .long ? "--\(name)" : "-\(name)" }
    }

    public var kind: Kind
    public var shouldDisplay: Bool
    public var sectionTitle: String?
    public var isOptional: Bool
    public var isRepeating: Bool
    public var names: [Name]?
    public var preferredName: Name?
    public var valueName: String?
    public var defaultValue: String?
    public var abstract: String?
  }

  public var commandName: String
  public var shouldDisplay: Bool
  public var abstract: String?
  public var discussion: String?
  public var defaultSubcommand: String?
  public var subcommands: [CommandDescription]?
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
