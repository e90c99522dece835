import TabularPackage
import Testing

/// Every property of the standard (Data Package, Data Resource, Table Dialect and Table Schema, versions 1 and 2): it is
/// checked, or is right whatever it says, or is refused with its place.
@Suite("Every property of the standard is checked, harmless or refused")
struct StandardPropertyTests {
  enum Place: String, CaseIterable {
    case package, resource, dialect, schema, field, constraints, license, source, contributor, foreignKey, reference
  }

  struct Case: CustomTestStringConvertible, Sendable {
    let place: Place
    let property: String
    let value: String
    /// Nil where nothing is wrong.
    let message: String?
    var type = "string"
    var testDescription: String { "\(place) \(property): \(value) (\(type))" }
  }

  private static func wrong(
    _ place: Place, _ property: String, _ value: String, _ message: String, of type: String = "string"
  ) -> Case {
    Case(place: place, property: property, value: value, message: message, type: type)
  }

  private static func right(_ place: Place, _ property: String, _ values: String..., of type: String = "string")
    -> [Case]
  {
    values.map { Case(place: place, property: property, value: $0, message: nil, type: type) }
  }

  /// Texts about something, which are strings.
  private static let words: [Case] = [
    (Place.package, ["$schema", "profile", "id", "name", "title", "description", "homepage", "version", "image"]),
    (
      .resource,
      [
        "title", "description", "homepage", "mediatype", "scheme", "type", "profile", "$schema", "id", "version",
        "format",
      ]
    ),
    (.dialect, ["$schema", "name", "title", "description", "headerJoin"]),
    (.schema, ["$schema", "name", "title", "description"]), (.field, ["title", "description", "rdfType", "format"]),
    (.license, ["name", "path", "title"]), (.source, ["title", "path", "email", "version"]),
    (.contributor, ["title", "givenName", "familyName", "path", "email", "organization", "role"]),
  ].flatMap { place, properties in
    properties.map { wrong(place, $0, "5", "\"\($0)\" must be a string, not integer") }
  }

  private static let ofPackage: [Case] =
    [
      wrong(.package, "created", "\"2026-01-31\"", created("2026-01-31")),
      wrong(.package, "created", "\"2026-01-31Tnoon\"", created("2026-01-31Tnoon")),
      wrong(.package, "created", "\"2026-02-30T12:00:00Z\"", created("2026-02-30T12:00:00Z")),
      wrong(.package, "created", "\"2026-01-31T12:00:00\"", created("2026-01-31T12:00:00")),
      wrong(.package, "created", "\"2026-01-31T25:00:00Z\"", created("2026-01-31T25:00:00Z")),
      wrong(.package, "created", "\"2026-01-31T12:00:00.Z\"", created("2026-01-31T12:00:00.Z")),
      wrong(.package, "created", "\"2026-01-31T12:00:00+01\"", created("2026-01-31T12:00:00+01")),
      wrong(.package, "keywords", "\"a\"", "\"keywords\" must be an array, not string"),
      wrong(.package, "keywords", "[\"a\", 1]", "element 2 must be a string, not integer"),
      wrong(.package, "licenses", "{}", "\"licenses\" must be an array, not object"),
      wrong(.package, "licenses", "[{\"title\": \"x\"}]", "a license needs a \"name\" or a \"path\""),
      wrong(.package, "sources", "[5]", "element 1 must be an object, not integer"),
      wrong(.package, "contributors", "\"me\"", "\"contributors\" must be an array, not string"),
      wrong(.package, "sources", "[{}]", "the source says nothing"),
      wrong(.package, "contributors", "[{}]", "the contributor has no name, and nothing else"),
      wrong(.contributor, "roles", "\"editor\"", "\"roles\" must be an array, not string"),
      wrong(.contributor, "roles", "[{}]", "element 1 must be a string, not object"),
    ]
    + right(
      .package, "created", "\"2026-01-31T12:00:00Z\"", "\"2026-01-31t12:00:60.25+05:30\"",
      "\"2024-02-29T00:00:00-00:00\"")
    + right(.package, "keywords", "[]", "[\"a\"]") + right(.contributor, "roles", "[\"editor\"]")

  private static func created(_ text: String) -> String {
    "\"created\" must be a date and time such as 2026-01-31T12:00:00Z, not \"\(text)\""
  }

