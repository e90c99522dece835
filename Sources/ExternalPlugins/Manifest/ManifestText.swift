internal import Base
internal import ReportKit
internal import YAML

/// What a manifest says, before it is known whether that is enough for its kind.
struct ManifestText {
  var name: Located<String>?
  var kind: ExternalManifest.Kind?
  var summary: String?
  var command: [String]?
  var parameters: [ParameterDeclaration] = []
  var limits = PluginLimits()
  var describesItself = false
  var query: ExternalManifest.Query?
  var columns: ExternalManifest.Columns?
  var mediaType: String?
  var fileExtensions: [String]?
  var content = ExternalManifest.Content.text
  var wantsNotes = false
}

extension ManifestText {
  private typealias Kind = ExternalManifest.Kind

  /// A key, and the kinds of plugins that have it.
  typealias KeyOfKinds = (key: any ReadableKey<Self>, kinds: [ExternalManifest.Kind])

  /// The keys of every kind; `kind` decides what some of them may be.
  static func keys(of kind: ExternalManifest.Kind?) -> [KeyOfKinds] {
    common.map { ($0, Kind.allCases) } + [
      (
        MappingKey("rows", "mapping", .value(), default: .required, "The rows that it reads", \Self.query), [.report]
      ), (columns(of: kind), [.report, .transform]),
    ] + ofExporters.map { ($0, [.exporter]) }
  }

  private static var common: [any ReadableKey<Self>] {
    [
      MappingKey(
        "name", "lower-case words joined by -", .located(.kebabCase), default: .required,
        "What pipelines and formats call it; no other plugin has it", \Self.name),
      MappingKey("kind", words(Kind.self), .choice, default: .required, "What it does", \Self.kind),
      MappingKey("summary", "one line", .name, default: .required, "What it is for", \Self.summary),
      MappingKey(
        "command", "list of texts", .command, default: .required,
        "A program and its arguments; a path of a program, and an argument that begins with ./ or ../, is relative to "
          + "the manifest, and a program's name is looked up in \(searchPath)", \Self.command),
      parameters,
      MappingKey("limits", "mapping", .value(), default: .value("{}"), "What one run may take", \Self.limits),
      MappingKey(
        "describe", "boolean", .bool, default: .value("\(Self().describesItself)"),
        "Started with --describe it prints one line of JSON with any of name, kind, parameters and columns, which "
          + "musterd check compares with the manifest", \Self.describesItself),
    ]
  }

  static var parameters: MappingKey<Self, [ParameterDeclaration]> {
    MappingKey(
      "parameters", "list of mappings", .list(of: .parameter), default: .value("[]"), "What a user may set",
      \.parameters)
  }

  /// Only a transform may keep the columns that it is given.
  static func columns(of kind: ExternalManifest.Kind?) -> MappingKey<Self, ExternalManifest.Columns?> {
    MappingKey(
      "columns", "list of mappings, or same", kind == .report ? .columnList : .columns, default: .required,
      "The columns of what it writes; same for a transform that keeps them", \.columns)
  }

  private static var ofExporters: [any ReadableKey<Self>] {
    [
      MappingKey("media_type", "text", .name, default: .required, "Of its format, such as text/csv", \Self.mediaType),
      MappingKey(
        "file_extensions", "list of texts", .list(of: .name, atLeast: 1), default: .required,
        "The endings of file names that choose its format, without the dot; the first is the usual one",
        \Self.fileExtensions),
      MappingKey(
        "content", words(ExternalManifest.Content.self), .choice, default: .value(Self().content.rawValue),
        "What it writes: text is UTF-8, and is checked to be", \Self.content),
      MappingKey(
        "notes", "boolean", .bool, default: .value("\(Self().wantsNotes)"),
        "It reads a last line with the totals, and the notes on the table as a whole", \Self.wantsNotes),
    ]
  }
}

/// What an entry of `columns` says.
struct ColumnText {
  var name: String?
  var title: String?
  /// Nil also when it is wrong.
  var kind: Column.Kind?
  var unit: String?
  var summary: String?
  var total = Total.none

