public import Varlink

/// What a server says about itself, and its bounds.
public struct ServerConfiguration: Hashable, Sendable {
  /// What `org.varlink.service.GetInfo` answers.
  public struct Identity: Hashable, Sendable {
    public var vendor: String
    public var product: String
    public var version: String
    public var url: String

    public init(vendor: String, product: String, version: String, url: String) {
      self.vendor = vendor
      self.product = product
      self.version = version
      self.url = url
    }
  }

  public struct Limits: Hashable, Sendable {
    /// Connections in all. Never more than three quarters of RLIMIT_NOFILE are taken.
    public var connectionCount = 4096
    /// Connections of one user id.
    public var connectionCountPerUser = 1024
    /// The greatest length of a call in bytes.
    public var messageByteCount = MessageDecoder.defaultLimit
    /// How much memory all calls together may take that have not come whole, beyond `readAheadByteCount` of each.
    public var unfinishedByteCount = 64 << 20
    /// How much of later calls is buffered while a call runs.
    public var readAheadByteCount = 64 << 10
    /// How much output waits for a client before the call that makes it has to wait too.
    public var outputByteCount = 256 << 10
    /// How long a client may take from the first byte of a call to its last; nil for ever.
    public var inputTimeout: Duration? = .seconds(60)
    /// How long a client may leave waiting output alone; nil for ever. Somebody may be looking at a pager meanwhile.
    public var outputTimeout: Duration? = .seconds(900)
    /// How long a client may stay connected without making a call; nil for ever.
    public var idleTimeout: Duration?

    public init() {}
  }

  /// What the service calls its limits when it tells somebody who reached one, and its log.
  public struct LimitNames: Hashable, Sendable {
    /// The error that answers the first call of a connection over a limit, and a call that is too long or has no room,
    /// with `limit`, `value` and `reason`. Nil to close such a connection without an answer.
    public var errorName: String?
    public var connectionCount = "connections"
    public var connectionCountPerUser = "connections-of-user"
    /// The limit of descriptors, which bounds the connections too.
    public var descriptorCount = "RLIMIT_NOFILE"
    public var messageByteCount = "message-size"
    public var unfinishedByteCount = "unfinished-calls"
    public var inputTimeout = "input-timeout"
    public var outputTimeout = "output-timeout"
    public var idleTimeout = "idle-timeout"

    public init() {}
  }

  public var identity: Identity
  public var limits = Limits()
  public var limitNames = LimitNames()
  /// The permissions of a socket that the server makes. Who may do what is up to each interface, which knows the peer.
  public var socketMode: UInt32 = 0o666
  /// Threads that do nothing but I/O; calls run in Swift's own pool.
  public var eventLoopThreadCount = 1

  public init(identity: Identity) {
    self.identity = identity
  }
}

/// One thing to serve.
public enum Endpoint: Hashable, Sendable {
  /// Listen there. `exec:` is no such address.
  case address(Address)
  /// A socket from whoever started this process: to accept connections from, or a connection.
  case adopted(AdoptedSocket)
  /// One connection over two descriptors, which become the server's.
  case streams(input: Int32, output: Int32)
  /// Standard input and output as one connection. They are replaced by /dev/null and standard error, so that nothing
  /// else in the process reads from or prints into the connection.
  case standardStreams
}