  private static let ofResource: [Case] =
    [
      wrong(.resource, "data", "[]", "a resource has either \"path\" or \"data\", not both"),
      wrong(.resource, "type", "\"tble\"", "type \"tble\" of a resource with a \"schema\" is not \"table\""),
      wrong(.resource, "format", "\"xlsx\"", "format \"xlsx\" is not supported for a table, only \"csv\""),
      wrong(.resource, "encoding", "\"latin-1\"", "encoding \"latin-1\" is not supported, only \"utf-8\""),
      wrong(.resource, "encoding", "8", "\"encoding\" must be a string, not integer"),
      wrong(.resource, "compression", "\"gz\"", "compressed files are not supported"),
      wrong(.resource, "extrapaths", "[\"u.csv\"]", "a table in several files is not supported"),
      wrong(.resource, "innerpath", "\"t.csv\"", "a table in an archive is not supported"),
      wrong(.resource, "bytes", "\"9\"", "\"bytes\" must be an integer, not string"),
      wrong(.resource, "bytes", "-1", "\"bytes\" must not be negative"),
      wrong(.resource, "bytes", "9", "the file has 6 bytes, the descriptor says 9"),
      wrong(.resource, "hash", "5", "\"hash\" must be a string, not integer"),
      wrong(.resource, "hash", "\"abc\"", "\"abc\" is no md5 digest, which has 32 hexadecimal digits"),
      wrong(
        .resource, "hash", "\"sha256:\(String(repeating: "g", count: 64))\"",
        "\"\(String(repeating: "g", count: 60))…\" is no sha256 digest, which has 64 hexadecimal digits"),
      wrong(
        .resource, "hash", "\"sha1:ab\"", "hash algorithm \"sha1\" is not supported, only \"md5\" and \"sha256\""),
      wrong(
        .resource, "hash", "\"\(String(repeating: "0", count: 32))\"",
        "the file's md5 digest is c9e54fa8f5679233f5b8a2ac0a269ac7, the descriptor says "
          + String(repeating: "0", count: 32)),
      wrong(.resource, "sources", "5", "\"sources\" must be an array, not integer"),
      wrong(.resource, "licenses", "5", "\"licenses\" must be an array, not integer"),
      wrong(.resource, "dialect", "\"d.json\"", "a dialect in a file of its own is not supported"),
      wrong(.resource, "fields", "[]", "\"fields\" belongs in the resource's \"schema\""),
      wrong(.resource, "uniqueKeys", "[]", "\"uniqueKeys\" belongs in the resource's \"schema\""),
    ] + right(.resource, "bytes", "6") + right(.resource, "type", "\"table\"")
    + right(.resource, "encoding", "\"UTF-8\"") + right(.resource, "mediatype", "\"text/csv\"")

