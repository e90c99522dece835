internal import Glibc

/// The most memory that this process may have, where something says so: a control group that it is in, or its limit of
/// address space.
package struct AllowedMemory: Hashable, Sendable {
  package let byteCount: Int
  /// What says so, for messages, such as `memory.max of the control group /system.slice/musterd.service`.
  package let origin: String

  package init(byteCount: Int, origin: String) {
    self.byteCount = byteCount
    self.origin = origin
  }

  /// The least that is said; nil where nothing is.
  ///
  /// - Parameters:
  ///   - root: the folder that `/proc` and `/sys` are in.
  ///   - addressSpace: in bytes; nil for no limit.
  package static func find(
    below root: RawPath = RawPath("/"), addressSpace: Int? = Self.addressSpaceLimit
  ) -> AllowedMemory? {
    let ofGroups = groups(below: root).compactMap { limit(of: $0, below: root) }
    let ofAddresses = addressSpace.map { AllowedMemory(byteCount: $0, origin: "RLIMIT_AS") }
    return (ofGroups + [ofAddresses].compactMap { $0 }).min { $0.byteCount < $1.byteCount }
  }

  /// RLIMIT_AS of this process, in bytes; nil where there is none.
  package static var addressSpaceLimit: Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { return nil }
    return Int(exactly: limit.rlim_cur).flatMap { $0 < unlimited ? $0 : nil }
  }

  /// Without a limit, version 1 of control groups says the greatest number of whole pages.
  private static let unlimited = 1 << 62
}

/// A control group as cgroups(7) has it, and where its limit stands.
private struct ControlGroup {
  /// From the root of the hierarchy, without a slash at the end; empty for the root.
  var path: [UInt8]
  /// Where the hierarchy is mounted.
  var mount: String
  var file: String
}

extension AllowedMemory {
  /// Those of the process and all that they lie in, of both versions: what holds for one holds for all in it. Where the
  /// process has a view of its own of the hierarchy, its path may lead nowhere, and its group is the root.
  private static func groups(below root: RawPath) -> [ControlGroup] {
    guard let text = contents(of: root.appending("proc/self/cgroup")) else { return [] }
    return text.split(separator: UInt8(ascii: "\n")).flatMap { line -> [ControlGroup] in
      // hierarchy:controllers:path, of which the path may have a colon.
      let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return [] }
      let isSecond = parts[1].isEmpty
      let controllers = parts[1].split(separator: UInt8(ascii: ","))
      guard isSecond || controllers.contains(where: { $0.elementsEqual("memory".utf8) }) else { return [] }
      var path = Array(parts[2])
      var groups: [ControlGroup] = []
      while true {
        if path.last == UInt8(ascii: "/") { path.removeLast() }
        groups.append(
          isSecond
            ? ControlGroup(path: path, mount: "sys/fs/cgroup", file: "memory.max")
            : ControlGroup(path: path, mount: "sys/fs/cgroup/memory", file: "memory.limit_in_bytes"))
        guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return groups }
        path.removeSubrange(slash...)
      }
    }
  }

  /// Nil where it has none, or is not there.
  private static func limit(of group: ControlGroup, below root: RawPath) -> AllowedMemory? {
    let folder = RawPath(bytes: root.appending(group.mount).bytes + group.path)
    guard let text = contents(of: folder.appending(group.file)),
      let limit = Int(String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)), limit < unlimited
    else { return nil }
    let name = group.path.isEmpty ? "/" : RawPath(bytes: group.path).description
    return AllowedMemory(byteCount: limit, origin: "\(group.file) of the control group \(name)")
  }

  private static func contents(of path: RawPath) -> [UInt8]? {
    var contents: [UInt8] = []
    guard let file = try? path.open(O_RDONLY),
      (try? file.read {
        contents += $0; return true
      }) != nil
    else { return nil }
    return contents
  }
}
