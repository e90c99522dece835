/// The text of `org.muster.Manage`, as the daemon serves it and clients rely on it.
public let manageInterfaceText = """
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
  	connections: int,
  	connectionsTotal: int,
  	calls: int,
  	# Error replies by the name of the error
  	errors: []Counter,
  	# Connections closed for a breach of the protocol, by reason
  	protocolErrors: []Counter,
  	cacheEntries: int,
  	cacheBytes: int,
  	cacheHits: int,
  	cacheMisses: int
  )

  # Loads configuration and dataset anew. All of it takes effect at once, or nothing does.
  method Reload() -> (
  	generation: int,
  	revision: string
  )

  # The configuration or the dataset has problems; what was loaded before stays in use.
  error ReloadFailed(
  	# As file:line:column: message, as many as are listed
  	problems: []string,
  	# How many there are in all
  	total: int
  )

  # Something went wrong inside the service; its log says what.
  error InternalError()
  """
