internal import MusterAPI
internal import Pipeline
internal import VarlinkServer

extension ServerConfiguration.Limits {
  /// What the configuration says of connections.
  init(_ limits: Configuration.Limits) {
    self.init()
    func timeout(_ duration: Duration) -> Duration? { duration == .zero ? nil : duration }
    connectionCount = limits.connections
    connectionCountPerUser = limits.connectionsPerUser
    messageByteCount = limits.messageSize
    unfinishedByteCount = limits.unfinishedCalls
    inputTimeout = timeout(limits.readTimeout)
    outputTimeout = timeout(limits.writeTimeout)
    idleTimeout = timeout(limits.idleTimeout)
  }
}

extension ServerConfiguration.LimitNames {
  /// The keys of the configuration.
  static var configured: ServerConfiguration.LimitNames {
    var names = ServerConfiguration.LimitNames()
    names.errorName = Reports.LimitReached.name
    names.connectionCount = "limits.connections"
    names.connectionCountPerUser = "limits.connections_per_user"
    names.messageByteCount = "limits.message_size"
    names.unfinishedByteCount = "limits.unfinished_calls"
    names.inputTimeout = "limits.read_timeout"
    names.outputTimeout = "limits.write_timeout"
    names.idleTimeout = "limits.idle_timeout"
    return names
  }
}
