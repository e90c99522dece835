/// A zip archive of files, which all carry the same time, so that the same files give the same bytes (APPNOTE.TXT 6.3.10).
struct ZipArchive {
  /// A file as it lies in the archive.
  struct Content {
    fileprivate enum Method: UInt16 {
      case stored = 0
      case deflated = 8
    }

    fileprivate let method: Method
    fileprivate let parts: [[UInt8]]
    fileprivate let size: Int
    fileprivate let checksum: UInt32

    /// As it is.
    static func stored(_ bytes: [UInt8]) -> Content {
      Content(method: .stored, parts: [bytes], size: bytes.count, checksum: crc32(bytes))
    }

    /// Compressed.
    static func deflated(_ text: String) -> Content {
      var stream = Deflate()
      stream.write(text.utf8)
      stream.finish()
      return Content(method: .deflated, parts: [stream.bytes], size: stream.size, checksum: stream.checksum.value)
    }

    /// Compressed, with what could be told only when the rest was written before it.
    ///
    /// - Parameter rest: finished.
    static func deflated(_ beginning: String, _ rest: Deflate) -> Content {
      var stream = Deflate()
      stream.write(beginning.utf8)
      stream.flush()
      return Content(
        method: .deflated, parts: [stream.bytes, rest.bytes], size: stream.size + rest.size,
        checksum: stream.checksum.followed(by: rest.checksum, size: rest.size))
    }
  }

  private var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var fileCount = 0

  /// - Parameters:
  ///   - name: a relative path with `/`.
  ///   - content: less than 4 GiB, all files together.
  mutating func add(_ name: String, _ content: Content) {
    let offset = bytes.count
    let fields = Self.fields(name: name, content: content)
    bytes += littleEndian(0x0403_4B50 as UInt32) + fields + name.utf8
    for part in content.parts { bytes += part }
    // Made by version 2.0 on Unix, which gives the upper half of the external attributes: a file of mode 0644.
    directory += littleEndian(0x0201_4B50 as UInt32) + littleEndian(0x0314 as UInt16) + fields
    directory += [UInt8](repeating: 0, count: 6) + littleEndian(0o100644 << 16 as UInt32)
    directory += littleEndian(UInt32(truncatingIfNeeded: offset)) + Array(name.utf8)
    fileCount += 1
  }

  /// The whole archive.
  func finished() -> [UInt8] {
    let count = littleEndian(UInt16(truncatingIfNeeded: fileCount))
    let end =
      littleEndian(0x0605_4B50 as UInt32) + [0, 0, 0, 0] + count + count
      + littleEndian(UInt32(truncatingIfNeeded: directory.count))
      + littleEndian(UInt32(truncatingIfNeeded: bytes.count)) + [0, 0]
    return bytes + directory + end
  }

  /// What the header of a file and its entry in the directory share.
  private static func fields(name: String, content: Content) -> [UInt8] {
    let storedSize = content.parts.reduce(0) { $0 + $1.count }
    return littleEndian(20 as UInt16)  // version needed
      + littleEndian(0x0800 as UInt16)  // names are UTF-8
      + littleEndian(content.method.rawValue)
      + littleEndian(0 as UInt16) + littleEndian(0x0021 as UInt16)  // 1980-01-01 00:00, the earliest there is
      + littleEndian(content.checksum) + littleEndian(UInt32(truncatingIfNeeded: storedSize))
      + littleEndian(UInt32(truncatingIfNeeded: content.size))
      + littleEndian(UInt16(truncatingIfNeeded: name.utf8.count)) + littleEndian(0 as UInt16)
  }
}

private func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
