internal import JSON
public import Varlink

/// What a server says about itself, and its bounds.
public struct ServerConfiguration: Hashable, Sendable {
  /// What `org.varlink.service.GetInfo` answers.
  public struct Identity: Hashable, Sendable {
    /// Who makes the service.
    public var vendor: String
    /// The name of the service.
    public var product: String
    /// In whatever form the vendor uses.
    public var version: String
    /// Where to read more about the service.
    public var url: String

    /// - Parameter url: where to read more about the service.
    public init(vendor: String, product: String, version: String, url: String) {
      self.vendor = vendor
      self.product = product
      self.version = version
      self.url = url
    }
  }

  /// How much of anything a server takes from its clients.
  public struct Limits: Hashable, Sendable {
    /// Connections in all; root and the server's own user have a few more. Never more than three quarters of
    /// RLIMIT_NOFILE are taken.
    public var connectionCount = 4096
    /// Connections of one user id.
    public var connectionCountPerUser = 1024
    /// The greatest length of a call in bytes.
    public var messageByteCount = MessageDecoder.defaultLimit
    /// How much memory all calls together may take that have not come whole or are being answered, beyond
    /// `readAheadByteCount` of each.
    public var unfinishedByteCount = 64 << 20
    /// How much of later calls is buffered while a call runs.
    public var readAheadByteCount = 64 << 10
    /// How much output waits for a client before the call that makes it has to wait too.
    public var outputByteCount = 256 << 10
    /// How much output may wait for all clients together. Beyond that the connection is closed that has left its output alone
    /// for longest, of the user with the most of it.
    public var unreadByteCount = 256 << 20
    /// How long a client may take from the first byte of a call to its last; nil for ever.
    public var inputTimeout: Duration? = .seconds(60)
    /// How long a client may leave waiting output alone; nil for ever. Somebody may be looking at a pager meanwhile.
    public var outputTimeout: Duration? = .seconds(900)
    /// How long a client may stay connected without making a call; nil for ever.
    public var idleTimeout: Duration?

    /// What holds unless something else is said.
    public init() {}
  }

  /// What the service calls its limits when it tells somebody who reached one, and its log.
  public struct LimitNames: Hashable, Sendable {
    /// The error that answers the first call of a connection over a limit, and a call that is too long or has no room,
    /// with `limit`, `value` and `reason`. Nil to close such a connection without an answer.
    public var errorName: String?
    /// Connections in all.
    public var connectionCount = "connections"
    /// Connections of one user id.
    public var connectionCountPerUser = "connections-of-user"
    /// The limit of descriptors, which bounds the connections too.
    public var descriptorCount = "RLIMIT_NOFILE"
    /// The length of one call.
    public var messageByteCount = "message-size"
    /// The memory of all calls that have not come whole.
    public var unfinishedByteCount = "unfinished-calls"
    /// The memory of all output that waits for its client.
    public var unreadByteCount = "unread-output"
    /// The time from the first byte of a call to its last.
    public var inputTimeout = "input-timeout"
    /// The time for which waiting output is left alone.
    public var outputTimeout = "output-timeout"
    /// The time without a call.
    public var idleTimeout = "idle-timeout"

    /// Names for a service that has no configuration of its own.
    public init() {}
  }

  /// What the service says about itself.
  public var identity: Identity
  /// Those that hold from the start; `Server.apply` changes them.
  public var limits = Limits()
  /// As errors and the log name them.
  public var limitNames = LimitNames()
  /// The permissions of a socket that the server makes. Who may do what is up to each interface, which knows the peer.
  public var socketMode: UInt32 = 0o666
  /// Threads that do nothing but I/O; calls run in Swift's own pool.
  public var eventLoopThreadCount = 1

  /// The usual limits, one thread for I/O and a socket for everybody.
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

extension ServerConfiguration.LimitNames {
  /// What is answered to whoever reached the limit of that name; nil when nothing is to be.
  func error(_ limit: String, _ value: Int, _ reason: String) -> VarlinkError? {
    errorName.map {
      VarlinkError($0, ["limit": .string(limit), "value": .integer(Int64(value)), "reason": .string(reason)])
    }
  }
}
