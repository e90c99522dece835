import Glibc

/// Standard output without a buffer of its own: what is written is gone, or an error.
enum StandardOutput {
  static func write(_ text: String) throws {
    try write(Array(text.utf8))
  }

  static func write(_ bytes: [UInt8]) throws {
    do {
      try writeAll(bytes, to: STDOUT_FILENO)
    } catch let error where error.code == EPIPE {
      throw BrokenPipe()
    } catch {
      throw Failure(status: .inputOutput, message: "cannot write: standard output: \(systemText(error.code))")
    }
  }
}

/// Prints lines on standard error. When that fails there is nobody left to tell.
func printError(_ lines: [String]) {
  try? writeAll(Array(lines.map { $0 + "\n" }.joined().utf8), to: STDERR_FILENO)
}

/// A system call that failed.
struct SystemError: Error {
  var code: Int32
}

/// Writes all bytes, also where a pipe takes it in pieces or was made non-blocking by somebody who shares it.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
  let code: Int32 = bytes.withUnsafeBytes { bytes in
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count >= 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      } else if errno == EAGAIN {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&request, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }
  if code != 0 { throw SystemError(code: code) }
}
