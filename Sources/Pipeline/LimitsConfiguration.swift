internal import Base
internal import ExternalPlugins
internal import ReportKit
public import YAML

extension Configuration {
  /// How much the daemon takes upon itself. Each has a key of the same name, in lower_snake, under `limits`.
  public struct Limits: Hashable, Sendable {
    /// Bytes of one reply; a call with `more` has several.
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
    public var concurrentRuns = 64
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
    /// Bytes that the daemon has in use, beyond which runs wait for others to end.
    public var memory = 1 << 30
    /// Estimated bytes of rows that one step of a pipeline holds.
    public var stepMemory = StepMemory.defaultLimit
    /// Estimated bytes of rows that all steps of all runs hold together.
    public var runMemory = StepMemoryPool.defaultLimit
    /// Bytes of output of all clients that wait for them to read.
    public var unreadOutput = 256 << 20
    /// How long calls may still run when the daemon is told to stop.
    public var shutdownTimeout = Duration.seconds(10)

    /// What holds when the configuration says nothing.
    public init() {}
  }
}

extension StepLimits {
  /// What the configuration says of steps, with a pool of their own.
  init(_ limits: Configuration.Limits) {
    self.init(memory: limits.stepMemory, pool: StepMemoryPool(limit: limits.runMemory))
  }
}

extension Configuration.Limits: NodeReadable {
  /// What `limits` says.
  public init?(from node: Node, problems: ProblemCollector) {
    guard let map = MappingReader(node, of: "the limits", keys: Self.keys, problems: problems) else { return nil }
    self.init()
    _ = map.read(Self.keys, into: &self)
  }

  /// A key under `limits`, such as `.queuedRuns`.
  public typealias Key<Value> = MappingKey<Self, Value>

  static var keys: [any ReadableKey<Self>] {
    [
      Key.replySize, Key.resultSize, Key.messageSize, Key.unfinishedCalls, Key.cacheSize, Key.connections,
      Key.connectionsPerUser, Key.concurrentRuns, Key.queuedRuns, Key.callTimeout, Key.readTimeout,
      Key.writeTimeout, Key.idleTimeout, Key.plugins, Key.pluginQueue, Key.memory, Key.stepMemory, Key.runMemory,
      Key.unreadOutput, Key.shutdownTimeout,
    ]
  }
}

extension MappingKey where Root == Configuration.Limits {
  /// As errors and logs name the limit, such as `limits.queued_runs`.
  public var qualifiedName: String { limitPrefix + name }
}

private var limitPrefix: String { "\(ConfigurationFile.limits.name)." }

extension MappingKey where Root == Configuration.Limits, Value == Int {
  /// In bytes, of one reply; a call with `more` has several.
  public static var replySize: Self {
    size(
      unqualified(replySizeLimitKey), in: 4096...(8 << 20), "Of one reply; with more a call has several", \.replySize)
  }
  /// In bytes, of one result over all its replies.
  public static var resultSize: Self {
    size("result_size", in: 4096...(1 << 50), "Of one result, over all its replies", \.resultSize)
  }
  /// In bytes, of one call.
  public static var messageSize: Self {
    size(
      "message_size", in: 4096...(64 << 20), "Of one call, on connections that begin after a reload", \.messageSize)
  }
  /// In bytes, of all calls together that have not come whole.
  public static var unfinishedCalls: Self {
    size(
      "unfinished_calls", in: 65_536...(1 << 40),
      "Of all calls together that have not come whole or are being answered, beyond 64 KiB of each, estimated",
      \.unfinishedCalls)
  }
  /// In bytes, of results that are kept; 0 keeps none.
  public static var cacheSize: Self {
    size("cache_size", in: 0...(1 << 40), "Of results that are kept for the next one who asks", \.cacheSize)
  }
  /// At one time.
  public static var connections: Self {
    count(
      "connections", in: 1...1_000_000,
      "At one time; root and the daemon's own user have a sixteenth more, at most 16, to look after it",
      \.connections)
  }
  /// At one time of one user id.
  public static var connectionsPerUser: Self {
    count("connections_per_user", in: 1...1_000_000, "At one time of one user", \.connectionsPerUser)
  }
  /// Reports that are computed at one time.
  public static var concurrentRuns: Self {
    count(
      "concurrent_runs", in: 1...1_000_000,
      "Reports that are computed at one time, three quarters of them for one user; as many more may wait for their readers",
      \.concurrentRuns)
  }
  /// Runs that wait for their turn; 0 refuses at once.
  public static var queuedRuns: Self {
    count(
      "queued_runs", in: 0...1_000_000,
      "Runs that wait for their turn; the next is refused, or one of the user who has the most of them", \.queuedRuns)
  }
  /// External plugins that run at one time.
  public static var plugins: Self {
    Self(
      unqualified(PluginHost.limitKey), "count", .integer(in: 1...10_000), default: .words("the number of processors"),
      "External plugins that run at one time, three quarters of them for one user; as many more may wait for their readers",
      \.plugins)
  }
  /// External plugins that wait for others to end; 0 refuses at once.
  public static var pluginQueue: Self {
    count(
      unqualified(PluginHost.queueLimitKey), in: 0...1_000_000,
      "Runs of external plugins that wait; the next is refused", \.pluginQueue)
  }
  /// In bytes, estimated, of rows that one step holds.
  public static var stepMemory: Self {
    size(
      unqualified(StepMemory.limitKey), in: 4096...(1 << 40),
      "Of rows that one step of a pipeline holds, estimated", \.stepMemory)
  }

