internal import Base
internal import Pipeline

/// The names of what stands beside an exported file.
struct ExportNames: Hashable, Sendable {
  /// The file's own name.
  let file: String

  init(_ file: String) { self.file = file }

  var manifest: String { Self.manifest(of: file) }
  /// Held by whoever writes the file.
  var lock: String { ".muster-lock.\(file)" }
  /// How the last run went.
  var lastRun: String { ".muster-last.\(file)" }
  /// Files that are being written. What has one of these names while nobody holds the lock was left by a run that was
  /// killed.
  var newFile: String { ".muster-new.\(file)" }
  var newManifest: String { Self.manifest(of: newFile) }
  var newLastRun: String { ".muster-new-last.\(file)" }

  static func manifest(of file: String) -> String { file + ExportConfiguration.manifestSuffix }

  /// The name of a version that is kept, which sorts by the time at which it was written.
  func version(_ stamp: VersionStamp) -> String { "\(file).~\(stamp.text)~" }

  /// The time in the name of a version or of its manifest; nil for any other name.
  func stamp(of name: String) -> VersionStamp? {
    // Bytes, since another file's name may be the same text to Swift.
    var rest = name.utf8[...]
    let (suffix, prefix) = (ExportConfiguration.manifestSuffix.utf8, "\(file).~".utf8)
    if rest.suffix(suffix.count).elementsEqual(suffix) { rest = rest.dropLast(suffix.count) }
    guard rest.starts(with: prefix), rest.last == UInt8(ascii: "~"), rest.count > prefix.count else { return nil }
    return VersionStamp(String(decoding: rest.dropFirst(prefix.count).dropLast(), as: UTF8.self))
  }
}

/// When a version was written, in UTC: `2026-11-23T104500.123456Z`.
struct VersionStamp: Hashable, Sendable, Comparable {
  let text: String

  /// In the year 9999: a later time has another form.
  static let last: Int64 = 253_402_300_799_999_999

  /// - Parameter microseconds: since 1970, from then on and up to the last.
  init(microseconds: Int64) {
    text = UTC(microseconds: microseconds).text(fractionDigits: 6).filter { $0 != ":" }
  }

  init?(_ text: String) {
    let form = "0000-00-00T000000.000000Z"
    let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
    guard text.utf8.count == form.utf8.count,
      zip(text.utf8, form.utf8).allSatisfy({ $1 == UInt8(ascii: "0") ? isDigit($0) : $0 == $1 })
    else { return nil }
    self.text = text
  }

  /// Since 1970.
  var microseconds: Int64 { UTC(digitsOf: text)?.microseconds ?? 0 }

  static func < (a: VersionStamp, b: VersionStamp) -> Bool { a.text < b.text }
}
