import Glibc
import NIOCore
import Posix

/// Moves standard input and output to descriptors of their own and puts harmless ones in their place.
func takeStandardStreams() throws -> (input: Int32, output: Int32) {
  let input = try moveAside(0)
  do {
    return (input, try moveAside(1))
  } catch {
    close(input)
    throw error
  }
}

private func moveAside(_ descriptor: Int32) throws -> Int32 {
  let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
  if copy < 0 { throw IOError(errnoCode: errno, reason: "cannot take standard stream \(descriptor)") }
  if descriptor == 1 {
    dup2(2, 1)
  } else {
    let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
    dup2(null, descriptor)
    close(null)
  }
  return copy
}

func isSameSocket(_ a: Int32, _ b: Int32) -> Bool {
  var statusA = stat()
  var statusB = stat()
  return fstat(a, &statusA) == 0 && fstat(b, &statusB) == 0 && statusA.st_mode & S_IFMT == S_IFSOCK
    && statusA.isSameFile(as: statusB)
}
