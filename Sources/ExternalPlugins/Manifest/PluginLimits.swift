internal import Base
public import YAML

/// What one run of a plugin may take.
public struct PluginLimits: Hashable, Sendable {
  /// Wall time in which the plugin is at work: not waiting for input, for somebody to take its output, or for cores that others
  /// use. Of the last so much is left out as the process that waited the longest did, and at most nine times the limit.
  public var time = Duration.seconds(10)
  /// Of each of its processes, in whole seconds.
  public var cpuTime = Duration.seconds(10)
  /// Bytes of address space of each of its processes.
  public var memory = 1 << 30
  /// Processes and threads at one time.
  public var processes = 32
  /// Bytes that it writes to standard output, or to one file in its folder.
  public var output = 64 << 20
  /// Bytes that it writes to standard error.
  public var standardError = 1 << 20
  /// Where a limit is set, as `file:line:column`; nil for a default.
  var places: [Key: String] = [:]

  /// What holds when a manifest says nothing.
  public init() {}

  enum Key: String, CaseIterable {
    case time
    case cpu
    case memory
    case processes
    case output
    case stderr
  }

  /// Such as `limits.time at plugins.d/a.yaml:9:3`.
  func place(of key: Key) -> String {
    places[key].map { "limits.\(key.rawValue) at \($0)" } ?? "the default of limits.\(key.rawValue)"
  }
}

extension PluginLimits: NodeReadable {
  /// What `limits` of a manifest says; nil after a problem.
  public init?(from node: Node, problems: ProblemCollector) {
    guard let map = MappingReader(node, of: "the limits", keys: Self.keys, problems: problems) else { return nil }
    self.init()
    _ = map.read(Self.keys, into: &self)
    for key in Key.allCases {
      guard let value = map[key.rawValue] else { continue }
      places[key] = value.problem("").place
    }
  }
}

extension PluginLimits {
  static var keys: [any ReadableKey<Self>] {
    [
      time(
        .time, .milliseconds(10)...(.seconds(3600)),
        "Time at work: not waiting for rows, for somebody to take its output, or for cores that others use", \.time),
      time(
        .cpu, .seconds(1)...(.seconds(3600)), "CPU time of each of its processes, in whole seconds", \.cpuTime),
      size(.memory, (16 << 20)...(1 << 40), "Address space of each of its processes", \.memory),
      key(
        .processes, "integer", 1...10_000, ValueReader.integer, { "\($0)" }, "Processes and threads at one time",
        \.processes),
      size(.output, 1024...(1 << 36), "What it writes to standard output, or to one file in its folder", \.output),
      size(
        .stderr, 0...(1 << 30),
        "What it writes to standard error, of which the last \(byteText(ProcessLoop.standardErrorTailSize)) are shown",
        \.standardError),
    ]
  }

  private static func time(
    _ name: Key, _ range: ClosedRange<Duration>, _ summary: String, _ path: WritableKeyPath<Self, Duration>
  ) -> MappingKey<Self, Duration> {
    key(
      name, "duration", range, { .duration(atLeast: $0.lowerBound, atMost: $0.upperBound) }, \.text, summary, path)
  }

  private static func size(
    _ name: Key, _ range: ClosedRange<Int>, _ summary: String, _ path: WritableKeyPath<Self, Int>
  ) -> MappingKey<Self, Int> {
    key(name, "size", range, ValueReader.byteCount, byteText, summary, path)
  }

  private static func key<Value>(
    _ name: Key, _ type: String, _ range: ClosedRange<Value>, _ reader: (ClosedRange<Value>) -> ValueReader<Value>,
    _ text: (Value) -> String, _ summary: String, _ path: WritableKeyPath<Self, Value>
  ) -> MappingKey<Self, Value> {
    MappingKey(
      name.rawValue, "\(type) from \(text(range.lowerBound)) to \(text(range.upperBound))", reader(range),
      default: .value(text(Self()[keyPath: path])), summary, path)
  }
}

extension Duration {
  /// In the largest unit that divides it: `300ms`, `10s`.
  var text: String {
    let microseconds = components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    let units: [(String, Int64)] = [("h", 3_600_000_000), ("min", 60_000_000), ("s", 1_000_000), ("ms", 1000)]
    for (name, factor) in units where microseconds != 0 && microseconds.isMultiple(of: factor) {
      return "\(microseconds / factor)\(name)"
    }
    return "\(microseconds)us"
  }

  /// In whole seconds, rounded up.
  var wholeSeconds: Int {
    Int(components.seconds) + (components.attoseconds > 0 ? 1 : 0)
  }
}

/// In the largest unit that divides it: `64MiB`.
func byteText(_ count: Int) -> String {
  let units = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
  for (name, factor) in units where count != 0 && count.isMultiple(of: factor) { return "\(count / factor)\(name)" }
  return "\(count) bytes"
}
