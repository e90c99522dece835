import Base
import Foundation
import Posix
import TabularPackage
import TestSupport
import Testing

/// Files that are not what they should be, and files that change.
struct FileTests {
  private static let descriptor = #"""
    {"resources": [
     {"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "id"}, {"name": "n", "type": "integer"}]}}]}
    """#

  @Test("a link may lead to another file of the package, but not out of it")
  func links() throws {
    let package = try TemporaryPackage(descriptor: Self.descriptor, files: ["real.csv": "id,n\na,x\n"])
    let link = "\(package.folder.path)/t.csv"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real.csv")
    #expect(package.problems() == ["t.csv:2:n: \"x\" is not an integer"])

    let outside = try TemporaryPackage(descriptor: "{}", files: ["secret.csv": "id,n\n"])
    try FileManager.default.removeItem(atPath: link)
    let target = "\(outside.folder.path)/secret.csv"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
    #expect(
      package.problems() == [
        "datapackage.json:2:24: path \"t.csv\" is not safe: a link leads out of the package's folder"
      ])
  }

  @Test("a path is read by its bytes, whatever marks its signs have")
  func markedPaths() throws {
    func problem(_ path: String) throws -> String? {
      try TemporaryPackage(descriptor: #"{"resources": [{"name": "x", "path": "\#(path)"}]}"#, files: [:]).problems()
        .first
    }
    for path in ["../\u{301}x.txt", "a/\u{301}/../\u{301}b"] {
      #expect(try problem(path)?.hasSuffix("is not safe: it must not contain \"..\"") == true)
    }
    #expect(try problem("/\u{301}x.txt")?.hasSuffix("is not safe: it must be relative to the descriptor") == true)
    for path in ["~\u{301}/x", "a$\u{301}b", "%\u{301}a"] {
      #expect(try problem(path)?.hasSuffix("is not safe: it must not contain variables") == true)
    }
  }

  @Test("a list of one path is that file")
  func listOfOnePath() throws {
    func problems(_ path: String) throws -> [String] {
      let descriptor = Self.descriptor.split(separator: #""t.csv""#).joined(separator: path)
      return try TemporaryPackage(descriptor: descriptor, files: ["t.csv": "id,n\na,x\n"]).problems()
    }
    #expect(try problems(#"["t.csv"]"#) == ["t.csv:2:n: \"x\" is not an integer"])
    #expect(try problems("[]") == ["datapackage.json:2:24: \"path\" names no file"])
    #expect(
      try problems(#"["../t.csv"]"#) == [
        "datapackage.json:2:25: path \"../t.csv\" is not safe: it must not contain \"..\""
      ])
    #expect(try problems("[1]").count == 1)
  }

  @Test("what is no file is refused and not waited for")
  func specialFiles() throws {
    let package = try TemporaryPackage(descriptor: Self.descriptor)
    let path = "\(package.folder.path)/t.csv"
    try #require(mkfifo(path, 0o600) == 0)
    #expect(package.problems() == ["t.csv: is not a regular file"])
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    #expect(package.problems() == ["t.csv: is not a regular file"])
  }

  @Test("a descriptor that is not there")
  func absentDescriptor() {
    #expect {
      try Package.load("/nonexistent/datapackage.json")
    } throws: { error in
      (error as? ProblemList)?.lines
        == ["/nonexistent/datapackage.json: cannot be opened: No such file or directory"]
    }
  }

  @Test("the size and the digest that the descriptor states are checked")
  func claims() throws {
    func problems(_ claims: String) throws -> [String] {
      try TemporaryPackage(
        descriptor: "{\"resources\": [{\"name\": \"x\", \"path\": \"x.txt\", \(claims)}]}", files: ["x.txt": "hello\n"]
      ).problems()
    }
    let sha256 = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
    #expect(try problems("\"bytes\": 6, \"hash\": \"sha256:\(sha256)\"") == [])
    #expect(try problems("\"hash\": \"b1946ac92492d2347c6235b4d2611184\"") == [])
    #expect(try problems("\"bytes\": 7") == ["x.txt: the file has 6 bytes, the descriptor says 7"])
    #expect(
      try problems("\"hash\": \"sha256:\(String(sha256.reversed()))\"") == [
        "x.txt: the file's sha256 digest is \(sha256), the descriptor says \(String(sha256.reversed()))"
      ])
  }

  @Test("the revision changes with every file and with their names, and with nothing else")
  func revision() throws {
    func revision(_ files: [String: String], threads: Int = 1) throws -> String {
      try TemporaryPackage(
        descriptor: #"""
          {"resources": [
            {"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "id"}]}}, {"name": "x", "path": "x.txt"}]}
          """#, files: files
      ).load(threads: threads).revision
    }
    let large = "id\n" + (0..<300_000).map { "row \($0)\n" }.joined()
    let first = try revision(["t.csv": large, "x.txt": "y"])
    #expect(first.hasPrefix("sha256:") && first.count == 71)
    #expect(try revision(["t.csv": large, "x.txt": "y"], threads: 4) == first)
    #expect(try revision(["t.csv": large + "z\n", "x.txt": "y"]) != first)
    #expect(try revision(["t.csv": large, "x.txt": "z"]) != first)
  }

  @Test("rows of a large file are read again as they were, or not at all")
  func rereading() throws {
    let rows = (0..<400_000).map { "row \($0),\($0)" }
    let package = try TemporaryPackage(
      descriptor: Self.descriptor, files: ["t.csv": "id,n\n" + rows.joined(separator: "\n")])
    let table = try #require(try package.load(threads: 2).tables["t"])
    for row in [0, 63, 64, 65, 123_456, 399_999] {
      #expect(try table.rows(row..<row + 1).first?[0] == "row \(row)")
    }
    // Replaced as editors and git do it: the rows that were loaded are still there.
    try package.folder.write("id,n\n", to: "t.csv")
    #expect(try table.rows(399_999..<400_000).first?[0] == "row 399999")
  }

  @Test("a large file that is changed in place is not read as if it were the same")
  func changing() throws {
    let rows = (0..<400_000).map { "row \($0),\($0)" }
    let package = try TemporaryPackage(
      descriptor: Self.descriptor, files: ["t.csv": "id,n\n" + rows.joined(separator: "\n")])
    let table = try #require(try package.load(threads: 2).tables["t"])
    let path = "\(package.folder.path)/t.csv"
    try #require(truncate(path, 1000) == 0)
    let changed = "\(path) changed on disk since it was loaded; load the dataset again"
    #expect {
      try table.rows(399_999..<400_000)
    } throws: { error in
      (error as? FileChanged)?.description == changed
    }
  }

  @Test(
    "a large file that was only touched is what it was, and of one that was changed every part that was not",
    arguments: ["", "\u{FEFF}"])
  func touching(mark: String) throws {
    // Rows of 17 bytes, over several blocks, the last of them not whole.
    let rows = (0..<400_000).map { "row \(1_000_000 + $0),1234\n" }
    let package = try TemporaryPackage(
      descriptor: Self.descriptor, files: ["t.csv": mark + "id,n\n" + rows.joined()])
    let table = try #require(try package.load(threads: 2).tables["t"])
    let path = "\(package.folder.path)/t.csv"
    var original = stat()
    try #require(stat(path, &original) == 0)
    let samples = [0, 1, 63, 64, 65_530, 65_535, 65_536, 123_456, 196_606, 399_900, 399_999]
    func texts(_ rows: [Int]) throws -> [String] { try rows.compactMap { try table.rows($0..<$0 + 1).first?[0] } }

    var times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
    try #require(utimensat(AT_FDCWD, path, &times, 0) == 0)
    #expect(try texts(samples) == samples.map { "row \(1_000_000 + $0)" })
    var all = 0
    try table.forEachRow { _, _ in all += 1 }
    #expect(all == 400_000)

    // As many bytes as before, one of them another.
    let descriptor = open(path, O_WRONLY)
    defer { close(descriptor) }
    try #require(pwrite(descriptor, "9", 1, off_t(mark.utf8.count + 5 + 17 * 123_456 + 4)) == 1)
    #expect(try texts([0, 64, 399_999]) == ["row 1000000", "row 1000064", "row 1399999"])
    #expect(throws: FileChanged.self) { try texts([123_456]) }
    // Nor does it help to give it back the time that it had, as who copies with times does.
    times = [original.st_atim, original.st_mtim]
    try #require(utimensat(AT_FDCWD, path, &times, 0) == 0)
    #expect(throws: FileChanged.self) { try texts([123_456]) }
    // And as it was.
    try #require(pwrite(descriptor, "1", 1, off_t(mark.utf8.count + 5 + 17 * 123_456 + 4)) == 1)
    #expect(try texts(samples) == samples.map { "row \(1_000_000 + $0)" })
  }

  @Test("rows of a small file outlive the file")
  func smallFiles() throws {
    let package = try TemporaryPackage(descriptor: Self.descriptor, files: ["t.csv": "id,n\na,1\nb,2\n"])
    let table = try #require(try package.load().tables["t"])
    try package.folder.write([], to: "t.csv")
    #expect(try table.rows(1..<2).first?[0] == "b")
  }

  @Test(
    "a file that is no text of UTF-8 is told for what it is",
    arguments: [
      ([0xFF, 0xFE, 0x69, 0, 0x64, 0], "this is UTF-16, not UTF-8; save it as UTF-8"),
      ([0xFE, 0xFF, 0, 0x69], "this is UTF-16, not UTF-8; save it as UTF-8"),
      ([0x69, 0, 0x64, 0, 0x2C, 0], "this is UTF-16, not UTF-8; save it as UTF-8"),
      ([0, 0x69, 0, 0x64], "this is UTF-16, not UTF-8; save it as UTF-8"),
      ([0xFF, 0xFE, 0, 0, 0x69, 0, 0, 0], "this is UTF-32, not UTF-8; save it as UTF-8"),
      ([0, 0, 0, 0x69], "this is UTF-32, not UTF-8; save it as UTF-8"),
      ([0x1F, 0x8B, 8, 0, 0], "this is compressed with gzip; unpack it"),
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "this is compressed with xz; unpack it"),
      ([0x28, 0xB5, 0x2F, 0xFD], "this is compressed with zstd; unpack it"),
      (Array("BZh91AY&SY".utf8), "this is compressed with bzip2; unpack it"),
      (
        Array("PK\u{3}\u{4}".utf8),
        "this is a zip archive, as spreadsheets are, not a text; unpack it, or save the spreadsheet as CSV"
      ),
      ([0xD0, 0xCF, 0x11, 0xE0, 0xA1], "this is a spreadsheet, not a text; save it as CSV"),
    ] as [([UInt8], String)])
  func foreignContent(_ bytes: [UInt8], _ message: String) throws {
    let package = try TemporaryPackage(descriptor: Self.descriptor)
    try package.folder.write(bytes, to: "t.csv")
    #expect(package.problems() == ["t.csv: \(message)"])
    try package.folder.write(bytes, to: "datapackage.json")
    #expect(package.problems() == ["datapackage.json: \(message)"])
  }

  @Test("a table may begin with the letters of another kind of file")
  func letters() throws {
    for name in ["BZhx", "PK", "BZh", "P"] {
      let package = try TemporaryPackage(fields: #"[{"name": "\#(name)"}]"#, csv: "\(name)\na\n")
      #expect(package.problems() == [])
    }
  }

  @Test(
    "a package is read in a folder of any name, also through a link", arguments: [[0x61, 0xE9], [0xCC, 0x81, 0x78]])
  func anyFolder(_ name: [UInt8]) throws {
    let outside = try TemporaryFolder()
    let folder = RawPath(bytes: Array("\(outside.path)/".utf8) + name)
    try #require(folder.withCString { mkdir($0, 0o700) } == 0)
    try #require(folder.withCString { symlink($0, "\(outside.path)/link") } == 0)
    func problems(_ descriptor: String) throws -> [String] {
      let files = try TemporaryPackage(descriptor: descriptor, files: ["t.csv": "id,n\na,x\n"])
      for file in ["datapackage.json", "t.csv"] {
        try #require(folder.appending(file).withCString { rename("\(files.folder.path)/\(file)", $0) } == 0)
      }
      var problems = ProblemList()
      _ = PackageDescriptor.read("\(outside.path)/link/datapackage.json", into: &problems)?.loadTables(into: &problems)
      return problems.lines.map { $0.replacing("\(outside.path)/", with: "") }
    }
    #expect(try problems(Self.descriptor) == ["link/t.csv:2:n: \"x\" is not an integer"])
    try outside.write("id,n\n", to: "secret.csv")
    try #require(folder.appending("out.csv").withCString { symlink("\(outside.path)/secret.csv", $0) } == 0)
    #expect(
      try problems(Self.descriptor.replacing("t.csv", with: "out.csv")) == [
        "link/datapackage.json:2:24: path \"out.csv\" is not safe: a link leads out of the package's folder"
      ])
  }

  @Test("tables may refer to each other in a circle")
  func circle() throws {
    func table(_ name: String, to other: String) -> String {
      #"""
      {"name": "\#(name)", "path": "\#(name).csv", "schema": {
        "fields": [{"name": "id"}, {"name": "other"}], "primaryKey": "id",
        "foreignKeys": [{"fields": "other", "reference": {"resource": "\#(other)", "fields": "id"}}]}}
      """#
    }
    let package = try TemporaryPackage(
      descriptor: "{\"resources\": [\(table("a", to: "b")), \(table("b", to: "a"))]}",
      files: ["a.csv": "id,other\na1,b1\na2,b9\n", "b.csv": "id,other\nb1,a2\nb2,a9\n"])
    #expect(
      package.problems() == [
        "a.csv:3:other: \"b9\" is not in b.id; did you mean \"b1\"?",
        "b.csv:3:other: \"a9\" is not in a.id; did you mean \"a1\"?",
      ])
  }

  @Test("a foreign key of several fields, and one to a table that cannot be read")
  func compositeKeys() throws {
    let package = try TemporaryPackage(
      descriptor: #"""
        {"resources": [
          {"name": "m", "path": "m.csv", "schema": {"fields": [{"name": "scheme"}, {"name": "bloc"}, {"name": "x"}],
            "foreignKeys": [
              {"fields": ["scheme", "bloc"], "reference": {"resource": "b", "fields": ["scheme", "id"]}},
              {"fields": "x", "reference": {"resource": "gone", "fields": "id"}}]}},
          {"name": "b", "path": "b.csv", "schema": {"fields": [{"name": "scheme"}, {"name": "id"}]}},
          {"name": "gone", "path": "gone.csv", "schema": {"fields": [{"name": "id"}]}}]}
        """#,
      files: ["m.csv": "scheme,bloc,x\ns,a,1\ns,b,2\n,,3\nt,,\n", "b.csv": "scheme,id\ns,a\nt,b\n"])
    #expect(
      package.problems() == [
        "datapackage.json:7:28: path \"gone.csv\" cannot be found: No such file or directory",
        "m.csv:3:scheme: (\"s\", \"b\") is not in b (scheme, id)",
        "m.csv:5:scheme: (\"t\", \"\") is not in b (scheme, id)",
      ])
  }

  /// The tables of `compositeNearMisses`: the referring one is read behind the other, before it, or is the same.
  enum Order: CaseIterable {
    case referredFirst, circle, same
  }

  @Test(
    "a key of several fields that differs in what is hard to see says in which field, whenever the tables are read",
    arguments: Order.allCases)
  func compositeNearMisses(_ order: Order) throws {
    let target = order == .same ? "" : "b"
    let fields = #"""
      [{"name": "scheme"}, {"name": "n", "type": "integer"}, {"name": "bloc", "missingValues": ["", "-"]},
       {"name": "to_scheme"}, {"name": "to_n", "type": "integer"}, {"name": "to_bloc", "missingValues": ["", "–"]}]
      """#
    let key = #""fields": ["to_scheme", "to_n", "to_bloc"]"#
    let reference = #""reference": {"resource": "\#(target)", "fields": ["scheme", "n", "bloc"]}"#
    let back = #""foreignKeys": [{"fields": "to_scheme", "reference": {"resource": "m", "fields": "scheme"}}]"#
    let known = [
      "\u{E9},7,Aa,,,", "s t,8,\"é, x\",,,", "s,9,-,,,", "q,1,Bb,,,", "Q,2,Bb,,,",
    ]
    let references = [
      "1,,,e\u{301},07,Aa", "2,,,e\u{301},7,aa", "3,,,s  t,+8,\"e\u{301}, x\"", "4,,,S,9,–", "5,,,S,9,-", "6,,,S,9,x",
      "7,,,q,3,bb", "8,,,q,2,BB", "9,,,\u{E9},7,Aa", "10,,,s,9,",
    ]
    let header = "scheme,n,bloc,to_scheme,to_n,to_bloc"
    let name = order == .same ? "b" : "m"
    func table(_ name: String, _ more: String) -> String {
      #"{"name": "\#(name)", "path": "\#(name).csv", "schema": {"fields": \#(fields)\#(more)}}"#
    }
    let foreignKey = ", \"foreignKeys\": [{\(key), \(reference)}]"
    let tables =
      switch order {
      case .same: table("b", foreignKey)
      case .referredFirst: table("b", "") + ", " + table("m", foreignKey)
      case .circle: table("b", ", " + back) + ", " + table("m", foreignKey)
      }
    let rows = order == .same ? known + references : references
    let files = [
      "b.csv": ([header] + (order == .same ? rows : known)).joined(separator: "\n") + "\n",
      "m.csv": ([header] + rows).joined(separator: "\n") + "\n",
    ]
    let package = try TemporaryPackage(descriptor: "{\"resources\": [\(tables)]}", files: files)
    let first = order == .same ? 7 : 2
    let place = "is not in b (scheme, n, bloc)"
    let form = "is the same text in other characters (U+0065 U+0301, and there U+00E9)"
    let hints = [
      (
        0,
        "(\"e\u{301}\", \"07\", \"Aa\") \(place); did you mean (\"\u{E9}\", \"7\", \"Aa\")? The field \"to_scheme\" \(form)"
      ),
      (
        1,
        "(\"e\u{301}\", \"7\", \"aa\") \(place); did you mean (\"\u{E9}\", \"7\", \"Aa\")? The field \"to_scheme\" \(form), "
          + "and the field \"to_bloc\" differs in case alone (U+0061, and there U+0041)"
      ),
      (
        2,
        "(\"s  t\", \"+8\", \"e\u{301}, x\") \(place); did you mean (\"s t\", \"8\", \"\u{E9}, x\")? The field "
          + "\"to_scheme\" differs in blanks alone (U+0020, and there nothing), and the field \"to_bloc\" \(form)"
      ),
      (
        3,
        "(\"S\", \"9\", \"–\") \(place); did you mean (\"s\", \"9\", \"-\")? The field \"to_scheme\" differs in case alone "
          + "(U+0053, and there U+0073)"
      ),
      (4, "(\"S\", \"9\", \"-\") \(place)"), (5, "(\"S\", \"9\", \"x\") \(place)"),
      (6, "(\"q\", \"3\", \"bb\") \(place)"),
      (
        7,
        "(\"q\", \"2\", \"BB\") \(place); did you mean (\"Q\", \"2\", \"Bb\")? The field \"to_scheme\" differs in case alone "
          + "(U+0071, and there U+0051), and the field \"to_bloc\" differs in case alone (U+0042, and there U+0062)"
      ),
    ]
    let expected = hints.map { "\(name).csv:\(first + $0):to_scheme: \($1)" }
    #expect(package.problems().map { Array($0.utf8) } == expected.map { Array($0.utf8) })
  }
}
