import Glibc
import Posix
import TestSupport
import Testing

@Suite("Paths are bytes, of which only the slash has a meaning")
struct RawPathTests {
  @Test(
    "A slash separates whatever stands behind it",
    arguments: [
      ("a", ".", "a"), ("/a", "/", "a"), ("d/a", "d", "a"), ("d//a", "d/", "a"), ("d/\u{301}a", "d", "\u{301}a"),
      ("/\u{301}", "/", "\u{301}"), ("d/\u{301}/a", "d/\u{301}", "a"), ("d/", "d", ""),
    ])
  func parts(_ path: String, _ folder: String, _ name: String) {
    #expect(RawPath(path).folder == RawPath(folder))
    #expect(RawPath(path).name == RawPath(name))
    #expect(Array(parentFolder(of: path).utf8) == Array(folder.utf8))
    #expect(Array(fileName(of: path).utf8) == Array(name.utf8))
    #expect(Array((folderPrefix(of: path) + fileName(of: path)).utf8) == Array(path.utf8))
    #expect(isAbsolute(path) == (path.utf8.first == 0x2F))
  }

  @Test func whatIsNoUTF8IsNoText() {
    let path = RawPath(bytes: [0x61, 0xE9])
    #expect(path.text == nil)
    #expect(path.description == "a\u{FFFD}")
    #expect(path != RawPath("a\u{FFFD}"))
    #expect(RawPath("e\u{301}") != RawPath("\u{E9}"))
  }

  @Test func namesOfAFolderAndOfAPatternAreBytes() throws {
    let temporary = try TemporaryFolder()
    let name = Array("\(temporary.path)/a".utf8CString.dropLast()) + [CChar(bitPattern: 0xE9), 0]
    try temporary.write("", to: "x")
    try #require(rename("\(temporary.path)/x", name) == 0 && symlink("a\u{FFFD}", "\(temporary.path)/link") == 0)
    #expect(
      try rawEntryNames(ofFolder: temporary.path).sorted() == [RawPath(bytes: [0x61, 0xE9]), RawPath("link")])
    #expect(throws: SystemError.self) { try resolvedPath(RawPath("\(temporary.path)/link")) }
    #expect(RawPath("/").appending("a") == RawPath("/a"))
    #expect(RawPath(bytes: [0x61, 0xE9]).appending("\u{301}b").bytes == [0x61, 0xE9, 0x2F, 0xCC, 0x81, 0x62])
    #expect(RawPath("\u{301}x.csv").isMatched(by: "\u{301}*.csv"))
    #expect(!RawPath(".\u{301}x.csv").isMatched(by: "*"))
    #expect(!RawPath("\u{E9}").isMatched(by: "e\u{301}"))
  }
}
