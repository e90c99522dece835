internal import Glibc

/// A descriptor that is closed when nobody needs it any more.
final class OwnedDescriptor: Sendable {
  let number: Int32
  /// For messages.
  let path: String

  init(_ number: Int32, _ path: String) { (self.number, self.path) = (number, path) }

  deinit { close(number) }

  /// Reads from the beginning on until the end, or until `body` returns false.
  func read(_ body: (UnsafeBufferPointer<UInt8>) -> Bool) throws(FileError) {
    let size = 256 << 10
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: size)
    defer { buffer.deallocate() }
    while true {
      let count = Glibc.read(number, buffer.baseAddress, size)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw FileError("cannot read \(path)") }
      if count == 0 || !body(UnsafeBufferPointer(rebasing: buffer[..<count])) { return }
    }
  }

  func write(_ bytes: [UInt8]) throws(FileError) {
    var start = 0
    while start < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(number, $0.baseAddress.map { $0 + start }, $0.count - start) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { throw FileError("cannot write \(path)") }
      start += count
    }
  }
}

func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
