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
    unreadByteCount = limits.unreadOutput
    inputTimeout = timeout(limits.readTimeout)
    outputTimeout = timeout(limits.writeTimeout)
    idleTimeout = timeout(limits.idleTimeout)
  }
}

extension ServerConfiguration.LimitNames {
  /// The keys of the configuration.
  static var configured: ServerConfiguration.LimitNames {
    typealias Key = Configuration.Limits.Key
    var names = ServerConfiguration.LimitNames()
    names.errorName = Reports.LimitReached.name
    names.connectionCount = Key.connections.qualifiedName
    names.connectionCountPerUser = Key.connectionsPerUser.qualifiedName
    names.messageByteCount = Key.messageSize.qualifiedName
    names.unfinishedByteCount = Key.unfinishedCalls.qualifiedName
    names.unreadByteCount = Key.unreadOutput.qualifiedName
    names.inputTimeout = Key.readTimeout.qualifiedName
    names.outputTimeout = Key.writeTimeout.qualifiedName
    names.idleTimeout = Key.idleTimeout.qualifiedName
    return names
  }
}
