internal import Glibc

/// The folder of one run: empty at its beginning, gone at its end.
struct WorkingFolder {
  let path: String

  /// Makes it in the folder for temporary files. Throws the error number.
  init() throws(SystemFailure) {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/muster-plugin-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SystemFailure(step: "make a folder in \(parent)", code: errno) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Removes it and all in it, following no link.
  func remove() {
    if rmdir(path) == 0 { return }
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    if folder >= 0 { removeContents(of: folder) }
    rmdir(path)
  }
}

/// A system call that failed while a plugin was being started.
struct SystemFailure: Error {
  var step: String
  var code: Int32
}

/// Empties a folder and closes its descriptor. What is nested so deep that no more folders can be opened stays.
private func removeContents(of folder: Int32) {
  guard let stream = fdopendir(folder) else {
    close(folder)
    return
  }
  defer { closedir(stream) }
  while let entry = readdir(stream) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name == "." || name == ".." || unlinkat(folder, name, 0) == 0 { continue }
    // Its owner, who may be us, may have locked it.
    fchmodat(folder, name, 0o700, 0)
    let child = openDescriptor(name, in: folder)
    if child >= 0 { removeContents(of: child) }
    unlinkat(folder, name, AT_REMOVEDIR)
  }
}

private func openDescriptor(_ name: String, in folder: Int32) -> Int32 {
  openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
}
