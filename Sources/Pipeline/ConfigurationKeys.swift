internal import ReportKit

extension Configuration {
  /// A key of the configuration: what the readers know, and the reference shows.
  public struct Key: Hashable, Sendable {
    /// The mapping that the key stands in.
    public enum Place: String, Hashable, Sendable, CaseIterable {
      case configuration, dataset, report, exports, export, access, grant, limits

      /// As a reader of the reference sees it.
      public var title: String {
        switch self {
        case .configuration: "The file"
        case .dataset: "dataset"
        case .report: "reports: NAME"
        case .exports: "exports"
        case .export: "exports: NAME"
        case .access: "access"
        case .grant: "access: RIGHT"
        case .limits: "limits"
        }
      }
    }

    public var place: Place
    public var name: String
    /// What may stand there, for people.
    public var type: String
    /// What holds without the key, as it would be written; nil when the key must be there.
    public var `default`: String?
    /// Without a full stop.
    public var summary: String

    fileprivate init(_ place: Place, _ name: String, _ type: String, _ fallback: String?, _ summary: String) {
      self.place = place
      self.name = name
      self.type = type
      self.default = fallback
      self.summary = summary
    }
  }

  /// Every key that a configuration may have, place by place.
  public static let keys: [Key] =
    fileKeys + datasetKeys + reportKeys + exportsKeys + exportKeys + accessKeys + limitKeys

  /// The names of the keys at a place.
  static func keyNames(in place: Key.Place) -> [String] { keys.filter { $0.place == place }.map(\.name) }

  private static let none = "none"

  private static let fileKeys = [
    Key(
      .configuration, "listen", "address", "unix:/run/musterd/org.muster.Reports",
      "Where to listen when neither an activator's socket nor --listen says it"),
    Key(.configuration, "dataset", "mapping", nil, "Which parts of a data package play which part"),
    Key(
      .configuration, "include", "path, or list of paths", none,
      "Further files with reports; the last part of a path may hold *"),
    Key(
      .configuration, "plugins", "path, or list of paths", none,
      "Manifests of external plugins; the last part of a path may hold *"),
    Key(.configuration, "reports", "mapping of names to reports", none, "Reports by name; also in included files"),
    Key(
      .configuration, "exports", "mapping", none,
      "Files that are written on request; in included files the exports alone, without directory and locks"),
    Key(.configuration, "access", "mapping", "as below", "Who may do what"),
    Key(.configuration, "limits", "mapping", "as below", "How much the daemon takes upon itself"),
  ]

  private static let datasetKeys = [
    Key(.dataset, "package", "path", nil, "The datapackage.json of the dataset"),
    Key(.dataset, "place", "dimension", nil, "The dimension that gets a row each in summaries, such as country"),
    Key(.dataset, "breakdown", "dimension", nil, "The dimension whose codes become columns, such as disposition"),
    Key(.dataset, "measure", "field", nil, "The integer field of the observations that is added up, such as persons"),
    Key(.dataset, "source", "dimension", "source", "The dimension that is the document in which a number is printed"),
    Key(.dataset, "observations", "resource", "observations", "The numbers, one a row"),
    Key(.dataset, "role", "field", "role", "The part an observation plays in sums: counted, of_which or contested"),
    Key(.dataset, "locus", "field", "locus", "Where in its source a statement stands"),
    Key(.dataset, "quote", "field", "quote", "The source's own words"),
    Key(.dataset, "label", "field", "name, or else title", "The names of codes in code lists"),
    Key(.dataset, "schemes", "resource", "schemes", "Classifications of the places"),
    Key(.dataset, "blocs", "resource", "blocs", "The blocs of each scheme"),
    Key(.dataset, "bloc_members", "resource", "bloc_members", "Which place is in which bloc, and why"),
    Key(.dataset, "stated_totals", "resource", "stated_totals", "What the sources themselves claim sums to be"),
    Key(.dataset, "stated_total_scopes", "resource", "stated_total_scopes", "What each stated total claims to cover"),
    Key(.dataset, "caveats", "resource", "caveats", "Reservations about observations"),
    Key(.dataset, "observation_caveats", "resource", "observation_caveats", "Which caveats are on which observations"),
    Key(.dataset, "discrepancies", "resource", "discrepancies", "The ledger of acknowledged disagreements"),
    Key(
      .dataset, "discrepancy_statements", "resource", "discrepancy_statements",
      "Which observations and stated totals each disagreement is between"),
    Key(.dataset, "printed_tables", "resource", "printed_tables", "How the sources lay out their tables"),
    Key(.dataset, "printed_table_rows", "resource", "printed_table_rows", "The rows of each, in printed order"),
    Key(
      .dataset, "printed_table_columns", "resource", "printed_table_columns", "The columns of each, in printed order"),
  ]

