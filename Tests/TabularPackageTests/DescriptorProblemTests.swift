import Testing

/// What is said about a descriptor that is wrong: file, line, column, and the nearest right name.
struct DescriptorProblemTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let descriptor: String
    let problems: [String]
    var testDescription: String { name }
  }

  /// A descriptor whose only table has the schema `schema`, which begins at line 2, column 13.
  private static func schema(_ schema: String) -> String {
    """
    {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "resources": [{"name": "t", "path": "t.csv",
     "schema": \(schema)}]}
    """
  }

  private static func resource(_ resource: String) -> String {
    "{\"resources\": [\n\(resource)]}"
  }

  static let cases: [Case] = [
    Case(
      name: "no JSON", descriptor: "{\"resources\": [}",
      problems: ["datapackage.json:1:16: unexpected character"]),
    Case(
      name: "no object", descriptor: "[]",
      problems: ["datapackage.json:1:1: a data package must be an object, not array"]),
    Case(
      name: "U+0000", descriptor: "{\"title\": \"a\\u0000b\", \"resources\": []}",
      problems: [
        "datapackage.json:1:11: this contains U+0000, which no text can hold",
        "datapackage.json:1:36: \"resources\" is empty",
      ]),
    Case(name: "no resources", descriptor: "{}", problems: ["datapackage.json:1:1: \"resources\" is missing"]),
    Case(
      name: "misspelt resources", descriptor: "{\"resource\": []}",
      problems: [
        "datapackage.json:1:14: unknown property \"resource\"; did you mean \"resources\"?",
        "datapackage.json:1:1: \"resources\" is missing",
      ]),
    Case(
      name: "wrong types", descriptor: #"{"title": 5, "keywords": "x", "resources": {}}"#,
      problems: [
        "datapackage.json:1:11: \"title\" must be a string, not integer",
        "datapackage.json:1:26: \"keywords\" must be an array, not string",
        "datapackage.json:1:44: \"resources\" must be an array, not object",
      ]),
    Case(
      name: "a resource without name and one without path",
      descriptor: resource(#"{"path": "t.csv"}, {"name": "a"}"#),
      problems: [
        "datapackage.json:2:1: the resource has no \"name\"", "datapackage.json:2:20: the resource has no \"path\"",
      ]),
    Case(
      name: "the same name twice",
      descriptor: resource(#"{"name": "x", "path": "x.txt"}, {"name": "x", "path": "x.txt"}"#),
      problems: ["datapackage.json:2:42: resource \"x\" is already defined as resource 1"]),
    Case(
      name: "a name that version 1 does not allow", descriptor: resource(#"{"name": "Größe", "path": "x.txt"}"#),
      problems: [
        "datapackage.json:2:10: the name \"Größe\" may have only a-z, 0-9, '-', '_', '.' and '/' in version 1 of the standard"
      ]),
    Case(
      name: "unsafe paths",
      descriptor: resource(
        #"""
        {"name": "a", "path": "/etc/passwd"}, {"name": "b", "path": "../x.txt"},
        {"name": "c", "path": "https://example.org/x.txt"}, {"name": "d", "path": ["a.csv", "b.csv"]}
        """#),
      problems: [
        "datapackage.json:2:23: path \"/etc/passwd\" is not safe: it must be relative to the descriptor",
        "datapackage.json:2:61: path \"../x.txt\" is not safe: it must not contain \"..\"",
        "datapackage.json:3:23: path \"https://example.org/x.txt\" is an address: only files are supported",
        "datapackage.json:3:75: a table in several files is not supported",
      ]),
    Case(
      name: "unsafe paths with a mark that Swift takes for a part of the slash",
      descriptor: resource(
        #"""
        {"name": "a", "path": "/\u0301etc"}, {"name": "b", "path": "../\u0301x.txt"},
        {"name": "c", "path": "~\u0301/x.txt"}, {"name": "d", "path": "$\u0301x.txt"}
        """#),
      problems: [
        "datapackage.json:2:23: path \"/\u{301}etc\" is not safe: it must be relative to the descriptor",
        "datapackage.json:2:60: path \"../\u{301}x.txt\" is not safe: it must not contain \"..\"",
        "datapackage.json:3:23: path \"~\u{301}/x.txt\" is not safe: it must not contain variables",
        "datapackage.json:3:63: path \"$\u{301}x.txt\" is not safe: it must not contain variables",
      ]),
    Case(
      name: "a file that is not there",
      descriptor: resource(#"{"name": "a", "path": "absent.csv", "schema": {"fields": [{"name": "x"}]}}"#),
      problems: ["datapackage.json:2:23: path \"absent.csv\" cannot be found: No such file or directory"]),
    Case(
      name: "a table without a schema", descriptor: resource(#"{"name": "t", "path": "t.csv"}"#),
      problems: ["datapackage.json:2:1: the table \"t\" has no \"schema\""]),
    Case(
      name: "what belongs in the schema", descriptor: resource(#"{"name": "x", "path": "x.txt", "primaryKey": "id"}"#),
      problems: ["datapackage.json:2:46: \"primaryKey\" belongs in the resource's \"schema\""]),
    Case(
      name: "what is not supported",
      descriptor: resource(
        #"""
        {"name": "t", "path": "t.csv", "encoding": "latin-1", "format": "xlsx", "compression": "gz",
         "dialect": {"delimiter": "||", "doubleQuote": false, "lineTerminator": "\r", "escapeChar": "\\",
         "skipInitialSpace": true, "commentChar": "#"},
         "schema": {"fields": [{"name": "id"}, {"name": "n", "type": "datetime"}]}}
        """#),
      problems: [
        "datapackage.json:2:65: format \"xlsx\" is not supported for a table, only \"csv\"",
        "datapackage.json:2:44: encoding \"latin-1\" is not supported, only \"utf-8\"",
        "datapackage.json:2:88: compressed files are not supported",
        "datapackage.json:3:27: \"delimiter\" must be one ASCII character, not \"||\"",
        "datapackage.json:3:48: only \"doubleQuote\": true is supported",
        "datapackage.json:4:22: \"skipInitialSpace\" is not supported",
        "datapackage.json:3:73: lines may end in \"\\n\" or \"\\r\\n\", not in \"\\r\"",
        "datapackage.json:3:93: \"escapeChar\" is not supported",
        "datapackage.json:4:43: \"commentChar\" is not supported",
        "datapackage.json:5:62: type \"datetime\" is not supported; supported are string, integer, number, boolean, date, year, yearmonth, any",
      ]),
    Case(
      name: "no fields", descriptor: schema("{}"), problems: ["datapackage.json:2:12: the schema has no \"fields\""]),
    Case(
      name: "fields without a name, twice the same, of an unknown type",
      descriptor: schema(#"{"fields": [{}, {"name": "n", "type": "integr"}, {"name": "id"}, {"name": "id"}]}"#),
      problems: [
        "datapackage.json:2:24: the field has no \"name\"",
        "datapackage.json:2:50: unknown type \"integr\"; did you mean \"integer\"?",
        "datapackage.json:2:86: field \"id\" is already defined as field 3",
      ]),
    Case(
      name: "keys of unknown fields",
      descriptor: schema(
        #"""
        {"fields": [{"name": "id"}, {"name": "n"}], "primaryKey": ["idd"], "foreignKeys": [
          {"fields": "m", "reference": {"resource": "t", "fields": "id"}},
          {"fields": "n", "reference": {"resource": "tt", "fields": "id"}},
          {"fields": "n", "reference": {"fields": "ids"}},
          {"fields": ["id", "n"], "reference": {"fields": "id"}}]}
        """#),
      problems: [
        "datapackage.json:2:71: the primary key names the unknown field \"idd\"; did you mean \"id\"?",
        "datapackage.json:3:14: the foreign key names the unknown field \"m\"",
        "datapackage.json:6:51: a foreign key of 2 fields refers to 1 field",
        "datapackage.json:4:45: the foreign key refers to the unknown resource \"tt\"; did you mean \"t\"?",
        "datapackage.json:5:43: the foreign key refers to the unknown field \"ids\" of \"t\"; did you mean \"id\"?",
      ]),
    Case(
      name: "a foreign key between types",
      descriptor: schema(
        #"""
        {"fields": [{"name": "id"}, {"name": "n", "type": "integer"}],
         "foreignKeys": [{"fields": "n", "reference": {"fields": "id"}}]}
        """#),
      problems: ["datapackage.json:3:58: the foreign key compares \"n\", an integer, with \"id\", a string"]),
    Case(
      name: "constraints",
      descriptor: schema(
        #"""
        {"fields": [
          {"name": "id", "constraints": {"requird": true, "minimum": 1, "minLength": -1, "pattern": "(a"}},
          {"name": "n", "type": "integer", "required": true,
           "constraints": {"minimum": "x", "enum": [1, "two"], "unique": "yes"}}]}
        """#),
      problems: [
        "datapackage.json:3:45: unknown constraint \"requird\"; did you mean \"required\"?",
        "datapackage.json:3:62: the constraint \"minimum\" does not apply to a string",
        "datapackage.json:3:78: \"minLength\" must not be negative",
        "datapackage.json:3:93: bad pattern \"(a\" at character 1: '(' without ')'",
        "datapackage.json:4:48: \"required\" belongs in the field's \"constraints\"",
        "datapackage.json:5:66: \"unique\" must be true or false, not string",
        "datapackage.json:5:31: the constraint \"minimum\" is not an integer: \"x\"",
        "datapackage.json:5:48: element 2 of \"enum\" is not an integer: \"two\"",
      ]),
    Case(
      name: "missing values",
      descriptor: schema(
        #"""
        {"fields": [{"name": "id"}, {"name": "n", "missingValues": [""]}],
         "missingValues": [{"value": "-", "label": "none"}, {"value": "-"}, {"label": "x"}, "y", {"value": "", "label": "none"}]}
        """#),
      problems: [
        "datapackage.json:3:63: the missing value \"-\" is listed twice",
        "datapackage.json:3:69: the missing value has no \"value\"",
        "datapackage.json:3:85: element 4 must be an object, not string",
        "datapackage.json:3:113: the label \"none\" is used twice",
      ]),
    Case(
      name: "categories",
      descriptor: schema(
        #"""
        {"fields": [
          {"name": "id", "categories": ["a", "b", "a", 1]},
          {"name": "n", "categories": [{"value": "a", "label": "A"}, {"value": "a"}, {"label": "B"}, {"value": "c", "label": "A"}]},
          {"name": "i", "type": "integer", "categories": [1]}, {"name": "m", "type": "number", "categories": [1]},
          {"name": "e", "categories": []}, {"name": "o", "categoriesOrdered": "yes"}, {"name": "p", "categories": "a"},
          {"name": "x", "categories": ["red", "green"], "constraints": {"enum": ["red", "gren"]}}]}
        """#),
      problems: [
        "datapackage.json:3:43: the category \"a\" is listed twice",
        "datapackage.json:3:48: element 4 must be a string, not integer",
        "datapackage.json:4:72: the category \"a\" is listed twice",
        "datapackage.json:4:78: the category has no \"value\"",
        "datapackage.json:4:118: the label \"A\" is used twice",
        "datapackage.json:5:50: \"categories\" of an integer is not supported; use the constraint \"enum\"",
        "datapackage.json:5:102: \"categories\" does not apply to a number; use the constraint \"enum\"",
        "datapackage.json:6:31: \"categories\" allows nothing",
        "datapackage.json:6:71: \"categoriesOrdered\" must be true or false, not string",
        "datapackage.json:6:71: \"categoriesOrdered\" without \"categories\"",
        "datapackage.json:6:107: \"categories\" must be an array, not string",
        "datapackage.json:7:81: \"gren\" of \"enum\" is none of the categories; did you mean \"green\"?",
      ]),
    Case(
      name: "categories in version 1",
      descriptor: #"""
        {"resources": [{"name": "t", "path": "t.csv", "schema": {"fields": [
         {"name": "id", "categories": ["a"]}, {"name": "n"}]}}]}
        """#,
      problems: ["datapackage.json:2:31: \"categories\" needs version 2 of the standard (\"$schema\")"]),
    Case(
      name: "misspelt properties",
      descriptor: schema(#"{"fields": [{"name": "id"}, {"name": "n"}], "primarykey": "id", "foreign_keys": []}"#),
      problems: [
        "datapackage.json:2:70: unknown property \"primarykey\"; did you mean \"primaryKey\"?",
        "datapackage.json:2:92: unknown property \"foreign_keys\"; did you mean \"foreignKeys\"?",
      ]),
    Case(
      name: "properties of one's own",
      descriptor: schema(#"{"fields": [{"name": "id", "unit": "persons"}, {"name": "n"}], "edition": 2}"#),
      problems: []),
  ]

  @Test("every problem has its line and column", arguments: cases)
  func problems(_ example: Case) throws {
    let package = try TemporaryPackage(
      descriptor: example.descriptor, files: ["t.csv": "id,n\n", "x.txt": ""])
    #expect(package.problems() == example.problems)
  }

  @Test("problems of the descriptor and of the data are found together")
  func together() throws {
    let package = try TemporaryPackage(
      descriptor: #"""
        {"resources": [
          {"name": "a", "path": "a.csv", "schema": {"fields": [{"name": "id", "type": "integer"}]}},
          {"name": "b", "path": "b.csv", "schema": {"fields": [{"name": "id", "type": "int"}]}}]}
        """#, files: ["a.csv": "id\nx\n", "b.csv": "id\nx\n"])
    #expect(
      package.problems() == [
        "datapackage.json:3:79: unknown type \"int\"; did you mean \"integer\"?",
        "a.csv:2:id: \"x\" is not an integer",
      ])
  }
}
