import Base
import Crypto
import Glibc
import Posix

/// What a file of the user's holds.
struct InputFile {
  /// In hexadecimal.
  let sha256: String
  /// Nil for what is no UTF-8, or has more bytes than the limit.
  let text: String?

  /// - Parameter raw: what the system is asked for; `path` is for messages.
  init(_ raw: RawPath, path: String, textLimit: Int) throws(Failure) {
    // Not waiting for who writes into a FIFO.
    let file: OwnedDescriptor
    do { file = try raw.open(O_RDONLY | O_NOCTTY | O_NONBLOCK) } catch { throw Self.failure(path, error.code) }
    let number = file.number
    var status = stat()
    if fstat(number, &status) != 0 { throw Self.failure(path, errno) }
    if status.st_mode & S_IFMT != S_IFREG {
      throw Failure(status: .badData, message: "cannot verify: \(path): it is no regular file")
    }
    var hash = SHA256()
    var contents: [UInt8]? = []
    do {
      try file.read { bytes in
        hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
        contents? += bytes
        if let found = contents, found.count > textLimit { contents = nil }
        return true
      }
    } catch {
      throw Self.failure(path, error.code)
    }
    sha256 = hexadecimal(hash.finalize())
    text = contents.flatMap { String(validating: $0, as: UTF8.self) }
  }

  private static func failure(_ path: String, _ code: Int32) -> Failure {
    let advice =
      code == EACCES ? "; musterd can read it: give the name of the export instead of the file" : ""
    return Failure(
      status: code == EACCES ? .denied : .badData, message: "cannot verify: \(path): \(errorText(code))\(advice)")
  }
}
