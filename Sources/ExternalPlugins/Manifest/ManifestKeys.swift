internal import Dataset
internal import ReportKit

extension ExternalManifest {
  /// A key of a manifest: what the reader knows, and the reference shows.
  public struct Key: Hashable, Sendable {
    /// The mapping that the key stands in.
    public enum Place: String, Hashable, Sendable, CaseIterable {
      /// The manifest itself.
      case manifest
      /// An entry of `parameters`.
      case parameter
      /// An entry of `columns`.
      case column
      case rows
      case limits
    }

    public enum Default: Hashable, Sendable {
      /// The key must be there.
      case required
      /// Without the key, this holds, as it would be written.
      case value(String)
      /// Without the key, nothing holds.
      case none
    }

    public var place: Place
    public var name: String
    /// The kinds of plugins that have the key.
    public var kinds: [Kind]
    /// What may stand there, for people.
    public var type: String
    public var `default`: Default
    /// A sentence without a full stop.
    public var summary: String

    fileprivate init(
      _ place: Place, _ name: String, of kinds: [Kind] = Kind.allCases, _ type: String, _ fallback: Default,
      _ summary: String
    ) {
      self.place = place
      self.name = name
      self.kinds = kinds
      self.type = type
      self.default = fallback
      self.summary = summary
    }
  }

  /// Every key that a manifest may have, place by place.
  public static let keys: [Key] = manifestKeys + parameterKeys + columnKeys + rowsKeys + limitKeys

  /// The names of the keys at a place, in the manifest of a plugin of that kind; of any kind when it is nil.
  static func keyNames(in place: Key.Place, of kind: Kind? = nil) -> [String] {
    keys.filter { key in key.place == place && (kind.map { key.kinds.contains($0) } ?? true) }.map(\.name)
  }

  private static let manifestKeys = [
    Key(
      .manifest, "name", "lower-case words joined by -", .required,
      "What pipelines and formats call it; no other plugin has it"),
    Key(.manifest, "kind", Kind.allCases.map(\.rawValue).joined(separator: ", "), .required, "What it does"),
    Key(.manifest, "summary", "one line", .required, "What it is for"),
    Key(
      .manifest, "command", "list of texts", .required,
      "A program and its arguments; a path of a program, and an argument that begins with ./ or ../, is relative to the "
        + "manifest, and a program's name is looked up in \(searchPath)"),
    Key(.manifest, "parameters", "list of mappings", .value("[]"), "What a user may set"),
    Key(.manifest, "limits", "mapping", .value("{}"), "What one run may take"),
    Key(
      .manifest, "describe", "boolean", .value("false"),
      "Started with --describe it prints one line of JSON with any of name, kind, parameters and columns, which "
        + "musterd check compares with the manifest"),
    Key(.manifest, "rows", of: [.report], "mapping", .required, "The rows that it reads"),
    Key(
      .manifest, "columns", of: [.report, .transform], "list of mappings, or same", .required,
      "The columns of what it writes; same for a transform that keeps them"),
    Key(.manifest, "media_type", of: [.exporter], "text", .required, "Of its format, such as text/csv"),
    Key(
      .manifest, "file_extensions", of: [.exporter], "list of texts", .required,
      "The endings of file names that choose its format, without the dot; the first is the usual one"),
    Key(
      .manifest, "content", of: [.exporter], Content.allCases.map(\.rawValue).joined(separator: ", "),
      .value(Content.text.rawValue), "What it writes: text is UTF-8, and is checked to be"),
    Key(
      .manifest, "notes", of: [.exporter], "boolean", .value("false"),
      "It reads a last line with the totals, and the notes on the table as a whole"),
  ]

  private static let parameterKeys = [
    Key(.parameter, "name", "lower-case words joined by _", .required, "What the user sets it by"),
    Key(.parameter, "summary", "one line", .required, "What it is for"),
    Key(.parameter, "type", ParameterType.allCases.map(\.rawValue).joined(separator: ", "), .required, "What it takes"),
    Key(.parameter, "choices", "list of texts", .none, "Of a choice, and required there: what it may be"),
    Key(.parameter, "minimum", "integer", .none, "Of an integer: the least that it may be"),
    Key(.parameter, "maximum", "integer", .none, "Of an integer: the most that it may be"),
    Key(.parameter, "default", "as its type", .none, "What it is unless it is set; without it, it must be set"),
  ]

  private static let columnKeys = [
    Key(
      .column, "name", of: [.report, .transform], "lower-case words joined by _", .required,
      "The name of the member in each row"),
    Key(.column, "title", of: [.report, .transform], "text", .none, "A heading for people; without it, the name"),
    Key(
      .column, "kind", of: [.report, .transform], Column.Kind.allCases.map(\.rawValue).joined(separator: ", "),
      .value(Column.Kind.text.rawValue), "What its cells hold; integer is exact to 64 bits"),
    Key(.column, "unit", of: [.report, .transform], "text", .none, "What one unit of a number is, such as persons"),
    Key(.column, "summary", of: [.report, .transform], "one line", .none, "What the column holds"),
    Key(
      .column, "total", of: [.report, .transform], "none, sum", .value("none"),
      "sum where every cell counts different things, so that their sum is a total"),
  ]

  private static let rowsKeys = [
    Key(
      .rows, "of", of: [.report], Query.Unit.allCases.map(\.rawValue).joined(separator: ", "),
      .value(Query.Unit.observations.rawValue),
      "observations: one row for each, with a column role; aggregates: one row for each combination of codes that has "
        + "counted observations, with their sum"),
    Key(
      .rows, "dimensions", of: [.report], "list of texts", .required,
      "The dimensions of the dataset that a row has a column for; the measure follows them"),
    Key(
      .rows, "roles", of: [.report], "list of " + Role.allCases.map(\.name).joined(separator: ", "),
      .value("[\(Role.counted.name)]"), "Of observations: the roles of those that make rows"),
  ]

  private static let limitKeys: [Key] = {
    let limits = PluginLimits()
    func range<Bound>(_ what: String, _ range: ClosedRange<Bound>, _ text: (Bound) -> String) -> String {
      "\(what) from \(text(range.lowerBound)) to \(text(range.upperBound))"
    }
    func key(_ key: PluginLimits.Key, _ type: String, _ value: String, _ summary: String) -> Key {
      Key(.limits, key.rawValue, type, .value(value), summary)
    }
    return [
      key(
        .time, range("duration", PluginLimits.timeRange, \.text), limits.time.text,
        "Time at work: neither waiting for rows nor for somebody to take its output"),
      key(
        .cpu, range("duration", PluginLimits.cpuTimeRange, \.text), limits.cpuTime.text,
        "CPU time of each of its processes, in whole seconds"),
      key(
        .memory, range("size", PluginLimits.memoryRange, byteText), byteText(limits.memory),
        "Address space of each of its processes"),
      key(
        .processes, range("integer", PluginLimits.processesRange) { "\($0)" }, "\(limits.processes)",
        "Processes and threads at one time"),
      key(
        .output, range("size", PluginLimits.outputRange, byteText), byteText(limits.output),
        "What it writes to standard output, or to one file in its folder"),
      key(
        .stderr, range("size", PluginLimits.standardErrorRange, byteText), byteText(limits.standardError),
        "What it writes to standard error, of which the last \(byteText(ProcessLoop.standardErrorTailSize)) are shown"),
    ]
  }()
}