  /// In bytes, of all that the daemon has in use.
  public static var memory: Self {
    size(
      "memory", in: (1 << 20)...(1 << 50),
      "Of all that the daemon has in use, the dataset included; beyond that runs work one after the other, and one at most "
        + "sleeps at its reader. A warning tells where this, \(runMemory.name), \(unreadOutput.name), "
        + "\(unfinishedCalls.name) and \(cacheSize.name) come to more than the process may have",
      \.memory)
  }
  /// In bytes, estimated, of rows that all steps hold.
  public static var runMemory: Self {
    size(
      unqualified(StepMemoryPool.limitKey), in: 4096...(1 << 40),
      "Of rows that the steps of all runs hold together, estimated", \.runMemory)
  }
  /// In bytes, of output that waits for its client.
  public static var unreadOutput: Self {
    size(
      "unread_output", in: 65_536...(1 << 40),
      "Of all output that waits for clients to read; beyond that whoever has not read for longest is disconnected",
      \.unreadOutput)
  }

  /// The name of a key of which the whole stands in a module below, as errors there name it.
  private static func unqualified(_ name: String) -> String { String(name.dropFirst(limitPrefix.count)) }

  private static func size(
    _ name: String, in range: ClosedRange<Int>, _ summary: String, _ path: WritableKeyPath<Root, Int>
  ) -> Self {
    let text = sizeText(Root()[keyPath: path])
    return Self(name, "size", .byteCount(in: range), default: .value(text), summary, path)
  }

  private static func count(
    _ name: String, in range: ClosedRange<Int>, _ summary: String, _ path: WritableKeyPath<Root, Int>
  ) -> Self {
    Self(name, "count", .integer(in: range), default: .value("\(Root()[keyPath: path])"), summary, path)
  }
}

extension MappingKey where Root == Configuration.Limits, Value == Duration {
  /// For a run, waiting included; zero for ever.
  public static var callTimeout: Self {
    time(
      "call_timeout", "For a run, with waiting for its turn and for its reader; 0 for ever", \.callTimeout)
  }
  /// From the first byte of a call to its last; zero for ever.
  public static var readTimeout: Self {
    time("read_timeout", "From the first byte of a call to its last; 0 for ever", \.readTimeout)
  }
  /// For a client to take some of the output that waits; zero for ever.
  public static var writeTimeout: Self {
    time("write_timeout", "For a client to take some of the output that waits; 0 for ever", \.writeTimeout)
  }
  /// For the next call of a connection; zero for ever.
  public static var idleTimeout: Self {
    time("idle_timeout", "For the next call of a connection; 0 for ever", \.idleTimeout)
  }
  /// For running calls when the daemon is told to stop.
  public static var shutdownTimeout: Self {
    time(
      "shutdown_timeout", atMost: .seconds(3600), "For running calls when the daemon is told to stop",
      \.shutdownTimeout)
  }

  private static func time(
    _ name: String, atMost maximum: Duration = .seconds(604_800), _ summary: String,
    _ path: WritableKeyPath<Root, Duration>
  ) -> Self {
    let text = durationText(Root()[keyPath: path])
    return Self(name, "duration", .duration(atMost: maximum), default: .value(text), summary, path)
  }
}

/// In the largest unit that divides it, as it would be written: `64MiB`.
func sizeText(_ bytes: Int) -> String {
  for (shift, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")] where bytes > 0 && bytes & (1 << shift - 1) == 0 {
    return "\(bytes >> shift)\(unit)"
  }
  return "\(bytes)"
}

/// As it would be written: `60s`, `15min`, `1h`.
func durationText(_ duration: Duration) -> String {
  let seconds = duration.components.seconds
  if seconds > 0, seconds % 3600 == 0 { return "\(seconds / 3600)h" }
  if seconds > 60, seconds % 60 == 0 { return "\(seconds / 60)min" }
  return "\(seconds)s"
}
