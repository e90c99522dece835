import Base
import Testing
import Varlink

typealias ValueType = InterfaceDescription.ValueType

/// A description with these members, from line 2 on.
func description(_ members: String) throws -> InterfaceDescription {
  try InterfaceDescription(parsing: "interface org.example.test\n" + members)
}

@Suite("The whole interface definition language is read")
struct InterfaceParsingTests {
  @Test(arguments: [
    ("bool", ValueType.bool), ("int", .int), ("float", .float), ("string", .string), ("object", .object),
    ("any", .any), ("Other", .named("Other")), ("[]int", .array(.int)), ("[string]Other", .map(.named("Other"))),
    ("?string", .nullable(.string)), ("?[]?[string]?int", .nullable(.array(.nullable(.map(.nullable(.int)))))),
    ("[][]int", .array(.array(.int))), ("[string]()", .map(.structure([]))), ("()", .structure([])),
    ("(one, two)", .enumeration([.init(name: "one"), .init(name: "two")])),
    ("(one)", .enumeration([.init(name: "one")])),
    ("?[](a: int)", .nullable(.array(.structure([.init(name: "a", type: .int)])))),
    (" \t\n( a\r\n:\u{2003}int # c\n)", .structure([.init(name: "a", type: .int, documentation: ["c"])])),
  ])
  func types(text: String, type: ValueType) throws {
    let description = try description("type T (field:\(text))\ntype Other (a, b)")
    guard case .type(.structure(let fields)) = description.members[0].definition else {
      Issue.record("T is no structure")
      return
    }
    #expect(fields.map(\.type) == [type])
    #expect(fields[0].name == "field")
  }

  @Test func membersKeepTheirOrderAndTheirComments() throws {
    let text = """
      # Licence.

      # About
      #  the interface.
      interface org.example.test

      # A section.

      # The first.
      # [Supports 'more' flag]
      method First(a: int) -> (
        # What b is.
        #
        # More.
        b: ?string
      )
      type type1 ()
      """.replacing("type1", with: "Type1")
    let description = try InterfaceDescription(parsing: text + "\nerror Failed ( ) # Late.\nmethod Last()->()\n# End.")
    #expect(description.text.hasPrefix(text))
    #expect(description.name == "org.example.test")
    #expect(description.documentation == ["About", " the interface."])
    #expect(description.members.map(\.name) == ["First", "Type1", "Failed", "Last"])
    #expect(description.members.map(\.documentation) == [["The first.", "[Supports 'more' flag]"], [], ["Late."], []])
    let b = InterfaceDescription.Field(name: "b", type: .nullable(.string), documentation: ["What b is.", "", "More."])
    let a = InterfaceDescription.Field(name: "a", type: .int)
    #expect(description.members[0].definition == .method(input: [a], output: [b]))
    #expect(description.methodNames == ["First", "Last"])
    #expect(description.documentation(ofMethod: "First") == ["The first."])
    #expect(description.documentation(ofMethod: "Failed") == nil)
  }

  @Test(arguments: [
    ("", InterfaceDescription.MoreSupport.none), ("# Requires 'more' flag\n", .none),
    ("# [Supports 'more' flag]\n", .optional), ("# [Requires 'more' flag]\n# Text.\n", .required),
    ("# [Requires 'more' flag]\n\n", .none),
  ])
  func theMoreFlagIsReadFromTheComments(comment: String, support: InterfaceDescription.MoreSupport) throws {
    let description = try description(comment + "method Watch() -> ()\nerror E ()")
    #expect(description.moreSupport(ofMethod: "Watch") == support)
    #expect(description.moreSupport(ofMethod: "org.example.test.Watch") == support)
    #expect(description.moreSupport(ofMethod: "E") == nil)
  }

