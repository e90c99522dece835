import Glibc
import Posix

/// A folder of its own for one test, gone with it.
final class TemporaryFolder {
  let path: String

  init() throws(SystemError) {
    var template = Array("/tmp/muster-posix-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SystemError("make a folder") }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { removeFolder(path) }

  @discardableResult
  func write(_ text: String, to name: String) throws(SystemError) -> String {
    let file = "\(path)/\(name)"
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw SystemError("write \(file)") }
    try OwnedDescriptor(descriptor, file).write(Array(text.utf8))
    return file
  }

  func text(of name: String) throws -> String? {
    try Folder(path, for: .holding).contents(of: name, limit: 1 << 20).map { String(decoding: $0, as: UTF8.self) }
  }
}
