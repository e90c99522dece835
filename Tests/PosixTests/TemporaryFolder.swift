import Posix
import TestSupport

extension TemporaryFolder {
  /// What a file in it says, read as the sources read it. Nil when there is none.
  func text(of name: String) throws -> String? {
    try Folder(path, for: .holding).contents(of: name, limit: 1 << 20).map { String(decoding: $0, as: UTF8.self) }
  }
}
