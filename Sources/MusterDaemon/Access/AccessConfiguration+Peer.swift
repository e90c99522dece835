internal import Glibc
internal import Logging
internal import MusterAPI
internal import Pipeline
internal import VarlinkServer

extension AccessConfiguration {
  /// Whether that process may do what needs the right. Whoever may do more may do less.
  ///
  /// A connection without credentials is one over the pipes of whoever started the daemon for himself.
  func allows(_ right: Right, to peer: Peer?) -> Bool {
    guard let peer, peer.uid != 0, peer.uid != geteuid() else { return true }
    lazy var groups = peer.allGroups
    func isIn(_ grant: Grant) -> Bool {
      grant.isForEverybody || grant.users.contains(peer.uid) || !grant.groups.isDisjoint(with: groups)
    }
    switch right {
    case .read: return isIn(read) || isIn(export) || isIn(manage)
    case .export: return isIn(export) || isIn(manage)
    case .manage: return isIn(manage)
    }
  }

  /// The users and groups that it names and that no process can be of, since the daemon's own user namespace does not
  /// have them: there, strangers all look like the same nobody.
  func unseen(users: NumberRanges, groups: NumberRanges) -> [String] {
    let grants = [("read", read), ("export", export), ("manage", manage)]
    return grants.flatMap { name, grant in
      grant.users.filter { !users.contains($0) }.sorted().map { "access.\(name): user \($0)" }
        + grant.groups.filter { !groups.contains($0) }.sorted().map { "access.\(name): group \($0)" }
    }
  }
}

/// Says which grants can never apply, as under a unit with `PrivateUsers=`.
func warnOfUnseenAccounts(_ access: AccessConfiguration, logger: Logger) {
  let unseen = access.unseen(
    users: NumberRanges(ofFile: "/proc/self/uid_map"), groups: NumberRanges(ofFile: "/proc/self/gid_map"))
  if unseen.isEmpty { return }
  logger.warning(
    "access is given to accounts that this user namespace does not have; PrivateUsers= hides them",
    metadata: ["accounts": "\(unseen.joined(separator: ", "))"])
}

extension Peer {
  /// The groups that the process had when it connected, or where the kernel does not tell them, those of its user.
  fileprivate var allGroups: Set<UInt32> {
    Set([gid] + (groups ?? userGroups))
  }

  private var userGroups: [UInt32] {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64 << 10) { buffer in
      guard let storage = buffer.baseAddress, getpwuid_r(uid, &entry, storage, buffer.count, &found) == 0,
        let name = found?.pointee.pw_name
      else { return [] }
      var count: Int32 = 65_536
      var groups = [gid_t](repeating: 0, count: Int(count))
      return getgrouplist(name, gid, &groups, &count) < 0 ? [] : Array(groups.prefix(Int(count)))
    }
  }
}

/// The user or group numbers that a user namespace has, from `/proc/self/uid_map` or `gid_map` (user_namespaces(7)).
struct NumberRanges: Hashable, Sendable {
  private var ranges: [Range<UInt64>]

  /// `text` has lines of first number inside, first number outside, and count.
  init(map text: String) {
    ranges = text.split(separator: "\n").compactMap { line in
      let numbers = line.split(separator: " ").compactMap { UInt64($0) }
      guard numbers.count == 3, numbers[0] <= UInt32.max, numbers[2] <= UInt32.max else { return nil }
      return numbers[0]..<numbers[0] + numbers[2]
    }
  }

  /// Those of this process; all numbers where that cannot be read.
  init(ofFile path: String) {
    var text = ""
    if let file = fopen(path, "re") {
      defer { fclose(file) }
      var line = [CChar](repeating: 0, count: 256)
      while fgets(&line, Int32(line.count), file) != nil {
        text += String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      }
    }
    self.init(map: text.isEmpty ? "0 0 4294967295" : text)
  }

  func contains(_ number: UInt32) -> Bool { ranges.contains { $0.contains(UInt64(number)) } }
}
