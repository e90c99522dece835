package import Glibc

/// Sets the permissions of a socket that this process has just made, and gives its status. No link is followed, and what
/// somebody put in its place meanwhile is left as it is.
package func setMode(ofSocket path: String, to mode: mode_t) throws(SystemError) -> stat {
  let task = "set the permissions of \(path)"
  let place = open(path, pathOnlyFlag | O_NOFOLLOW | O_CLOEXEC)
  if place < 0 { throw SystemError(task) }
  defer { close(place) }
  var status = stat()
  if fstat(place, &status) != 0 { throw SystemError(task) }
  guard status.st_mode & S_IFMT == S_IFSOCK, status.st_uid == geteuid(), status.st_nlink == 1 else {
    throw SystemError(task, reason: "something else is in its place")
  }
  // fchmod(2) refuses such a descriptor.
  if chmod("/proc/self/fd/\(place)", mode) != 0 { throw SystemError(task) }
  return status
}

/// O_PATH of fcntl.h, which Swift's Glibc does not offer: the descriptor only stands for a place in the file system.
let pathOnlyFlag: Int32 = 0o10_000_000