  private static let ofDialect: [Case] =
    [
      wrong(.dialect, "delimiter", "\"::\"", "\"delimiter\" must be one ASCII character, not \"::\""),
      wrong(.dialect, "delimiter", "5", "\"delimiter\" must be a string, not integer"),
      wrong(.dialect, "quoteChar", "\"\"", "\"quoteChar\" must be one ASCII character, not \"\""),
      wrong(.dialect, "lineTerminator", "\"\\r\"", "lines may end in \"\\n\" or \"\\r\\n\", not in \"\\r\""),
      wrong(.dialect, "doubleQuote", "false", "only \"doubleQuote\": true is supported"),
      wrong(.dialect, "doubleQuote", "\"no\"", "\"doubleQuote\" must be true or false, not string"),
      wrong(.dialect, "escapeChar", "\"\\\\\"", "\"escapeChar\" is not supported"),
      wrong(.dialect, "nullSequence", "\"NA\"", "\"nullSequence\" is not supported"),
      wrong(.dialect, "skipInitialSpace", "true", "\"skipInitialSpace\" is not supported"),
      wrong(.dialect, "header", "\"yes\"", "\"header\" must be true or false, not string"),
      wrong(.dialect, "headerRows", "[1, 2]", "only one header row, the first, is supported"),
      wrong(.dialect, "commentRows", "[1]", "\"commentRows\" is not supported"),
      wrong(.dialect, "commentChar", "\"#\"", "\"commentChar\" is not supported"),
      wrong(.dialect, "caseSensitiveHeader", "\"no\"", "\"caseSensitiveHeader\" must be true or false, not string"),
      wrong(.dialect, "csvddfVersion", "[]", "\"csvddfVersion\" must be a number or a string, not array"),
      wrong(.dialect, "property", "5", "\"property\" must be a string, not integer"),
      wrong(.dialect, "itemType", "\"list\"", "unknown \"itemType\" \"list\"; known are array, object"),
      wrong(.dialect, "itemKeys", "\"a\"", "\"itemKeys\" must be an array, not string"),
      wrong(.dialect, "sheetNumber", "\"1\"", "\"sheetNumber\" must be an integer, not string"),
      wrong(.dialect, "sheetName", "1", "\"sheetName\" must be a string, not integer"),
      wrong(.dialect, "table", "1", "\"table\" must be a string, not integer"),
    ] + right(.dialect, "caseSensitiveHeader", "false", "true") + right(.dialect, "csvddfVersion", "1.2", "\"1.2\"")
    + right(.dialect, "lineTerminator", "\"\\n\"", "\"\\r\\n\"") + right(.dialect, "headerRows", "[1]")
    + right(.dialect, "sheetNumber", "1") + right(.dialect, "itemKeys", "[\"a\"]")
    + right(.dialect, "property", "\"rows\"") + right(.dialect, "commentRows", "[]")
    + right(.dialect, "skipInitialSpace", "false")
    + right(.dialect, "headerJoin", "\" \"") + right(.dialect, "escapeChar", "null")

  private static let ofSchema: [Case] =
    [
      wrong(.schema, "fieldsMatch", "\"exactly\"", "unknown \"fieldsMatch\" \"exactly\"; did you mean \"exact\"?"),
      wrong(.schema, "fieldsMatch", "5", "\"fieldsMatch\" must be a string, not integer"),
      wrong(.schema, "primaryKey", "\"b\"", "the primary key names the unknown field \"b\""),
      wrong(.schema, "uniqueKeys", "\"a\"", "\"uniqueKeys\" must be an array, not string"),
      wrong(.schema, "uniqueKeys", "[\"a\"]", "element 1 must be an array, not string"),
      wrong(.schema, "uniqueKeys", "[]", "\"uniqueKeys\" is empty"),
      wrong(.schema, "uniqueKeys", "[[]]", "the unique key names no field"),
      wrong(.schema, "uniqueKeys", "[[\"b\"]]", "the unique key names the unknown field \"b\""),
      wrong(.schema, "uniqueKeys", "[[\"a\", \"a\"]]", "the unique key names the field \"a\" twice"),
      wrong(.schema, "uniqueKeys", "[[\"a\"], [\"a\"]]", "the unique key is the same as unique key 1"),
      wrong(.schema, "uniqueKey", "[[\"a\"]]", "unknown property \"uniqueKey\"; did you mean \"uniqueKeys\"?"),
      wrong(.schema, "foreignKeys", "{}", "\"foreignKeys\" must be an array, not object"),
      wrong(.schema, "missingValues", "\"-\"", "\"missingValues\" must be an array, not string"),
      wrong(.schema, "missingValues", "[5]", "element 1 must be a string, not integer"),
      wrong(.foreignKey, "fields", "\"b\"", "the foreign key names the unknown field \"b\""),
      wrong(.reference, "resource", "\"u\"", "the foreign key refers to the unknown resource \"u\""),
      wrong(.reference, "fields", "\"b\"", "the foreign key refers to the unknown field \"b\" of \"t\""),
    ] + right(.schema, "fieldsMatch", "\"equal\"", "[\"equal\"]") + right(.schema, "uniqueKeys", "[[\"a\"]]")
    + right(.schema, "primaryKey", "[]", "\"a\"", "[\"a\"]")