  static let usualKind = Column.Kind.text

  enum Total: String, CaseIterable {
    case none
    case sum
  }

  static var keys: [any ReadableKey<Self>] {
    [
      MappingKey(
        "name", "lower-case words joined by _", .lowerSnake, default: .required,
        "The name of the member in each row", \Self.name),
      MappingKey("title", "text", .name, default: .none, "A heading for people; without it, the name", \Self.title),
      kindKey,
      MappingKey(
        "unit", "text", .name, default: .none, "What one unit of a number is, such as persons", \Self.unit),
      MappingKey("summary", "one line", .name, default: .none, "What the column holds", \Self.summary), totalKey,
    ]
  }

  static var kindKey: MappingKey<Self, Column.Kind?> {
    MappingKey(
      "kind", words(Column.Kind.self), .choice, default: .value(usualKind.rawValue),
      "What its cells hold; integer is exact to 64 bits", \.kind)
  }

  static var totalKey: MappingKey<Self, Total> {
    MappingKey(
      "total", words(Total.self), .choice, default: .value(Self().total.rawValue),
      "sum where every cell counts different things, so that their sum is a total", \.total)
  }
}

/// What `rows` says.
struct QueryText {
  var unit = ExternalManifest.Query.Unit.observations
  var dimensions: [Located<String>] = []
  /// Nil when nothing is said.
  var roles: [Role]?

  static let usualRole = Role.counted

  static var keys: [any ReadableKey<Self>] {
    [
      MappingKey(
        "of", words(ExternalManifest.Query.Unit.self), .choice, default: .value(Self().unit.rawValue),
        "observations: one row for each, with a column role; aggregates: one row for each combination of codes that "
          + "has counted observations, with their sum", \Self.unit),
      MappingKey(
        "dimensions", "list of texts", .list(of: .located(.name), atLeast: 1), default: .required,
        "The dimensions of the dataset that a row has a column for; the measure follows them", \Self.dimensions),
      rolesKey,
    ]
  }

  static var rolesKey: MappingKey<Self, [Role]?> {
    MappingKey(
      "roles", "list of " + Role.allCases.map(\.name).joined(separator: ", "), .list(of: .role, atLeast: 1),
      default: .value("[\(usualRole.name)]"), "Of observations: the roles of those that make rows", \.roles)
  }
}

/// What an entry of `parameters` says. What its type decides is read when that is known.
struct ParameterText {
  var name: String?
  var summary: String?
  var type: ParameterType?
  var choices: Node?
  var minimum: Node?
  var maximum: Node?
  var `default`: Node?

  static var keys: [any ReadableKey<Self>] {
    [
      MappingKey(
        "name", "lower-case words joined by _", .lowerSnake, default: .required, "What the user sets it by",
        \Self.name),
      MappingKey("summary", "one line", .name, default: .required, "What it is for", \Self.summary),
      MappingKey("type", words(ParameterType.self), .choice, default: .required, "What it takes", \Self.type),
      choicesKey, minimumKey, maximumKey, defaultKey,
    ]
  }

  static var choicesKey: MappingKey<Self, Node?> {
    MappingKey(
      "choices", "list of texts", .node, default: .none, "Of a choice, and required there: what it may be", \.choices)
  }
  static var minimumKey: MappingKey<Self, Node?> {
    MappingKey("minimum", "integer", .node, default: .none, "Of an integer: the least that it may be", \.minimum)
  }
  static var maximumKey: MappingKey<Self, Node?> {
    MappingKey("maximum", "integer", .node, default: .none, "Of an integer: the most that it may be", \.maximum)
  }
  static var defaultKey: MappingKey<Self, Node?> {
    MappingKey(
      "default", "as its type", .node, default: .none, "What it is unless it is set; without it, it must be set",
      \.default)
  }
}

private func words<Choice: CaseIterable & RawRepresentable<String>>(_ choice: Choice.Type) -> String {
  Choice.allCases.map(\.rawValue).joined(separator: ", ")
}
