public import Base
public import Dataset
public import ExternalPlugins
internal import ReportKit
public import YAML

/// What `musterd.yaml` and the files that it includes say.
public struct Configuration: Sendable {
  /// The path of the main file.
  public var file: String
  /// Where to listen when neither the command line nor an activator says it.
  public var listen: Located<String>?
  public var dataset: DatasetConfiguration
  /// In written order, over all files.
  public var reports: [ReportConfiguration]
  /// The manifests of external plugins, in the order of the files.
  public var plugins: [ExternalManifest]
  public var access: AccessConfiguration
  public var exports: ExportsConfiguration
  public var limits: Limits

  /// How much the daemon takes upon itself. Each has a key of the same name, in lower_snake, under `limits`.
  public struct Limits: Hashable, Sendable {
    /// Bytes of one reply to a call without `more`.
    public var replySize = 1 << 20
    /// Bytes of one result, over all its replies.
    public var resultSize = 1 << 30
    /// Bytes of one call.
    public var messageSize = 1 << 20
    /// Bytes of all calls together that have not come whole, beyond 64 KiB of each.
    public var unfinishedCalls = 64 << 20
    /// Bytes of results that are kept for the next one who asks.
    public var cacheSize = 8 << 20
    /// Connections at one time.
    public var connections = 4096
    /// Connections at one time of one user.
    public var connectionsPerUser = 1024
    /// Runs of reports that go on at one time; results that are kept need none.
    public var concurrentRuns = 256
    /// Runs that wait for others to end.
    public var queuedRuns = 1024
    /// How long a run may take, waiting for its turn and for its reader included; zero for ever.
    public var callTimeout = Duration.seconds(3600)
    /// How long a client may take from the first byte of a call to its last; zero for ever.
    public var readTimeout = Duration.seconds(60)
    /// How long a client may leave output alone that waits for it; zero for ever.
    public var writeTimeout = Duration.seconds(900)
    /// How long a client may stay connected without making a call; zero for ever.
    public var idleTimeout = Duration.seconds(3600)
    /// External plugins that run at one time.
    public var plugins = PluginHost.defaultLimit
    /// External plugins that wait for others to end.
    public var pluginQueue = PluginHost.defaultQueueLimit
    /// Estimated bytes of rows that one step of a pipeline holds.
    public var stepMemory = StepMemory.defaultLimit
    /// How long calls may still run when the daemon is told to stop.
    public var shutdownTimeout = Duration.seconds(10)

    public init() {}
  }
}

/// A report as configured: a title and steps, not yet checked against plugins and data.
public struct ReportConfiguration: Sendable {
  public var name: Located<String>
  public var title: String
  public var summary: String?
  public var steps: [StepConfiguration]
}

/// One step of a pipeline: the name of a plugin, or `select`, with its parameters.
public struct StepConfiguration: Sendable {
  public var name: Located<String>
  public var parameters: Parameters

  public enum Parameters: Sendable {
    /// Of a plugin: what is written behind its name.
    case node(Node?)
    /// Of `select`: the codes that each dimension is narrowed to.
    case codes([Entry<[Located<String>]>])
  }

  /// The step that narrows the observations.
  public static let select = "select"
}

extension Configuration {
  /// Reads the main file and everything that it includes.
  ///
  /// - Returns: nil when too much is missing to go on; otherwise what could be read. It holds only when no problem was
  ///   reported.
  public static func load(path: String, problems: ProblemCollector) -> Configuration? {
    guard let node = loadYAML(path: path, problems: problems) else { return nil }
    let keys = Self.keyNames(in: .configuration)
    guard let map = MappingReader(node, of: "the configuration", keys: keys, problems: problems) else { return nil }

    let listen = map.optional("listen", .located(.name))
    let access = map.optional("access", .value(as: AccessConfiguration.self), default: AccessConfiguration())
    let limits = map.optional("limits", .value(as: Limits.self), default: Limits())
    var reports = map.optional("reports", .reports, default: [])
    var exports = map.optional("exports", .value(as: ExportsConfiguration.self), default: ExportsConfiguration())
    if let include = map["include"], !include.isNull {
      for file in includedFiles(include, relativeTo: path, problems: problems) {
        guard let node = loadYAML(path: file, problems: problems),
          let map = MappingReader(node, of: "the included file", keys: ["reports", "exports"], problems: problems)
        else { continue }
        let included = map.optional("exports", .exports, default: [])
        if let first = included.first, exports.directory == nil {
          problems.report(first.name.problem("the exports lack the key \"directory\" in \(path)"))
        }
        exports.exports += included
        reports += (map["exports"] == nil ? map.required("reports", .reports) : map.optional("reports", .reports)) ?? []
      }
    }
    reportRepeatedNames(reports, problems: problems)
    var plugins: [ExternalManifest] = []
    if let node = map["plugins"], !node.isNull {
      for file in includedFiles(node, label: "\"plugins\"", relativeTo: path, problems: problems) {
        guard let node = loadYAML(path: file, problems: problems) else { continue }
        if let manifest = ExternalManifest(from: node, problems: problems) { plugins.append(manifest) }
      }
    }
    guard let dataset = map.required("dataset", .value(as: DatasetConfiguration.self)) else { return nil }
    return Configuration(
      file: path, listen: listen, dataset: dataset, reports: reports, plugins: plugins, access: access,
      exports: exports,
      limits: limits)
  }