  private static let ofField: [Case] =
    [
      wrong(.field, "type", "\"time\"", notSupported("time")),
      wrong(.field, "type", "\"list\"", notSupported("list")),
      wrong(.field, "type", "\"strin\"", "unknown type \"strin\"; did you mean \"string\"?"),
      wrong(.field, "format", "\"email\"", "format \"email\" of a string is not supported"),
      wrong(.field, "example", "\"x\"", "the \"example\" is not an integer: \"x\"", of: "integer"),
      wrong(.field, "example", "[]", "the \"example\" is not a string: []"),
      wrong(.field, "constraints", "[]", "\"constraints\" must be an object, not array"),
      wrong(.field, "missingValues", "5", "\"missingValues\" must be an array, not integer"),
      wrong(.field, "categories", "[\"1\", \"1\"]", "the category \"1\" is listed twice"),
      wrong(.field, "categories", "[]", "\"categories\" allows nothing"),
      wrong(
        .field, "categories", "[1]",
        "\"categories\" of an integer is not supported; use the constraint \"enum\"", of: "integer"),
      wrong(.field, "categoriesOrdered", "true", "\"categoriesOrdered\" without \"categories\""),
      wrong(.field, "bareNumber", "false", "\"bareNumber\": false is not supported", of: "integer"),
      wrong(.field, "bareNumber", "true", "\"bareNumber\" does not apply to a string"),
      wrong(.field, "bareNumber", "1", "\"bareNumber\" must be true or false, not integer", of: "number"),
      wrong(.field, "decimalChar", "\",\"", "\"decimalChar\" other than \".\" is not supported", of: "number"),
      wrong(.field, "decimalChar", "\".\"", "\"decimalChar\" does not apply to a date", of: "date"),
      wrong(.field, "groupChar", "\",\"", "\"groupChar\" is not supported", of: "number"),
      wrong(.field, "groupChar", "\",\"", "\"groupChar\" does not apply to a string"),
      wrong(.field, "trueValues", "[\"1\"]", "\"trueValues\" does not apply to a string"),
      wrong(.field, "trueValues", "\"1\"", "\"trueValues\" must be an array, not string", of: "boolean"),
      wrong(.field, "trueValues", "[]", "\"trueValues\" is empty", of: "boolean"),
      wrong(
        .field, "falseValues", "[\"1\"]", "\"1\" is both true and false by \"trueValues\" and \"falseValues\"",
        of: "boolean"),
      wrong(.field, "arrayItem", "{}", "\"arrayItem\" does not apply to a string"),
      wrong(.field, "itemType", "\"string\"", "\"itemType\" does not apply to a string"),
      wrong(.field, "delimiter", "\";\"", "\"delimiter\" does not apply to a string"),
      wrong(.field, "minimum", "5", "\"minimum\" belongs in the field's \"constraints\"", of: "integer"),
    ] + right(.field, "format", "\"default\"") + right(.field, "example", "\"x\"", "null")
    + right(.field, "example", "7", "\"7\"", of: "integer") + right(.field, "rdfType", "\"http://example.org/x\"")
    + right(.field, "bareNumber", "true", of: "integer") + right(.field, "decimalChar", "\".\"", of: "number")
    + right(.field, "trueValues", "[\"1\", \"7\"]", of: "boolean")

  private static func notSupported(_ type: String) -> String {
    "type \"\(type)\" is not supported; supported are string, integer, number, boolean, date, year, yearmonth, any"
  }

