import MusterAPI
import Pipeline
import Testing
import VarlinkServer
import YAML

@testable import MusterDaemon

@Suite("Access is decided by user and group")
struct AccessTests {
  private func grant(users: Set<UInt32> = [], groups: Set<UInt32> = []) -> AccessConfiguration.Grant {
    var grant = AccessConfiguration.Grant()
    grant.users = users
    grant.groups = groups
    return grant
  }

  private func rights(of peer: Peer?, _ access: AccessConfiguration) -> [Right] {
    Right.allCases.filter { access.allows($0, to: peer) }
  }

  @Test func whoMayDoMoreMayDoLess() {
    var access = AccessConfiguration()
    access.read = grant(users: [1])
    access.export = grant(users: [2])
    access.manage = grant(users: [3])
    let expected: [(UInt32, [Right])] = [(1, [.read]), (2, [.read, .export]), (3, Right.allCases), (4, [])]
    for (uid, rights) in expected {
      #expect(self.rights(of: Peer(uid: uid, gid: 9, pid: 1, groups: []), access) == rights)
    }
  }

  @Test func eachRightHasItsKey() {
    let table = Configuration.keyTables.first { $0.title == "access" }
    #expect(table?.keys.map(\.name) == Right.allCases.map(\.rawValue))
  }

  @Test func anyOfTheGroupsCounts() {
    var access = AccessConfiguration()
    access.read = grant(groups: [5])
    #expect(rights(of: Peer(uid: 9, gid: 5, pid: 1, groups: []), access) == [.read])
    #expect(rights(of: Peer(uid: 9, gid: 6, pid: 1, groups: [7, 5]), access) == [.read])
    #expect(rights(of: Peer(uid: 9, gid: 6, pid: 1, groups: [7]), access) == [])
  }

  @Test func withoutGroupsFromTheKernelTheAccountsOfTheSystemCount() throws {
    var access = AccessConfiguration()
    // "sys" has the primary group of its name on every Linux.
    access.read = grant(groups: [3])
    #expect(rights(of: Peer(uid: 3, gid: 3, pid: 1), access) == [.read])
    #expect(rights(of: Peer(uid: 1, gid: 1, pid: 1), access) == [])
  }

  @Test func rootAndWhoeverStartedTheDaemonForHimselfMayDoAll() {
    var access = AccessConfiguration()
    access.read = grant()
    #expect(rights(of: Peer(uid: 0, gid: 0, pid: 1), access) == Right.allCases)
    #expect(rights(of: nil, access) == Right.allCases)
  }

  @Test func everyMethodNeedsARight() {
    #expect(Right.needed(for: "org.muster.Reports.Run") == .read)
    #expect(Right.needed(for: "org.muster.Manage.Status") == .read)
    for method in ["Reload", "AuditPlugin", "SelfTest", "WhateverComesNext"] {
      #expect(Right.needed(for: "org.muster.Manage.\(method)") == .manage)
    }
  }

  @Test func accountsOutsideOfTheUserNamespaceAreTold() {
    var access = AccessConfiguration()
    access.read = grant(users: [0, 1000], groups: [65_533])
    access.manage = grant(users: [7])
    let all = NumberRanges(map: "         0          0 4294967295\n")
    #expect(access.unseen(users: all, groups: all) == [])
    // As PrivateUsers= makes it: root and the service's own user.
    let few = NumberRanges(map: "         0          0          1\n     65533      65533          1\n")
    #expect(
      access.unseen(users: few, groups: few) == ["access.read: user 1000", "access.manage: user 7"])
  }
}