  @Test(arguments: [
    "a.b", "A.b", "org.varlink.service", "a1.2b", "a-b.c--d", "xn--abc.d-0", "io.systemd.UserDatabase", "a.0.1",
  ])
  func interfaceNames(name: String) throws {
    #expect(try InterfaceDescription(parsing: "interface \(name)\nmethod M()->()").name == name)
  }

  @Test(arguments: ["a", "a.", ".a.b", "1.b", "a..b", "a-.b", "-a.b", "a.-b", "a.b-", "a_b.c", "ä.b", "a.b.ç"])
  func whatIsNoInterfaceName(name: String) {
    let error = #expect(throws: ProblemList.self) {
      try InterfaceDescription(parsing: "interface \(name)\nmethod M()->()")
    }
    #expect(
      error?.lines == [
        "interface description:1:11: \"\(name)\" is no interface name: two or more parts of letters, digits and inner "
          + "hyphens, with dots between, the first beginning with a letter"
      ])
  }

  @Test(arguments: ["a", "A", "a1", "a_b", "aB_2", "type", "method", "int", "bool", "interface"])
  func fieldNames(name: String) throws {
    _ = try description("type T (\(name): int)\ntype U (\(name), other)")
  }

  @Test(arguments: ["1a", "_a", "a_", "a__b", "a-b", "é", "a.b"])
  func whatIsNoFieldName(name: String) {
    let error = #expect(throws: ProblemList.self) { try description("type T (\(name): int)") }
    #expect(
      error?.lines == [
        "interface description:2:9: \"\(name)\" is no field name: a letter, then letters, digits and single underscores "
          + "between them"
      ])
  }
}

@Suite("Everything wrong with a description is told with its place")
struct InterfaceProblemTests {
  @Test(arguments: [
    ("", ["1:1: expected \"interface\", found the end of the text"]),
    ("method M() -> ()", ["1:1: expected \"interface\", found \"method\""]),
    ("interface\n", ["2:1: expected an interface name such as org.example.name, found the end of the text"]),
    ("interface (", ["1:11: expected an interface name such as org.example.name, found \"(\""]),
    ("interface a.b", ["1:14: expected \"type\", \"method\" or \"error\", found the end of the text"]),
    (
      "interface a.b method M() -> ()",
      ["1:15: expected a line break after the interface name, found \"method\""]
    ),
  ])
  func wholeTexts(text: String, lines: [String]) {
    let error = #expect(throws: ProblemList.self) { try InterfaceDescription(parsing: text, file: "f") }
    #expect(error?.lines == lines.map { "f:" + $0 })
  }

