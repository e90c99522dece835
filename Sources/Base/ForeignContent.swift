/// What a file is that was given in the place of a text of UTF-8, told by its first bytes.
public enum ForeignContent: Hashable, Sendable {
  /// A text in another encoding.
  case encoded(String)
  /// A text, or anything else, in another form.
  case compressed(String)
  /// Files in one, as a spreadsheet is.
  case archive
  /// A spreadsheet of the form that came before that.
  case oldSpreadsheet

  /// How many bytes are enough to tell.
  public static let startLength = 8

  /// - Parameter start: the first bytes of a file, or all.
  public init?(_ start: some Collection<UInt8>) {
    let bytes = Array(start.prefix(Self.startLength))
    let signatures: [(bytes: [UInt8], content: ForeignContent)] = [
      // Before that of UTF-16, with which it begins.
      ([0xFF, 0xFE, 0, 0], .encoded("UTF-32")), ([0, 0, 0xFE, 0xFF], .encoded("UTF-32")),
      ([0xFF, 0xFE], .encoded("UTF-16")), ([0xFE, 0xFF], .encoded("UTF-16")),
      ([0x1F, 0x8B], .compressed("gzip")), (Array("BZh".utf8), .compressed("bzip2")),
      ([0xFD] + Array("7zXZ".utf8) + [0], .compressed("xz")), ([0x28, 0xB5, 0x2F, 0xFD], .compressed("zstd")),
      (Array("PK".utf8) + [3, 4], .archive), ([0xD0, 0xCF, 0x11, 0xE0], .oldSpreadsheet),
    ]
    if let found = signatures.first(where: { bytes.starts(with: $0.bytes) }) {
      // A text may begin with the letters by which a file of bzip2 does.
      if found.content == .compressed("bzip2"), bytes.count < 4 || !(0x31...0x39).contains(bytes[3]) { return nil }
      self = found.content
      return
    }
    // What begins with ASCII, in units of two or four bytes.
    switch bytes.prefix(4).map({ $0 == 0 }) {
    case [false, true, true, true], [true, true, true, false]: self = .encoded("UTF-32")
    case [false, true, false, true], [true, false, true, false], [false, true], [true, false]: self = .encoded("UTF-16")
    default: return nil
    }
  }

  /// Such as `this is UTF-16, not UTF-8`.
  public var description: String {
    switch self {
    case .encoded(let name): "this is \(name), not UTF-8"
    case .compressed(let name): "this is compressed with \(name)"
    case .archive: "this is a zip archive, as spreadsheets are, not a text"
    case .oldSpreadsheet: "this is a spreadsheet, not a text"
    }
  }

  /// What it is, and what to do about it.
  public var message: String {
    switch self {
    case .encoded: "\(description); save it as UTF-8"
    case .compressed: "\(description); unpack it"
    case .archive: "\(description); unpack it, or save the spreadsheet as CSV"
    case .oldSpreadsheet: "\(description); save it as CSV"
    }
  }
}
