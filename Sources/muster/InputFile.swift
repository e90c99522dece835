import Crypto
import Glibc

/// What a file of the user's holds.
struct InputFile {
  /// In hexadecimal.
  let sha256: String
  /// Nil for what is no UTF-8, or has more bytes than the limit.
  let text: String?

  init(path: String, textLimit: Int) throws(Failure) {
    // Not waiting for who writes into a FIFO.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    if descriptor < 0 { throw Self.failure(path, errno) }
    defer { close(descriptor) }
    var status = stat()
    if fstat(descriptor, &status) != 0 { throw Self.failure(path, errno) }
    if status.st_mode & S_IFMT != S_IFREG {
      throw Failure(status: .badData, message: "cannot verify: \(path): it is no regular file")
    }
    var hash = SHA256()
    var contents: [UInt8]? = []
    var buffer = [UInt8](repeating: 0, count: 256 << 10)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw Self.failure(path, errno) }
      if count == 0 { break }
      hash.update(data: buffer[..<count])
      contents? += buffer[..<count]
      if let found = contents, found.count > textLimit { contents = nil }
    }
    let digits = Array("0123456789abcdef")
    sha256 = hash.finalize().reduce(into: "") { text, byte in
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    text = contents.flatMap { String(validating: $0, as: UTF8.self) }
  }

  private static func failure(_ path: String, _ code: Int32) -> Failure {
    let advice =
      code == EACCES ? "; musterd can read it: give the name of the export instead of the file" : ""
    return Failure(
      status: code == EACCES ? .denied : .badData, message: "cannot verify: \(path): \(systemText(code))\(advice)")
  }
}
