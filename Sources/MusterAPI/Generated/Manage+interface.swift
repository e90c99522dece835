// Written by varlink-generator from the interface's description: change that, then run "make generate".
// What has no comment there says enough by its name.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

/// Looks after a running daemon.
public enum Manage {
  /// The interface's name, before those of its methods and errors.
  public static let interface = "org.muster.Manage"
}

extension Manage {
  /// The description, as the daemon serves it and clients rely on it.
  public static let description = """
    # Looks after a running daemon.
    interface org.muster.Manage

    # A number under a name.
    type Counter(
    	name: string,
    	count: int
    )

    # The outcome of a reload.
    type ReloadResult(
    	# When it ended, in microseconds since 1970-01-01 00:00 UTC
    	finishedAt: int,
    	succeeded: bool,
    	# All that was wrong, as file:line:column: message
    	problems: []string
    )

    # What a plugin does.
    type PluginKind(
    	# Computes a table from the dataset
    	report,
    	# Makes one table into another
    	transform,
    	# Writes a table in a format
    	exporter
    )

    # How a plugin is.
    type PluginState(
    	# It is a part of the daemon
    	shipped,
    	# It is a program, and its last run went well or it had none
    	ready,
    	# It is a program, and its last run failed
    	failed
    )

    # What pipelines are made of.
    type Plugin(
    	name: string,
    	kind: PluginKind,
    	# A sentence about what it does
    	summary: string,
    	state: PluginState,
    	# Why the last run failed
    	reason: ?string,
    	# Of a program since the start of the daemon
    	runs: ?int,
    	# Runs that the plugin ended with an error
    	failures: ?int,
    	# What the last run was kept apart from, beyond what always holds: network, processes, files, user, signals
    	isolation: ?[]string
    )

    # What came of a run of an export.
    type ExportOutcome(
    	# The file is new
    	written,
    	# The file is as it was before, and was left alone
    	unchanged,
    	# The file is as it was before
    	failed,
    	# Another run was writing the file
    	busy
    )

    # How a file that is written on request is.
    type Export(
    	name: string,
    	# Of the last run, also before the start of the daemon; absent when there was none
    	outcome: ?ExportOutcome,
    	# Why it failed
    	reason: ?string,
    	# When it ended, in microseconds since 1970-01-01 00:00 UTC
    	finishedAt: ?int,
    	durationMicroseconds: ?int,
    	# When the file was written, in microseconds since 1970-01-01 00:00 UTC; absent when there is none
    	writtenAt: ?int,
    	# Bytes of the file
    	size: ?int
    )

    # How long calls of a method took, in microseconds. The percentiles are at most a sixteenth too long.
    type Latency(
    	method: string,
    	count: int,
    	# Of all calls together
    	sum: int,
    	p50: int,
    	p90: int,
    	p99: int,
    	max: int
    )

    # What the daemon is and does.
    method Status() -> (
    	version: string,
    	processId: int,
    	# Microseconds since 1970-01-01 00:00 UTC
    	startedAt: int,
    	uptimeMicroseconds: int,
    	# The path of the configuration file
    	configuration: string,
    	# Counts from 1, one more with each successful reload
    	generation: int,
    	# When the generation was loaded, in microseconds since 1970-01-01 00:00 UTC
    	loadedAt: int,
    	# The last reload that was asked for
    	lastReload: ?ReloadResult,
    	# The digest of the dataset
    	revision: string,
    	# The name of the dataset
    	dataset: string,
    	observations: int,
    	reports: int,
    	# Since the start of the daemon
    	reloads: int,
    	failedReloads: int,
    	connections: int,
    	connectionsTotal: int,
    	# Connections refused, by the limit that was reached
    	refusedConnections: []Counter,
    	calls: int,
    	runningCalls: int,
    	# Runs of reports that go on, and that wait for their turn
    	runningRuns: int,
    	waitingRuns: int,
    	# By method, since the start of the daemon
    	latencies: []Latency,
    	# Error replies by the name of the error
    	errors: []Counter,
    	# Connections closed for a breach of the protocol, by reason
    	protocolErrors: []Counter,
    	cacheEntries: int,
    	cacheBytes: int,
    	cacheHits: int,
    	cacheMisses: int,
    	# The plugins that are programs
    	programs: []Plugin,
    	# In the order of the configuration
    	exports: []Export
    )

    # Loads configuration and dataset anew. All of it takes effect at once, or nothing does.
    method Reload() -> (
    	generation: int,
    	revision: string
    )

    # Lists the reports, the transforms and the exporters, each in alphabetical order of their names.
    method Plugins() -> (
    	plugins: []Plugin
    )

    # Runs a report that uses the plugin twice, past the cache, and compares the results byte by byte.
    method AuditPlugin(
    	name: string
    ) -> (
    	# The report that was run
    	report: string,
    	# Where the second result differs from the first; absent when they are the same
    	difference: ?string
    )

    # Computes the first rows of a report past every cache, as the watchdog does to see that the daemon works.
    method SelfTest() -> (
    	# Absent when no report can be run without parameters and without a program
    	report: ?string,
    	rows: int
    )

    # There is no plugin of that name.
    error NoSuchPlugin(
    	name: string,
    	# The nearest names, best first
    	suggestions: []string
    )

    # The plugin cannot be run: no report uses it, or the report failed.
    error AuditFailed(
    	name: string,
    	reason: string
    )

    # The report that was tried could not be computed.
    error SelfTestFailed(
    	report: string,
    	reason: string
    )

    # A limit of the configuration was reached.
    error LimitReached(
    	# The key of the limit
    	limit: string,
    	# What it is set to: a number, bytes, or microseconds
    	value: int,
    	reason: string
    )

    # The configuration or the dataset has problems; what was loaded before stays in use.
    error ReloadFailed(
    	# As file:line:column: message, as many as are listed
    	problems: []string,
    	# How many there are in all
    	total: int
    )

    # Nothing is served, since the configuration or the dataset had problems at the start. A service that was started for a
    # socket that waits tells whoever called, and ends; the next call starts it anew.
    error InvalidConfiguration(
    	# As file:line:column: message, as many as are listed
    	problems: []string,
    	# How many there are in all
    	total: int
    )

    # Something went wrong inside the service; its log says what.
    error InternalError()
    """
}
