internal import Glibc
internal import Posix

/// The folder of one run: empty at its beginning, gone at its end.
struct WorkingFolder {
  let path: String

  /// Makes it in the folder for temporary files.
  init() throws(SystemError) {
    let parent = environmentValue("TMPDIR") ?? "/tmp"
    var template = Array("\(parent)/muster-plugin-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SystemError("make a folder in \(parent)") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Removes it and all in it, following no link.
  func remove() { removeFolder(path) }
}
