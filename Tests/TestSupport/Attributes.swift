import CGlibc
import Glibc

/// Extended attributes of files, as tests set and see them.
public enum Attributes {
  /// The name of an access control list.
  public static let accessList = "system.posix_acl_access"

  /// An access control list as the system has it: the owner rw, the user 1234 rw, the group what is given, a mask of rw,
  /// others nothing.
  public static func list(group: UInt8 = 0) -> [UInt8] {
    let none: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]
    return [2, 0, 0, 0] + [1, 0, 6, 0] + none + [2, 0, 6, 0, 0xD2, 4, 0, 0] + [4, 0, group, 0] + none + [16, 0, 6, 0]
      + none + [32, 0, 0, 0] + none
  }

  /// Whether files in a temporary folder can have the attribute.
  public static func canBe(_ name: String, _ value: [UInt8]) -> Bool {
    guard let folder = try? TemporaryFolder(), (try? folder.write("", to: "x")) != nil else { return false }
    return set(name, value, of: "\(folder.path)/x")
  }

  /// Returns whether it was possible.
  @discardableResult
  public static func set(_ name: String, _ value: [UInt8], of path: String) -> Bool {
    setxattr(path, name, value, value.count, 0) == 0
  }

  /// Nil where there is none.
  public static func get(_ name: String, of path: String) -> [UInt8]? {
    var value = [UInt8](repeating: 0, count: 4096)
    let count = getxattr(path, name, &value, value.count)
    return count < 0 ? nil : Array(value.prefix(count))
  }
}
