import Testing
import Varlink

@Suite("Descriptions are formatted as systemd's are")
struct InterfaceFormattingTests {
  static let untidy = """
    # Licence.

    # Docs
    interface org.example.test # behind
    # detached

    #doc of T
    type T(a:int,b:?[](x:string,#x
     y:[string]T)# y
     ,c:(one,two , # of two
     # of three
     three) # of c
     # before the end
     )
    method M ( ) ->(# a
     a:bool
     ) # of M
    error E
    error F (  a : object ,)
    error G (p, q)
    # closing

    # last
    """

  static let tidy = """
    # Licence.

    # Docs
    # behind
    interface org.example.test

    # detached

    # doc of T
    type T(
    \ta: int,
    \t# y
    \tb: ?[](
    \t\t# x
    \t\tx: string,
    \t\ty: [string]T
    \t),
    \t# of c
    \t# before the end
    \tc: (
    \t\tone,
    \t\t# of two
    \t\ttwo,
    \t\t# of three
    \t\tthree
    \t)
    )

    # of M
    method M() -> (
    \t# a
    \ta: bool
    )

    error E()

    error F(
    \ta: object
    )

    error G(
    \tp,
    \tq
    )

    # closing

    # last

    """

  @Test func everyCommentStaysAndEveryFieldHasItsLine() throws {
    #expect(try InterfaceDescription(parsing: Self.untidy).formatted == Self.tidy)
  }

  @Test func whatIsTidyStaysAsItIs() throws {
    #expect(try InterfaceDescription(parsing: Self.tidy).formatted == Self.tidy)
  }

  @Test func formattingKeepsTheMeaning() throws {
    let untidy = try InterfaceDescription(parsing: Self.untidy)
    #expect(try InterfaceDescription(parsing: untidy.formatted).members == untidy.members)
  }
}

@Suite("What not every implementation reads is found")
struct InterfaceSubsetTests {
  @Test(arguments: [
    ("type T (a: [][]int)", ["2:12: [] directly before \"[]\""]),
    ("type T (a: [string][]int)", ["2:12: [string] directly before \"[]\""]),
    ("type T (a: []?int)", ["2:12: [] directly before \"?\""]),
    ("type T (a: [][string]int)", ["2:12: [] directly before \"[string]\""]),
    ("type T (a: [string]())", ["2:20: an empty structure as a type"]),
    ("type T ()", ["2:8: an empty structure as a type"]),
    ("type T (a: int, # a\n  b: int)", ["2:17: a comment behind what it describes"]),
    ("type T (a: int # a\n)", ["2:16: a comment behind what it describes"]),
    ("type T (a: int\n# a\n)", ["3:1: a comment after the last field"]),
    ("type T\n# a\n(a, b)", ["3:1: a comment inside a declaration"]),
    ("error E (a, b)", ["2:9: error E is an enum"]),
    ("error E", ["2:7: error E without \"()\""]),
    ("error E\n()", ["3:1: a line break between error E and its \"(\""]),
    ("type T (a)", ["2:8: an enum with the single value \"a\""]),
    ("type T (a: int)\r\n", ["2:16: a carriage return"]),
    ("type T (a:\u{A0}int)", ["2:11: white space other than space, tab and newline"]),
    ("type T (a: int,)", ["2:16: a trailing comma after \"a\""]),
    ("type T (a: any)", ["2:12: the type any"]),
    ("type T (a: ? int)", ["2:14: white space after \"?\""]),
    ("type T (a: [] int)", ["2:15: white space after \"[]\""]),
    ("type T (A: int)", ["2:9: \"A\" begins with a capital letter"]),
    ("method M( ) -> ()", ["2:9: white space inside \"()\""]),
    ("#\nmethod M() -> ()", ["2:1: an empty comment line directly above a declaration"]),
    ("type T (\n#\na: int)", ["3:1: an empty comment line directly above a field"]),
    ("method M() -> () # m", ["2:18: a comment behind what it describes"]),
  ])
  func violations(text: String, expected: [String]) throws {
    #expect(try description(text + "\nmethod Last() -> ()").subsetViolations() == expected)
  }

  @Test(arguments: ["a-b.c", "a1.b", "a.b--c", "a." + String(repeating: "b", count: 254)])
  func interfaceNames(name: String) throws {
    let description = try InterfaceDescription(parsing: "interface \(name)\nmethod M() -> ()")
    #expect(
      description.subsetViolations() == [
        "1:11: an interface name that is long, has a double hyphen, or more than letters in its first part"
      ])
  }

  @Test func anInterfaceHasAMethod() throws {
    #expect(try description("error E ()").subsetViolations() == ["2:11: no method"])
  }

  @Test func whatEverybodyReadsIsNoViolation() throws {
    let text = """
      # Docs.
      #
      # More.
      interface org.example.a-1.Test
      # A type.
      type T (
        # A field.
        a: ?[]T, b: ?[string]U,
        c: object
      )
      type U (one,
        # Two.
        two)
      # A section.

      #
      # [Requires 'more' flag]
      method M() -> (a: (b: ?T))
      method N(a: []U) -> ()
      error E ()
      error F(a: string)
      """
    #expect(try InterfaceDescription(parsing: text).subsetViolations() == [])
  }
}

@Suite("The service interface is published as everybody reads it")
struct ServiceInterfaceTests {
  @Test func itStaysInsideTheCommonSubsetAndIsTidy() throws {
    #expect(InterfaceDescription.service.subsetViolations() == [])
    #expect(InterfaceDescription.service.formatted == serviceInterfaceText)
  }

  @Test func itHasTheMembersOfTheSpecification() throws {
    let members = InterfaceDescription.service.members.map { member in
      switch member.definition {
      case .method(let input, let output):
        "method \(member.name)\(ValueType.structure(input)) -> \(ValueType.structure(output))"
      case .error(let type): "error \(member.name) \(type)"
      case .type(let type): "type \(member.name) \(type)"
      }
    }
    #expect(
      members == [
        "method GetInfo() -> (vendor: string, product: string, version: string, url: string, interfaces: []string)",
        "method GetInterfaceDescription(interface: string) -> (description: string)",
        "error InterfaceNotFound (interface: string)", "error MethodNotFound (method: string)",
        "error MethodNotImplemented (method: string)", "error InvalidParameter (parameter: string)",
        "error PermissionDenied ()", "error ExpectedMore ()", "error ExpectedUpgrade ()",
      ])
  }

  @Test func everythingInItIsDocumented() {
    for member in InterfaceDescription.service.members {
      #expect(!member.documentation.isEmpty, "\(member.name)")
      let fields: [InterfaceDescription.Field] =
        switch member.definition {
        case .method(let input, let output): input + output
        case .error(.structure(let fields)): fields
        default: []
        }
      for field in fields { #expect(!field.documentation.isEmpty, "\(member.name).\(field.name)") }
    }
  }
}
