internal import Base
public import YAML

/// What one run of a plugin may take.
public struct PluginLimits: Hashable, Sendable {
  /// Wall time in which the plugin is at work: neither waiting for input nor for somebody to take its output.
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

  public init() {}

  static let timeRange = Duration.milliseconds(10)...Duration.seconds(3600)
  static let cpuTimeRange = Duration.seconds(1)...Duration.seconds(3600)
  static let memoryRange = (16 << 20)...(1 << 40)
  static let processesRange = 1...10_000
  static let outputRange = 1024...(1 << 36)
  static let standardErrorRange = 0...(1 << 30)

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
  public init?(from node: Node, problems: ProblemCollector) {
    let keys = ExternalManifest.keyNames(in: .limits)
    guard let map = MappingReader(node, of: "the limits", keys: keys, problems: problems) else { return nil }
    self.init()
    time = map.optional(Key.time.rawValue, .duration(in: Self.timeRange), default: time)
    cpuTime = map.optional(Key.cpu.rawValue, .duration(in: Self.cpuTimeRange), default: cpuTime)
    memory = map.optional(Key.memory.rawValue, .byteCount(in: Self.memoryRange), default: memory)
    processes = map.optional(Key.processes.rawValue, .integer(in: Self.processesRange), default: processes)
    output = map.optional(Key.output.rawValue, .byteCount(in: Self.outputRange), default: output)
    standardError = map.optional(
      Key.stderr.rawValue, .byteCount(in: Self.standardErrorRange), default: standardError)
    for key in Key.allCases {
      guard let value = map[key.rawValue] else { continue }
      let problem = value.problem("").description
      places[key] = String(problem.dropLast(2))
    }
  }
}

extension ValueReader where Value == Duration {
  fileprivate static func duration(in range: ClosedRange<Duration>) -> Self {
    duration(atLeast: range.lowerBound, atMost: range.upperBound)
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
