import Testing
import Varlink

@Suite struct AddressTests {
  @Test(arguments: [
    ("unix:/run/x", Address.unix(path: "/run/x")),
    ("unix:./x", .unix(path: "./x")),
    ("unix:/run/x;mode=0600", .unix(path: "/run/x")),
    ("unix:@name", .abstract(name: "name")),
    ("unix:@a/b;x", .abstract(name: "a/b")),
    ("exec:/usr/bin/x", .exec(path: "/usr/bin/x")),
    ("/run/a:b", .unix(path: "/run/a:b")),
    ("./x", .unix(path: "./x")),
  ])
  func addressesAreRead(text: String, address: Address) throws {
    #expect(try Address(parsing: text) == address)
  }

  @Test(arguments: [
    ("", "it is empty"), (";x", "it is empty"),
    ("run", "expected unix:/path, unix:@name, exec:/path or /path"),
    ("unix:", "the path is empty"), ("unix:@", "the name is empty"), ("exec:", "the path is empty"),
    ("tcp:127.0.0.1:1", #""tcp:" is not supported; use unix: or exec:"#),
    ("UNIX:/x", #""UNIX:" is not supported; use unix: or exec:"#),
    ("unix:/a\0b", "it holds U+0000"),
    (
      "unix:/" + String(repeating: "é", count: 54),
      "the path has 109 bytes, a socket address holds 107"
    ),
  ])
  func otherTextIsRefusedWithTheReason(text: String, reason: String) {
    let error = #expect(throws: AddressError.self) { try Address(parsing: text) }
    #expect(error?.description == "\"\(text)\" is no Varlink address: \(reason)")
  }

  @Test func theLongestPathFits() throws {
    let path = "/" + String(repeating: "x", count: 106)
    #expect(try Address(parsing: path) == .unix(path: path))
  }

  @Test(arguments: ["unix:/run/x", "unix:@name", "exec:/bin/x"])
  func anAddressIsShownAsItIsWritten(text: String) throws {
    #expect(try Address(parsing: text).description == text)
  }
}
