internal import Glibc

/// The folder that a path lies in, without a slash behind it; `.` for a mere name.
package func parentFolder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// The path without links, absolute, of what is there, as realpath(3) finds it.
package func resolvedPath(_ path: String) throws(SystemError) -> String {
  guard let resolved = realpath(path, nil) else { throw SystemError("find \(path)") }
  defer { free(resolved) }
  return String(cString: resolved)
}

/// The folder of the program that runs; nil where /proc does not tell.
package func programFolder() -> String? {
  (try? resolvedPath("/proc/self/exe")).map(parentFolder)
}
