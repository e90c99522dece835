internal import Glibc

/// The names of all entries of a folder but `.` and `..`, in no order. What is no UTF-8 in a name becomes U+FFFD.
package func entryNames(ofFolder path: String) throws(SystemError) -> [String] {
  let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  if descriptor < 0 { throw SystemError("read the folder \(path)") }
  return try entryNames(readingAndClosing: descriptor, path)
}

/// The same names as they are.
package func rawEntryNames(ofFolder path: String) throws(SystemError) -> [RawPath] {
  let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  if descriptor < 0 { throw SystemError("read the folder \(path)") }
  return try rawEntryNames(readingAndClosing: descriptor, path)
}

/// The first function's names, of a folder that is open already.
package func entryNames(in folder: Int32, _ path: String) throws(SystemError) -> [String] {
  // A copy made by dup(2) would share its place in the folder with the descriptor.
  let copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  if copy < 0 { throw SystemError("read the folder \(path)") }
  return try entryNames(readingAndClosing: copy, path)
}

private func entryNames(readingAndClosing descriptor: Int32, _ path: String) throws(SystemError) -> [String] {
  try rawEntryNames(readingAndClosing: descriptor, path).map(\.description)
}

private func rawEntryNames(readingAndClosing descriptor: Int32, _ path: String) throws(SystemError) -> [RawPath] {
  var names: [RawPath] = []
  do {
    try readEntries(of: descriptor) { names.append(RawPath(cString: $0)) }
  } catch {
    throw SystemError("read the folder \(path)", code: error.code)
  }
  return names
}

/// Removes a folder and all in it, following no link, however deep it is. What cannot be removed stays.
package func removeFolder(_ path: String) {
  if rmdir(path) == 0 { return }
  fchmodat(AT_FDCWD, path, 0o700, AT_SYMLINK_NOFOLLOW)
  let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
  if folder >= 0 {
    emptyFolder(folder)
    close(folder)
  }
  rmdir(path)
}

/// Removes all in a folder that is open, as `removeFolder` does.
package func emptyFolder(_ folder: Int32) {
  var removal = FolderRemoval(root: folder)
  repeat { removal.empty(folder, depth: 0) } while removal.hasMore()
}

/// Empties a folder with a few descriptors: what is nested deeply is moved up and has its turn later.
private struct FolderRemoval {
  private static let maximumDepth = 16

  let root: Int32
  /// How many folders were moved up, and when it was asked last.
  private var movedCount = 0
  private var seenCount = 0

  init(root: Int32) { self.root = root }

  mutating func hasMore() -> Bool {
    defer { seenCount = movedCount }
    return movedCount > seenCount
  }

  mutating func empty(_ folder: Int32, depth: Int) {
    // A copy made by dup(2) would share its place in the folder.
    let entries = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if entries < 0 { return }
    try? readEntries(of: entries) { name in
      if unlinkat(folder, name, 0) == 0 || unlinkat(folder, name, AT_REMOVEDIR) == 0 { return }
      // Its owner, who may be us, may have locked it.
      fchmodat(folder, name, 0o700, AT_SYMLINK_NOFOLLOW)
      if depth == Self.maximumDepth {
        // No name that whoever filled the folder could know.
        if renameat(folder, name, root, ".muster-moved-\(UInt64.random(in: 0...UInt64.max))") == 0 { movedCount += 1 }
        return
      }
      let child = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      if child < 0 { return }
      empty(child, depth: depth + 1)
      close(child)
      unlinkat(folder, name, AT_REMOVEDIR)
    }
  }
}

/// Gives the name of each entry but `.` and `..`, byte for byte, and closes the descriptor.
private func readEntries(of folder: Int32, _ body: (UnsafePointer<CChar>) -> Void) throws(SystemError) {
  guard let stream = fdopendir(folder) else {
    let error = SystemError()
    close(folder)
    throw error
  }
  defer { closedir(stream) }
  while true {
    // The only way to tell a failure from the end.
    errno = 0
    guard let entry = readdir(stream) else {
      if errno != 0 { throw SystemError() }
      return
    }
    withUnsafePointer(to: &entry.pointee.d_name) { name in
      name.withMemoryRebound(to: CChar.self, capacity: 256) { name in
        if strcmp(name, ".") != 0, strcmp(name, "..") != 0 { body(name) }
      }
    }
  }
}
