import Testing

@testable import VarlinkServer

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
