public import JSON
public import Varlink

/// What a service implements for one interface.
public protocol VarlinkInterface: Sendable {
  /// Such as `org.example.Printer`.
  var name: String { get }
  /// The text of the interface description, for `GetInterfaceDescription`.
  var descriptionText: String { get }
  /// Without the interface's name. Calls to others are answered with `MethodNotFound`.
  var methodNames: [String] { get }

  /// The first parameter that is unknown, missing or of a wrong type, for `InvalidParameter`; nil if there is none.
  func invalidParameter(in parameters: JSONObject, ofMethod method: String) -> String?

  /// Whether the method may be called with `upgrade`. Other methods answer such a call with `InvalidParameter`.
  func supportsUpgrade(ofMethod method: String) -> Bool

  /// Answers one call, of a method that exists and with parameters that passed the check.
  ///
  /// The result is the final reply. A `VarlinkError` that is thrown becomes an error reply. The task is cancelled when
  /// the client hangs up, unless the call is oneway, and when the server stops.
  func handle(_ call: Call, from peer: Peer?, replies: ReplyStream) async throws -> ReplyParameters

  /// The reply to a call during which something other than a `VarlinkError` was thrown, which is logged.
  func errorReply(for error: any Error, to call: Call) -> VarlinkError
}

extension VarlinkInterface {
  /// Takes any parameters.
  public func invalidParameter(in parameters: JSONObject, ofMethod method: String) -> String? { nil }

  /// No method may.
  public func supportsUpgrade(ofMethod method: String) -> Bool { false }

  /// `InternalError` of this interface, without parameters: what went wrong inside is for the log.
  public func errorReply(for error: any Error, to call: Call) -> VarlinkError {
    VarlinkError("\(name).InternalError")
  }
}

/// The process at the other end, as it was when it connected (`SO_PEERCRED`).
public struct Peer: Hashable, Sendable {
  /// The effective user id, in this process's user name space.
  public var uid: UInt32
  /// The effective group id.
  public var gid: UInt32
  /// The process id, which may be another process's by now.
  public var pid: Int32
  /// The supplementary groups (`SO_PEERGROUPS`); nil where the kernel does not tell them.
  public var groups: [UInt32]?

  /// - Parameter groups: the supplementary ones; nil where they are not known.
  public init(uid: UInt32, gid: UInt32, pid: Int32, groups: [UInt32]? = nil) {
    self.uid = uid
    self.gid = gid
    self.pid = pid
    self.groups = groups
  }
}