  private static let ofConstraints: [Case] =
    [
      wrong(.constraints, "required", "\"yes\"", "\"required\" must be true or false, not string"),
      wrong(.constraints, "unique", "1", "\"unique\" must be true or false, not integer"),
      wrong(.constraints, "minLength", "-1", "\"minLength\" must not be negative"),
      wrong(.constraints, "maxLength", "\"5\"", "\"maxLength\" must be an integer, not string"),
      wrong(.constraints, "minLength", "5", "the constraint \"minLength\" does not apply to an integer", of: "integer"),
      wrong(
        .constraints, "minimum", "\"abc\"", "the constraint \"minimum\" is not an integer: \"abc\"", of: "integer"),
      wrong(.constraints, "maximum", "true", "the constraint \"maximum\" is not an integer: true", of: "integer"),
      wrong(
        .constraints, "exclusiveMinimum", "[]", "the constraint \"exclusiveMinimum\" is not a date: []", of: "date"),
      wrong(
        .constraints, "exclusiveMaximum", "\"2026-02-30\"",
        "the constraint \"exclusiveMaximum\" is not a date: \"2026-02-30\"", of: "date"),
      wrong(.constraints, "minimum", "1", "the constraint \"minimum\" does not apply to a string"),
      wrong(.constraints, "pattern", "\"(\"", "bad pattern \"(\" at character 1: '(' without ')'"),
      wrong(.constraints, "pattern", "5", "\"pattern\" must be a string, not integer"),
      wrong(.constraints, "enum", "[]", "the constraint \"enum\" allows nothing"),
      wrong(.constraints, "enum", "\"1\"", "\"enum\" must be an array, not string"),
      wrong(.constraints, "enum", "[1, \"1\"]", "\"1\" of \"enum\" is listed twice", of: "integer"),
      wrong(.constraints, "enum", "[1, \"x\"]", "element 2 of \"enum\" is not an integer: \"x\"", of: "integer"),
      wrong(.constraints, "jsonSchema", "{}", "the constraint \"jsonSchema\" does not apply to a string"),
      wrong(.constraints, "requird", "true", "unknown constraint \"requird\"; did you mean \"required\"?"),
      wrong(
        .constraints, "minimum", "2, \"maximum\": 1", "no value is between \"minimum\" 2 and \"maximum\" 1",
        of: "integer"),
      wrong(
        .constraints, "minimum", "1, \"exclusiveMaximum\": 1",
        "no value is between \"minimum\" 1 and \"exclusiveMaximum\" 1", of: "integer"),
      wrong(.constraints, "minLength", "2, \"maxLength\": 1", "\"maxLength\" 1 is less than \"minLength\" 2"),
    ] + right(.constraints, "minimum", "1, \"maximum\": 1", "\"1\"", of: "integer")
    + right(.constraints, "required", "true") + right(.constraints, "unique", "true")
    + right(.constraints, "pattern", "\"[0-9]+\"")

  static let all = words + ofPackage + ofResource + ofDialect + ofSchema + ofField + ofConstraints

  /// A package of one table that is in order, with one property more.
  private static func descriptor(_ example: Case) -> String {
    func more(_ place: Place) -> String { place == example.place ? "\"\(example.property)\": \(example.value)" : "" }
    func also(_ place: Place, without others: [(String, String)]) -> String {
      let kept = others.filter { place != example.place || $0.0 != example.property }.map { "\"\($0.0)\": \($0.1)" }
      return (kept + [more(place)].filter { !$0.isEmpty }).joined(separator: ", ")
    }
    func object(_ place: Place, _ others: [(String, String)] = []) -> String { "{\(also(place, without: others))}" }
    let reference = object(.reference, [("resource", "\"\""), ("fields", "\"a\"")])
    let field = object(
      .field, [("name", "\"a\""), ("type", "\"\(example.type)\""), ("constraints", object(.constraints))])
    let key = object(.foreignKey, [("fields", "\"a\""), ("reference", reference)])
    let schema = object(.schema, [("fields", "[\(field)]"), ("foreignKeys", "[\(key)]")])
    let resource = object(
      .resource, [("name", "\"t\""), ("path", "\"t.csv\""), ("dialect", object(.dialect)), ("schema", schema)])
    return object(
      .package,
      [
        ("$schema", "\"https://datapackage.org/profiles/2.0/datapackage.json\""),
        ("licenses", "[\(object(.license, [("name", "\"x\"")]))]"),
        ("sources", "[\(object(.source, [("title", "\"x\"")]))]"),
        ("contributors", "[\(object(.contributor, [("title", "\"x\"")]))]"),
        ("resources", "[\(resource)]"),
      ])
  }

  @Test(arguments: all)
  func property(_ example: Case) throws {
    let cell = ["date": "2026-01-31", "boolean": "1"][example.type] ?? "1"
    let package = try TemporaryPackage(
      descriptor: Self.descriptor(example),
      files: ["t.csv": example.type == "date" ? "a\n\(cell)\n" : "a\n\(cell)\n1\n"])
    let found = package.problems()
    guard let message = example.message else {
      let isUnique = ["unique", "uniqueKeys", "primaryKey"].contains(example.property)
      return #expect(found.allSatisfy { isUnique && $0.hasSuffix("already used in row 2") }, "\(found)")
    }
    #expect(found.contains { $0.hasSuffix(": \(message)") }, "\(found)")
    // With its place.
    #expect(found.allSatisfy { $0.hasPrefix("datapackage.json:1:") || $0.hasPrefix("t.csv: the file") }, "\(found)")
  }
}
