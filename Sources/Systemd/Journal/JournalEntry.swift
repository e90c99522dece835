/// One entry in the journal's native protocol, https://systemd.io/JOURNAL_NATIVE_PROTOCOL: a field per line, and those of several lines with their length.
struct JournalEntry: Hashable, Sendable {
  private(set) var bytes: [UInt8] = []

  /// Adds a field whose name is valid: upper-case letters, digits and underscores.
  mutating func add(_ name: String, _ value: String) {
    bytes += name.utf8
    if value.utf8.contains(UInt8(ascii: "\n")) {
      bytes.append(UInt8(ascii: "\n"))
      withUnsafeBytes(of: UInt64(value.utf8.count).littleEndian) { bytes += $0 }
    } else {
      bytes.append(UInt8(ascii: "="))
    }
    bytes += value.utf8
    bytes.append(UInt8(ascii: "\n"))
  }

  /// What a key of a log's metadata is called in the journal: `peer-uid` with the prefix `SERVICE_` is `SERVICE_PEER_UID`.
  static func fieldName(ofKey key: String, prefix: String) -> String {
    let name = key.utf8.map { byte -> UInt8 in
      switch byte {
      case 0x61...0x7A: byte - 0x20
      case 0x30...0x39, 0x41...0x5A: byte
      default: UInt8(ascii: "_")
      }
    }
    // The journal drops fields with longer names.
    return String(decoding: Array(prefix.utf8) + name.prefix(64 - prefix.utf8.count), as: UTF8.self)
  }
}
