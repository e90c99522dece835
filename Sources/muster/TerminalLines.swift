import Base

/// A result in a text format as a terminal may have it, piece by piece.
///
/// A format writes what is there, for programs. On a terminal what it would obey is escaped, by what makes the texts of
/// replies safe: in JSON as JSON has it, elsewhere as `\u{1B}`. Ends of lines and tabs stay, and a CR that ends no line is a
/// space.
struct TerminalLines {
  private let isJSON: Bool
  /// Whether the last piece ended with a CR, which ends a line if LF comes next.
  private var endsInReturn = false

  /// - Parameter format: the format's name.
  init(format: String) { isJSON = format == "json" || format == "ndjson" }

  /// The next piece, which has no half of a character at either end.
  mutating func safe(_ bytes: [UInt8]) -> [UInt8] {
    let text = String(decoding: bytes, as: UTF8.self)
    var scalars = Substring((endsInReturn ? "\r" : "") + (isJSON ? TerminalText.safeJSON(text) : text)).unicodeScalars
    endsInReturn = scalars.last == "\r"
    if endsInReturn { scalars.removeLast() }
    var lines = scalars.split(separator: "\n", omittingEmptySubsequences: false)
    guard let rest = lines.popLast() else { return [] }
    return Array((lines.map { ended($0) } + [safe(rest)]).joined().utf8)
  }

  /// What is left when all pieces have come.
  func end() -> [UInt8] { endsInReturn ? Array(TerminalText.safe("\r", showing: .escape).utf8) : [] }

  /// The same of all in one piece.
  static func safe(_ bytes: [UInt8], format: String) -> [UInt8] {
    var lines = TerminalLines(format: format)
    return lines.safe(bytes) + lines.end()
  }

  private func ended(_ line: Substring.UnicodeScalarView) -> String {
    line.last == "\r" ? safe(line.dropLast()) + "\r\n" : safe(line) + "\n"
  }

  private func safe(_ line: Substring.UnicodeScalarView) -> String {
    line.split(separator: "\t", omittingEmptySubsequences: false).map { printable(String($0)) }.joined(separator: "\t")
  }
}
