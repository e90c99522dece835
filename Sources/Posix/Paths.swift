internal import CGlibc
internal import Glibc

/// Whether the path begins at the root. A combining mark behind the slash does not matter, as it would for `hasPrefix`.
package func isAbsolute(_ path: String) -> Bool { path.utf8.first == UInt8(ascii: "/") }

/// The path up to its last slash, with it; empty for a mere name.
package func folderPrefix(of path: String) -> Substring {
  // What ends with the slash: a range that includes its index would take a mark behind it, too.
  path[..<fileName(of: path).startIndex]
}

/// What is behind the last slash of a path.
package func fileName(of path: String) -> Substring {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path[...] }
  return path[path.utf8.index(after: slash)...]
}

/// The folder that a path lies in, without a slash behind it; `.` for a mere name.
package func parentFolder(of path: String) -> String { RawPath(path).folder.description }

/// The path without links, absolute, of what is there, as realpath(3) finds it.
///
/// Throws where it is no UTF-8: a text could only name another file.
package func resolvedPath(_ path: String) throws(SystemError) -> String {
  guard let resolved = realpath(path, nil) else { throw SystemError("find \(path)") }
  defer { free(resolved) }
  guard let text = RawPath(cString: resolved).text else {
    throw SystemError("find \(path)", reason: "it is at \(RawPath(cString: resolved)), which is not UTF-8")
  }
  return text
}

/// The folder of the program that runs; nil where nothing tells.
package func programFolder() -> String? {
  // Where there is no /proc, the path by which it was started has to do.
  ((try? resolvedPath("/proc/self/exe")) ?? started_path().flatMap { try? resolvedPath(String(cString: $0)) })
    .map(parentFolder)
}
