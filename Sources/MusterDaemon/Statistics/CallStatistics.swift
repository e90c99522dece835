internal import Synchronization

/// How long the calls of one method took, in microseconds.
struct CallLatency: Hashable, Sendable {
  /// With the name of its interface.
  var method: String
  var count: Int
  /// Of all calls together.
  var sum: Int64
  /// What that share of the calls took at most; at most a sixteenth too long.
  var p50: Int64
  var p90: Int64
  var p99: Int64
  var longest: Int64
}

/// How long calls took, by method.
final class CallStatistics: Sendable {
  private let histograms = Mutex<[String: LatencyHistogram]>([:])

  /// Only for methods that there are: each takes some memory.
  func add(method: String, microseconds: Int64) {
    histograms.withLock { $0[method, default: LatencyHistogram()].add(microseconds: microseconds) }
  }

  /// In alphabetical order of the methods.
  var latencies: [CallLatency] {
    histograms.withLock { $0 }.sorted { $0.key < $1.key }.map { method, histogram in
      CallLatency(
        method: method, count: histogram.count, sum: histogram.sum, p50: histogram.quantile(0.5),
        p90: histogram.quantile(0.9), p99: histogram.quantile(0.99), longest: histogram.maximum)
    }
  }
}
