internal import CGlibc
package import Glibc

/// Who may do what with a file, and what users have said of it: owner, group, mode, its access control list, and extended
/// attributes.
///
/// What the system itself says of a file by attributes, such as the capabilities of a program, is none of it: that holds of
/// the content that was there.
package struct FileRights: Sendable {
  package let status: stat
  /// As the system has it (`system.posix_acl_access`); nil for a file that has none but its mode.
  let accessList: [UInt8]?
  /// Those of users (`user.`), by their names.
  let attributes: [(name: [CChar], value: [UInt8])]

  /// Those of a file that has owner, group and mode alone.
  package init(_ status: stat) {
    self.status = status
    accessList = nil
    attributes = []
  }

  /// Those of an open file. What it may not be asked, or its file system does not have, is not there.
  package init(of file: OwnedDescriptor) throws(SystemError) {
    status = try file.status()
    accessList = file.attribute(accessListName)
    attributes = file.attributeNames.filter { $0.starts(with: userPrefix) }.compactMap { name in
      file.attribute(name).map { (name, $0) }
    }
  }

  /// The same for a file of other content: without what users have said of this one.
  package var accessAlone: FileRights { FileRights(status: status, accessList: accessList, attributes: []) }

  private init(status: stat, accessList: [UInt8]?, attributes: [(name: [CChar], value: [UInt8])]) {
    (self.status, self.accessList, self.attributes) = (status, accessList, attributes)
  }

  /// The mode without the kind of file, and with no more for its group than that itself has: where there is an access control
  /// list, the mode has in its place what the list gives to anybody.
  var narrowMode: mode_t {
    guard let accessList else { return status.permissions }
    let group = accessEntries(accessList).first { $0.tag == 0x04 }.map { mode_t($0.permissions & 7) } ?? 0
    return status.permissions & (0o707 | group << 3)
  }
}

/// The entries of an access control list as the system has it: a version of four bytes, then for each two of what it is for,
/// two of what that may do, and four of a user's or group's number.
private func accessEntries(_ list: [UInt8]) -> [(tag: UInt16, permissions: UInt16)] {
  stride(from: 4, to: list.count - 7, by: 8).map { offset in
    func number(_ offset: Int) -> UInt16 { UInt16(list[offset]) | UInt16(list[offset + 1]) << 8 }
    return (number(offset), number(offset + 2))
  }
}

private let accessListName = "system.posix_acl_access\0".utf8.map(CChar.init(bitPattern:))
private let userPrefix = "user.".utf8.map(CChar.init(bitPattern:))

extension Folder {
  /// The rights of the file; nil when there is none of that name. Of one that may not be read, those that its status has.
  package func rights(of name: String) throws(SystemError) -> FileRights? {
    guard let status = try status(of: name) else { return nil }
    let file = try? open(name)
    return try file.map { (file) throws(SystemError) in try FileRights(of: file) } ?? FileRights(status)
  }
}

extension OwnedDescriptor {
  /// Gives the file the rights of another one, as far as that is allowed, but for the bits that would make others run it as
  /// its owner or group. A group that is not the other's gets no more than everybody has.
  ///
  /// Returns whether owner, group, mode and access control list are the same now. An attribute that the file system does not
  /// take is left out.
  @discardableResult
  package func takeRights(of other: FileRights) throws(SystemError) -> Bool {
    var own = try status()
    if own.st_uid != other.status.st_uid || own.st_gid != other.status.st_gid {
      // Before the mode, of which this takes bits.
      if fchown(number, other.status.st_uid, other.status.st_gid) != 0 {
        _ = fchown(number, uid_t.max, other.status.st_gid)
      }
      own = try status()
    }
    // Before the mode, or what the folder gives to all its files (its default list) would hold of this one, too.
    setAttribute(accessListName, nil)
    var mode = other.narrowMode
    let hasGroup = own.st_gid == other.status.st_gid
    if !hasGroup { mode &= 0o707 | (mode & 0o007) << 3 }
    if fchmod(number, mode) != 0 { throw SystemError("set the mode of \(path)") }
    // A list of another owner's or group's would give to this one's what was theirs.
    if hasGroup, own.st_uid == other.status.st_uid, let list = other.accessList { setAttribute(accessListName, list) }
    for (name, value) in other.attributes { setAttribute(name, value) }
    own = try status()
    return own.st_uid == other.status.st_uid && own.st_gid == other.status.st_gid
      && own.permissions == other.status.permissions && attribute(accessListName) == other.accessList
  }
}

extension OwnedDescriptor {
  fileprivate var attributeNames: [[CChar]] {
    let names = read { flistxattr(number, $0?.assumingMemoryBound(to: CChar.self), $1) } ?? []
    return names.split(separator: 0).map { $0.map(CChar.init(bitPattern:)) + [0] }
  }

  /// Nil where there is none, or it may not be read.
  fileprivate func attribute(_ name: [CChar]) -> [UInt8]? {
    read { fgetxattr(number, name, $0, $1) }
  }

  /// Gives the file the attribute, or takes it away, where that is possible.
  private func setAttribute(_ name: [CChar], _ value: [UInt8]?) {
    if let value {
      _ = fsetxattr(number, name, value, value.count, 0)
    } else {
      _ = fremovexattr(number, name)
    }
  }

  /// What a call writes that tells how many bytes there are when it is given none.
  private func read(_ call: (UnsafeMutableRawPointer?, Int) -> Int) -> [UInt8]? {
    // It may grow between two calls, but not beyond the most that the system has.
    for _ in 0..<4 {
      let size = call(nil, 0)
      if size < 0 { return nil }
      if size == 0 { return [] }
      var bytes = [UInt8](repeating: 0, count: size)
      let count = bytes.withUnsafeMutableBytes { call($0.baseAddress, size) }
      if count >= 0 { return Array(bytes.prefix(count)) }
      if errno != ERANGE { return nil }
    }
    return nil
  }
}
