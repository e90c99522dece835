import Synchronization
import Testing

@testable import VarlinkServer

@Suite("Of output that nobody reads there is a limit for all clients together")
struct UnreadOutputTests {
  private final class Connection: OpenConnection {
    let name: String
    let log: Log

    init(_ name: String, _ log: Log) {
      self.name = name
      self.log = log
    }

    func shutdown() {}
    func abort() {}
    func giveUpOutput() { log.names.withLock { $0.append(name) } }
  }

  private final class Log: Sendable {
    let names = Mutex<[String]>([])
  }

  private let registry = ConnectionRegistry(limit: 100, limitPerUser: 100)
  private let log = Log()

  /// A connection for which so many bytes wait.
  private func connect(_ name: String, of user: UInt32, unread: Int) throws -> Int {
    let id = try registry.admit(uid: user)
    registry.attach(Connection(name, log), to: id)
    #expect(registry.setUnread(unread, of: id, limit: 100) == nil)
    return id
  }

  private func name(_ connection: (any OpenConnection)?) -> String? { (connection as? Connection)?.name }

  @Test func onlyAsManyAreGivenUpAsItTakes() throws {
    let sleeping = try [connect("a", of: 1, unread: 40), connect("b", of: 1, unread: 40)]
    let other = try connect("other", of: 2, unread: 20)
    #expect(name(registry.setUnread(30, of: other, limit: 100)) == "a")
    // It is on its way to be closed: its bytes are as good as gone.
    #expect(registry.setUnread(40, of: other, limit: 100) == nil)
    #expect(registry.setUnread(50, of: other, limit: 100) == nil)
    #expect(registry.staysGivenUp(sleeping[0], limit: 100))
    #expect(name(registry.setUnread(70, of: other, limit: 100)) == "other")
  }

  @Test func whoWasSparedAsThereIsRoomAgainIsChosenTheNextTime() throws {
    let sleeping = try connect("a", of: 1, unread: 60)
    let other = try connect("other", of: 2, unread: 30)
    #expect(name(registry.setUnread(50, of: other, limit: 100)) == "a")
    #expect(registry.setUnread(0, of: other, limit: 100) == nil)
    #expect(!registry.staysGivenUp(sleeping, limit: 100))
    // Of the user with the most, and who has read nothing for longest: not who was spared by luck.
    #expect(name(registry.setUnread(50, of: other, limit: 100)) == "a")
  }
}

@Suite("Who looks after a service gets in, however many others are there")
struct ConnectionRegistryTests {
  @Test(arguments: [(1, 0), (15, 0), (16, 1), (64, 4), (4096, 16)]) func reserve(limit: Int, reserved: Int) throws {
    let registry = ConnectionRegistry(limit: limit, limitPerUser: .max)
    for _ in 0..<limit { _ = try registry.admit(uid: 1000) }
    #expect(throws: ConnectionRegistry.Refusal.self) { try registry.admit(uid: 1000) }
    var last = 0
    for _ in 0..<reserved { last = try registry.admit(uid: 0, mayUseReserve: true) }
    #expect(throws: ConnectionRegistry.Refusal.self) { try registry.admit(uid: 0, mayUseReserve: true) }
    if reserved == 0 { return }
    registry.release(last)
    #expect(throws: ConnectionRegistry.Refusal.self) { try registry.admit(uid: 1000) }
    _ = try registry.admit(uid: 0, mayUseReserve: true)
  }
}
