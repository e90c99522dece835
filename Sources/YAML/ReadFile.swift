internal import Base
internal import Glibc
internal import Posix

/// The bytes of a regular file of at most `limit` bytes.
func readFile(_ path: String, limit: Int) throws(Problem) -> [UInt8] {
  // Without O_NONBLOCK a FIFO would hold the caller for ever.
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else { throw failure(path) }
  defer { close(descriptor) }

  var status = stat()
  guard fstat(descriptor, &status) == 0 else { throw failure(path) }
  if status.st_mode & S_IFMT == S_IFDIR {
    throw Problem(file: path, message: "cannot be read: a directory, not a file")
  }
  guard status.st_mode & S_IFMT == S_IFREG else {
    throw Problem(file: path, message: "cannot be read: not a regular file")
  }
  guard status.st_size <= limit else { throw tooLarge(path, limit: limit) }

  // One byte more than is expected, since the file may grow meanwhile and its size is 0 in /proc.
  var contents: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: min(limit, max(Int(status.st_size), 4095)) + 1)
  while true {
    let count = read(descriptor, &chunk, chunk.count)
    if count < 0 {
      if errno == EINTR { continue }
      throw failure(path)
    }
    if count == 0 { return contents }
    contents += chunk[..<count]
    guard contents.count <= limit else { throw tooLarge(path, limit: limit) }
  }
}

func tooLarge(_ path: String, limit: Int) -> Problem {
  Problem(file: path, message: "larger than the limit of \(limit >> 20) MiB for a YAML file")
}

private func failure(_ path: String) -> Problem {
  Problem(file: path, message: "cannot be read: \(errorText(errno))")
}