  private static func reportRepeatedNames(_ reports: [ReportConfiguration], problems: ProblemCollector) {
    var first: [String: Located<String>] = [:]
    for report in reports {
      if let earlier = first[report.name.value] {
        let place = Problem(file: earlier.file, position: earlier.position, message: "").description.dropLast(2)
        problems.report(report.name.problem("the report \"\(report.name.value)\" is already defined at \(place)"))
      } else {
        first[report.name.value] = report.name
      }
    }
  }
}

extension Configuration.Limits: NodeReadable {
  public init?(from node: Node, problems: ProblemCollector) {
    let keys = Configuration.keyNames(in: .limits)
    guard let map = MappingReader(node, of: "the limits", keys: keys, problems: problems) else { return nil }
    self.init()
    replySize = map.optional("reply_size", .byteCount(in: 4096...(8 << 20)), default: replySize)
    resultSize = map.optional("result_size", .byteCount(in: 4096...(1 << 50)), default: resultSize)
    messageSize = map.optional("message_size", .byteCount(in: 4096...(64 << 20)), default: messageSize)
    unfinishedCalls = map.optional(
      "unfinished_calls", .byteCount(in: 65_536...(1 << 40)), default: unfinishedCalls)
    cacheSize = map.optional("cache_size", .byteCount(in: 0...(1 << 40)), default: cacheSize)
    connections = map.optional("connections", .integer(in: 1...1_000_000), default: connections)
    connectionsPerUser = map.optional(
      "connections_per_user", .integer(in: 1...1_000_000), default: connectionsPerUser)
    concurrentRuns = map.optional("concurrent_runs", .integer(in: 1...1_000_000), default: concurrentRuns)
    queuedRuns = map.optional("queued_runs", .integer(in: 0...1_000_000), default: queuedRuns)
    callTimeout = map.optional("call_timeout", .duration(atMost: .seconds(604_800)), default: callTimeout)
    readTimeout = map.optional("read_timeout", .duration(atMost: .seconds(604_800)), default: readTimeout)
    writeTimeout = map.optional("write_timeout", .duration(atMost: .seconds(604_800)), default: writeTimeout)
    idleTimeout = map.optional("idle_timeout", .duration(atMost: .seconds(604_800)), default: idleTimeout)
    plugins = map.optional("plugins", .integer(in: 1...10_000), default: plugins)
    pluginQueue = map.optional("plugin_queue", .integer(in: 0...1_000_000), default: pluginQueue)
    stepMemory = map.optional("step_memory", .byteCount(in: 4096...(1 << 40)), default: stepMemory)
    shutdownTimeout = map.optional(
      "shutdown_timeout", .duration(atMost: .seconds(3600)), default: shutdownTimeout)
  }
}

extension DatasetConfiguration: NodeReadable {
  public init?(from node: Node, problems: ProblemCollector) {
    let keys = Configuration.keyNames(in: .dataset)
    guard let map = MappingReader(node, of: "the dataset", keys: keys, problems: problems) else { return nil }
    let package = map.required("package", .located(.name))
    let place = map.required("place", .located(.name))
    let breakdown = map.required("breakdown", .located(.name))
    let measure = map.required("measure", .located(.name))
    func optional(_ key: String) -> Located<String>? { map.optional(key, .located(.name)) }
    let (observations, role, locus) = (optional("observations"), optional("role"), optional("locus"))
    let (quote, label, caveats) = (optional("quote"), optional("label"), optional("caveats"))
    let (schemes, blocs, blocMembers) = (optional("schemes"), optional("blocs"), optional("bloc_members"))
    let (statedTotals, scopes) = (optional("stated_totals"), optional("stated_total_scopes"))
    let observationCaveats = optional("observation_caveats")
    let source = optional("source")
    let (discrepancies, statements) = (optional("discrepancies"), optional("discrepancy_statements"))
    let printedTables = optional("printed_tables")
    let (tableRows, tableColumns) = (optional("printed_table_rows"), optional("printed_table_columns"))
    guard var package, let place, let breakdown, let measure else { return nil }

    package.value = resolve(package.value, relativeTo: package.file)
    self.init(package: package, place: place, breakdown: breakdown, measure: measure)
    self.source = source
    self.observations = observations
    self.role = role
    self.locus = locus
    self.quote = quote
    self.label = label
    self.schemes = schemes
    self.blocs = blocs
    self.blocMembers = blocMembers
    self.statedTotals = statedTotals
    self.statedTotalScopes = scopes
    self.caveats = caveats
    self.observationCaveats = observationCaveats
    self.discrepancies = discrepancies
    self.discrepancyStatements = statements
    self.printedTables = printedTables
    self.printedTableRows = tableRows
    self.printedTableColumns = tableColumns
  }
}
