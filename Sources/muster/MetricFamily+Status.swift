import MusterAPI

/// What the daemon's status comes to in figures.
///
/// The kinds are those that Prometheus' older text format has too, which its textfile collector reads.
func metricFamilies(of status: Manage.StatusReply) -> [MetricFamily] {
  var families = [
    one("muster_build_info", "The version of musterd", 1, [("version", status.version)]),
    one(
      "muster_dataset_info", "The dataset that is served", 1,
      [("dataset", status.dataset), ("revision", status.revision)]),
    time("muster_start_time_seconds", "When musterd was started", status.startedAt),
    time("muster_uptime_seconds", "How long musterd has been running", status.uptimeMicroseconds),
    one("muster_generation", "The number of the generation that is served", status.generation),
    time("muster_generation_loaded_time_seconds", "When the generation was loaded", status.loadedAt),
    MetricFamily(
      name: "muster_reloads", kind: .counter, help: "Reloads that were asked for, by their outcome",
      samples: [("succeeded", status.reloads), ("failed", status.failedReloads)].map {
        MetricFamily.Sample(suffix: "_total", labels: [("outcome", $0.0)], value: .integer($0.1))
      }),
  ]
  if let reload = status.lastReload {
    families += [
      time("muster_last_reload_time_seconds", "When the last reload ended", reload.finishedAt),
      one("muster_last_reload_succeeded", "Whether the last reload succeeded", reload.succeeded ? 1 : 0),
    ]
  }
  families += [
    one("muster_observations", "Observations of the dataset", status.observations),
    one("muster_reports", "Reports that are configured", status.reports),
    one("muster_connections", "Connections that are open", status.connections),
    count("muster_connections_accepted", "Connections since the start", status.connectionsTotal),
    counts(
      "muster_connections_refused", "Connections refused, by the limit that was reached", "limit",
      status.refusedConnections),
    count("muster_calls", "Calls since the start", status.calls),
    one("muster_calls_running", "Calls that are being answered", status.runningCalls),
    one("muster_runs_running", "Runs of reports that go on", status.runningRuns),
    one("muster_runs_waiting", "Runs of reports that wait for their turn", status.waitingRuns),
    counts("muster_errors", "Error replies, by the name of the error", "error", status.errors),
    counts(
      "muster_protocol_errors", "Connections closed for a breach of the protocol, by reason", "reason",
      status.protocolErrors),
    one("muster_cache_results", "Results that are kept", status.cacheEntries),
    MetricFamily(
      name: "muster_cache_size_bytes", kind: .gauge, unit: "bytes", help: "Bytes of results that are kept",
      samples: [MetricFamily.Sample(value: .integer(status.cacheBytes))]),
    count("muster_cache_hits", "Runs that were answered with a kept result", status.cacheHits),
    count("muster_cache_misses", "Runs that were not", status.cacheMisses),
  ]
  families += latencies(status.latencies) + programs(status.programs) + exports(status.exports)
  return families.filter { !$0.samples.isEmpty }
}

private func latencies(_ latencies: [Manage.Latency]) -> [MetricFamily] {
  [
    MetricFamily(
      name: "muster_call_duration_seconds", kind: .summary, unit: "seconds",
      help: "How long calls took since the start, by method",
      samples: latencies.flatMap { latency in
        let method = (name: "method", value: latency.method)
        let quantiles = [("0.5", latency.p50), ("0.9", latency.p90), ("0.99", latency.p99)].map { quantile, value in
          MetricFamily.Sample(labels: [method, ("quantile", quantile)], value: .seconds(microseconds: value))
        }
        return quantiles + [
          MetricFamily.Sample(suffix: "_count", labels: [method], value: .integer(latency.count)),
          MetricFamily.Sample(suffix: "_sum", labels: [method], value: .seconds(microseconds: latency.sum)),
        ]
      }),
    MetricFamily(
      name: "muster_call_duration_max_seconds", kind: .gauge, unit: "seconds",
      help: "How long the longest call took since the start, by method",
      samples: latencies.map {
        MetricFamily.Sample(labels: [("method", $0.method)], value: .seconds(microseconds: $0.max))
      }),
  ]
}

private func programs(_ programs: [Manage.Plugin]) -> [MetricFamily] {
  func family(_ name: String, _ help: String, _ value: (Manage.Plugin) -> Int64?) -> MetricFamily {
    MetricFamily(
      name: name, kind: .counter, help: help,
      samples: programs.map {
        MetricFamily.Sample(
          suffix: "_total", labels: [("plugin", $0.name), ("kind", $0.kind.rawValue)], value: .integer(value($0) ?? 0))
      })
  }
  return [
    family("muster_plugin_runs", "Runs of plugins that are programs", \.runs),
    family("muster_plugin_failures", "Runs that the plugin ended with an error", \.failures),
  ]
}

private func exports(_ exports: [Manage.Export]) -> [MetricFamily] {
  func family(
    _ name: String, _ help: String, unit: String? = nil, _ value: (Manage.Export) -> MetricValue?
  ) -> MetricFamily {
    MetricFamily(
      name: name, kind: .gauge, unit: unit, help: help,
      samples: exports.compactMap { export in
        value(export).map { MetricFamily.Sample(labels: [("export", export.name)], value: $0) }
      })
  }
  return [
    family("muster_export_failed", "Whether the last run of the export failed") { export in
      export.outcome.map { .integer($0 == .failed ? 1 : 0) }
    },
    family("muster_export_last_run_time_seconds", "When the last run of the export ended", unit: "seconds") { export in
      export.finishedAt.map { .seconds(microseconds: $0) }
    },
    family("muster_export_last_run_duration_seconds", "How long the last run of the export took", unit: "seconds") {
      $0.durationMicroseconds.map { .seconds(microseconds: $0) }
    },
    family("muster_export_written_time_seconds", "When the file of the export was written", unit: "seconds") { export in
      export.writtenAt.map { .seconds(microseconds: $0) }
    },
    family("muster_export_size_bytes", "Bytes of the file of the export", unit: "bytes") { export in
      export.size.map { .integer($0) }
    },
  ]
}

private func one(
  _ name: String, _ help: String, _ value: Int64, _ labels: [(name: String, value: String)] = []
) -> MetricFamily {
  MetricFamily(
    name: name, kind: .gauge, help: help, samples: [MetricFamily.Sample(labels: labels, value: .integer(value))])
}

private func time(_ name: String, _ help: String, _ microseconds: Int64) -> MetricFamily {
  MetricFamily(
    name: name, kind: .gauge, unit: "seconds", help: help,
    samples: [MetricFamily.Sample(value: .seconds(microseconds: microseconds))])
}

private func count(_ name: String, _ help: String, _ value: Int64) -> MetricFamily {
  MetricFamily(
    name: name, kind: .counter, help: help, samples: [MetricFamily.Sample(suffix: "_total", value: .integer(value))])
}

private func counts(_ name: String, _ help: String, _ label: String, _ counters: [Manage.Counter]) -> MetricFamily {
  MetricFamily(
    name: name, kind: .counter, help: help,
    samples: counters.map {
      MetricFamily.Sample(suffix: "_total", labels: [(label, $0.name)], value: .integer($0.count))
    })
}