  private static let reportKeys = [
    Key(.report, "title", "text", "the name", "The heading of the report"),
    Key(.report, "summary", "text", "that of the report plugin", "A sentence about what the report shows"),
    Key(
      .report, "pipeline", "list of steps", nil,
      "Any number of select, then one report plugin, then any number of transforms; each a name, alone or with parameters"
    ),
  ]

  /// Beside them every name of an export is a key.
  private static let exportsKeys = [
    Key(
      .exports, "directory", "path", "none, so there can be no exports",
      "The folder that the files are in, which must be there; it is no symbolic link"),
    Key(
      .exports, "lock", "wait or report", ExportsConfiguration().lock.rawValue,
      "What a run does while another one writes the same file: wait for it, or say so and end"),
    Key(
      .exports, "lock_timeout", "duration", "\(ExportsConfiguration().lockTimeout.components.seconds)s",
      "How long it waits"),
  ]

  private static let exportKeys = [
    Key(.export, "report", "report", nil, "What is in the file"),
    Key(.export, "parameters", "mapping", none, "The report's parameters, as muster run --set gives them"),
    Key(.export, "where", "mapping of dimensions to codes", none, "What it is narrowed to, as by muster run --where"),
    Key(.export, "exporter", "exporter", nil, "The format"),
    Key(.export, "format_parameters", "mapping", none, "The exporter's parameters"),
    Key(.export, "file", "name", nil, "The name of the file in the directory; no two exports have the same"),
    Key(
      .export, "keep", "count", "0",
      "How many of the versions before are kept beside it; each run removes those beyond it, all of them without this key"
    ),
  ]

  private static let accessKeys = [
    Key(
      .access, "read", "everybody, nobody or a mapping", "everybody",
      "Who may run reports, of those who can open the socket"),
    Key(
      .access, "export", "everybody, nobody or a mapping", "nobody", "Who may have exports written; they may read too"),
    Key(
      .access, "manage", "everybody, nobody or a mapping", "nobody",
      "Who may reload and try plugins; they may export and read too. Root and the daemon's own user always may"),
    Key(.grant, "users", "list of names or numbers", none, "These users"),
    Key(.grant, "groups", "list of names or numbers", none, "The members of these groups"),
  ]

  private static let limitKeys: [Key] = {
    let limits = Limits()
    func size(_ bytes: Int) -> String {
      for (shift, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")] where bytes > 0 && bytes & (1 << shift - 1) == 0 {
        return "\(bytes >> shift)\(unit)"
      }
      return "\(bytes)"
    }
    func time(_ duration: Duration) -> String {
      let seconds = duration.components.seconds
      if seconds > 0, seconds % 3600 == 0 { return "\(seconds / 3600)h" }
      if seconds > 60, seconds % 60 == 0 { return "\(seconds / 60)min" }
      return "\(seconds)s"
    }
    return [
      Key(.limits, "reply_size", "size", size(limits.replySize), "Of one reply to a call without more"),
      Key(.limits, "result_size", "size", size(limits.resultSize), "Of one result, over all its replies"),
      Key(
        .limits, "message_size", "size", size(limits.messageSize),
        "Of one call, on connections that begin after a reload"),
      Key(
        .limits, "unfinished_calls", "size", size(limits.unfinishedCalls),
        "Of all calls together that have not come whole, beyond 64 KiB of each"),
      Key(.limits, "cache_size", "size", size(limits.cacheSize), "Of results that are kept for the next one who asks"),
      Key(.limits, "connections", "count", "\(limits.connections)", "At one time"),
      Key(
        .limits, "connections_per_user", "count", "\(limits.connectionsPerUser)",
        "At one time of one user"),
      Key(.limits, "concurrent_runs", "count", "\(limits.concurrentRuns)", "Reports that are computed at one time"),
      Key(
        .limits, "queued_runs", "count", "\(limits.queuedRuns)", "Runs that wait for their turn; the next is refused"),
      Key(
        .limits, "call_timeout", "duration", time(limits.callTimeout),
        "For a run, with waiting for its turn and for its reader; 0 for ever"),
      Key(
        .limits, "read_timeout", "duration", time(limits.readTimeout),
        "From the first byte of a call to its last; 0 for ever"),
      Key(
        .limits, "write_timeout", "duration", time(limits.writeTimeout),
        "For a client to take some of the output that waits; 0 for ever"),
      Key(
        .limits, "idle_timeout", "duration", time(limits.idleTimeout),
        "For the next call of a connection; 0 for ever"),
      Key(.limits, "plugins", "count", "the number of processors", "External plugins that run at one time"),
      Key(
        .limits, "plugin_queue", "count", "\(limits.pluginQueue)",
        "Runs of external plugins that wait; the next is refused"),
      Key(
        .limits, "step_memory", "size", size(limits.stepMemory),
        "Of rows that one step of a pipeline holds, estimated"),
      Key(
        .limits, "shutdown_timeout", "duration", time(limits.shutdownTimeout),
        "For running calls when the daemon is told to stop"),
    ]
  }()
}
