internal import MusterAPI
internal import Synchronization

/// How long calls took, by method.
final class CallStatistics: Sendable {
  private let histograms = Mutex<[String: LatencyHistogram]>([:])

  /// Only for methods that there are: each takes some memory.
  func add(method: String, microseconds: Int64) {
    histograms.withLock { $0[method, default: LatencyHistogram()].add(microseconds: microseconds) }
  }

  /// In alphabetical order of the methods.
  var latencies: [Manage.Latency] {
    histograms.withLock { $0 }.sorted { $0.key < $1.key }.map { method, histogram in
      Manage.Latency(
        method: method, count: Int64(histogram.count), sum: histogram.sum, p50: histogram.quantile(0.5),
        p90: histogram.quantile(0.9), p99: histogram.quantile(0.99), max: histogram.maximum)
    }
  }
}
