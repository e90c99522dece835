/// A zip archive of stored, uncompressed files, which all carry the same time, so that the same files give the same
/// bytes (APPNOTE.TXT 6.3.10).
struct ZipArchive {
  private var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var fileCount = 0

  /// - Parameters:
  ///   - name: a relative path with `/`.
  ///   - content: less than 4 GiB, all files together.
  mutating func add(_ name: String, _ content: [UInt8]) {
    let offset = bytes.count
    let fields = Self.fields(name: name, content: content)
    bytes += littleEndian(0x0403_4B50 as UInt32) + fields + name.utf8 + content
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
  private static func fields(name: String, content: [UInt8]) -> [UInt8] {
    let size = littleEndian(UInt32(truncatingIfNeeded: content.count))
    return littleEndian(20 as UInt16)  // version needed
      + littleEndian(0x0800 as UInt16)  // names are UTF-8
      + littleEndian(0 as UInt16)  // stored
      + littleEndian(0 as UInt16) + littleEndian(0x0021 as UInt16)  // 1980-01-01 00:00, the earliest there is
      + littleEndian(crc32(content)) + size + size
      + littleEndian(UInt16(truncatingIfNeeded: name.utf8.count)) + littleEndian(0 as UInt16)
  }
}

private func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}

/// The checksum of ISO 3309.
func crc32(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(~0) { crc, byte in crcTable[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] ^ crc >> 8 }
}

private let crcTable: [UInt32] = (0..<256).map { index in
  (0..<8).reduce(UInt32(index)) { crc, _ in crc & 1 == 1 ? 0xEDB8_8320 ^ crc >> 1 : crc >> 1 }
}
