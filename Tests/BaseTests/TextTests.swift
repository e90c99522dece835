import Base
import Testing

@Suite("Names, checksums and times in messages")
struct TextTests {
  @Test(
    "A quoted name stands on one line and hides nothing",
    arguments: [
      ("a", #""a""#), ("a\"b", #""a\"b""#), (#"a\b"#, #""a\\b""#), ("a\nb\r\t", #""a\nb\r\t""#),
      ("a\0b", #""a\u{0}b""#), ("a\u{200B}b\u{202E}", #""a\u{200B}b\u{202E}""#), ("\u{1B}", #""\u{1B}""#),
      ("é日本", #""é日本""#), ("\u{2028}", #""\u{2028}""#), ("", #""""#),
    ])
  func quotes(_ text: String, _ expected: String) {
    #expect(quoted(text) == expected)
  }

  @Test func aLongNameIsShortened() {
    #expect(quoted(String(repeating: "x", count: 60)) == "\"\(String(repeating: "x", count: 60))\"")
    #expect(quoted(String(repeating: "x", count: 61)) == "\"\(String(repeating: "x", count: 60))…\"")
    #expect(quoted("abc", limit: 2) == #""ab…""#)
    #expect(abbreviated("a\"b\nc", limit: 4) == #"a"b\n…"#)
  }

  @Test func aPatternKeepsItsBackslashes() {
    #expect(quoted(#"\d{4}"#, escapingBackslash: false) == #""\d{4}""#)
  }

  @Test func bytesInHexadecimal() {
    #expect(hexadecimal([0, 1, 0x7F, 0xAB, 0xFF]) == "00017fabff")
    #expect(hexadecimal([UInt8]()).isEmpty)
  }

  @Test(
    "Times are those of date -u",
    arguments: [
      (Int64(0), "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (951_782_400_000_000, "2000-02-29T00:00:00Z"),
      (4_107_542_399_999_999, "2100-02-28T23:59:59Z"), (4_107_542_400_000_000, "2100-03-01T00:00:00Z"),
      (-62_135_596_800_000_000, "0001-01-01T00:00:00Z"), (.max, "294247-01-10T04:00:54Z"),
    ])
  func times(_ microseconds: Int64, _ text: String) {
    #expect(UTC(microseconds: microseconds).text() == text)
    #expect(UTC(microseconds: microseconds).microseconds == microseconds)
  }

  @Test func aTimeIsToldAsExactlyAsIsWanted() {
    let time = UTC(microseconds: 1_763_894_700_042_007)
    #expect(time.text(fractionDigits: 3) == "2025-11-23T10:45:00.042Z")
    #expect(time.text(fractionDigits: 6) == "2025-11-23T10:45:00.042007Z")
  }

  @Test(
    "A time is read back from its digits, and what is beyond a month's or a day's end carries over",
    arguments: [
      ("2025-11-23T104500.042007Z", Int64(1_763_894_700_042_007)), ("1970-01-01T000000.000000Z", 0),
      ("1969-13-01T000000.000001Z", 1), ("1970-00-32T000000.000000Z", 0), ("1969-12-31T240000.000000Z", 0),
      ("9999-12-31T235959.999999Z", 253_402_300_799_999_999),
    ])
  func readTimes(_ text: String, _ microseconds: Int64) {
    #expect(UTC(digitsOf: text)?.microseconds == microseconds)
  }

  @Test(arguments: ["", "2025-11-23", "2025-11-23T10:45:00.0420071Z"])
  func whatHasOtherDigitsIsNoTime(_ text: String) {
    #expect(UTC(digitsOf: text) == nil)
  }
}