  @Test(arguments: [
    ("metod M() -> ()", ["2:1: expected \"type\", \"method\" or \"error\", found \"metod\"; did you mean \"method\"?"]),
    ("[] M", ["2:1: expected \"type\", \"method\" or \"error\", found \"[]\""]),
    ("method", ["2:7: expected a name after \"method\", found the end of the text"]),
    ("method m() -> ()", ["2:8: \"m\" is no name for a method: a capital letter, then letters and digits"]),
    ("type T_1 (a, b)", ["2:6: \"T_1\" is no name for a type: a capital letter, then letters and digits"]),
    ("type T", ["2:7: expected \"(\" after type T, found the end of the text"]),
    ("type T []string", ["2:8: expected \"(\" after type T, found \"[]\""]),
    ("type T (a: int", ["2:15: expected \",\" or \")\" after \"a\", found the end of the text"]),
    (
      "type T (a: int; b: int)",
      ["2:12: unknown type \"int;\"; did you mean \"int\"?", "2:17: expected \",\" or \")\" after \"a\", found \"b\""]
    ),
    ("type T (a: int b: int)", ["2:16: expected \",\" or \")\" after \"a\", found \"b\""]),
    ("type T (, a: int)", ["2:9: expected a field name, found \",\""]),
    ("type T (a: )", ["2:12: expected a type, found \")\""]),
    ("type T (a: [int]b)", ["2:12: expected a type, found \"[\" (an array is \"[]\", a map \"[string]\")"]),
    ("type T (a: ]b)", ["2:12: expected a type, found \"]\""]),
    ("type T (a: strng)", ["2:12: unknown type \"strng\"; did you mean \"string\"?"]),
    ("type T (a: Tee)\ntype Te (a, b)", ["2:12: unknown type \"Tee\"; did you mean \"Te\"?"]),
    ("type T (a: M)\nmethod M() -> ()", ["2:12: \"M\" is a method, not a type"]),
    ("type T (a: E)\nerror E ()", ["2:12: \"E\" is an error, not a type"]),
    ("type T (a: ??int)", ["2:13: \"??\": a type is nullable or not"]),
    ("type T (a: ?? ? int)", ["2:13: \"??\": a type is nullable or not"]),
    ("type T (a: int, a: bool)", ["2:17: repeated \"a\""]),
    ("type T (a, b, a)", ["2:15: repeated \"a\""]),
    ("type T (a, b: int)", ["2:13: \"b\" has a type, but \"a\" makes this an enum"]),
    ("type T (a: int, b)", ["2:18: expected \":\" and a type after \"b\", found \")\""]),
    ("type T (a b)", ["2:11: expected \":\", \",\" or \")\" after \"a\", found \"b\""]),
    ("type T (a, b c)", ["2:14: expected \",\" or \")\" after \"b\", found \"c\""]),
    ("type T (a: int, b c)", ["2:19: expected \":\" and a type after \"b\", found \"c\""]),
    ("type T (a, b)\ntype T (c, d)", ["3:6: \"T\" is already the name of a type, in line 2"]),
    ("method T() -> ()\nerror T ()", ["3:7: \"T\" is already the name of a method, in line 2"]),
    ("method M()", ["2:11: expected \"->\" after the input of method M, found the end of the text"]),
    ("method M() ->", ["2:14: expected \"(\" after \"->\", found the end of the text"]),
    ("method M(a, b) -> ()", ["2:9: expected fields with types, found an enum"]),
    ("method M() -> () method N() -> ()", ["2:18: expected a line break after method M, found \"method\""]),
    (
      "type T (a, b) )",
      [
        "2:15: expected a line break after type T, found \")\"",
        "2:15: expected \"type\", \"method\" or \"error\", found \")\"",
      ]
    ),
    (
      "type T (a: \(String(repeating: "[]", count: 100))int)",
      ["2:140: nested deeper than 64 levels"]
    ),
    (
      "type T \(String(repeating: "(a:", count: 100))",
      ["2:203: nested deeper than 64 levels"]
    ),
  ])
  func members(text: String, lines: [String]) {
    let error = #expect(throws: ProblemList.self) {
      try InterfaceDescription(parsing: "interface a.b\n\(text)", file: "f")
    }
    #expect(error?.lines == lines.map { "f:" + $0 })
  }

  @Test func allProblemsAreFoundAtOnce() {
    let error = #expect(throws: ProblemList.self) {
      try description(
        """
        type A (a: Strange,
          a: int
        method B(a: A, b: Missing) -> (c)
        method C() ->
        # Fine.
        method D() -> (a: A, b: C)
        erro E ()
        error A ()
        """)
    }
    #expect(
      error?.lines == [
        "interface description:2:12: unknown type \"Strange\"; did you mean \"string\"?",
        "interface description:3:3: repeated \"a\"",
        "interface description:4:1: expected \",\" or \")\" after \"a\", found \"method\"",
        "interface description:4:19: unknown type \"Missing\"",
        "interface description:4:31: expected fields with types, found an enum",
        "interface description:7:1: expected \"(\" after \"->\", found \"method\"",
        "interface description:7:25: \"C\" is a method, not a type",
        "interface description:8:1: expected \"type\", \"method\" or \"error\", found \"erro\"; did you mean \"error\"?",
        "interface description:9:7: \"A\" is already the name of a type, in line 2",
      ])
  }
}
