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
package func resolvedPath(_ path: RawPath) throws(SystemError) -> RawPath {
  guard let resolved = path.withCString({ realpath($0, nil) }) else { throw SystemError("find \(path)") }
  defer { free(resolved) }
  return RawPath(cString: resolved)
}

/// The folder of the program that runs; nil where nothing tells.
package func programFolder() -> RawPath? {
  // Where there is no /proc, the path by which it was started has to do.
  let path =
    (try? resolvedPath(RawPath("/proc/self/exe")))
    ?? started_path().flatMap { path in
      try? resolvedPath(RawPath(cString: path))
    }
  return path?.folder
}
