import TabularPackage
import TestSupport
import Testing

/// What is said about data that is wrong: the file, the row with the header as row 1, the field, and the text.
struct TableProblemTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    var fields = #"[{"name": "id"}, {"name": "n", "type": "integer"}]"#
    var more = ""
    var dialect: String?
    let csv: String
    let problems: [String]
    var testDescription: String { name }
  }

  static let cells: [Case] = [
    Case(name: "a table in order", csv: "id,n\na,1\nb,2\n", problems: []),
    Case(name: "no line feed at the end", csv: "id,n\na,1\nb,2", problems: []),
    Case(name: "CRLF", csv: "id,n\r\na,1\r\nb,2\r\n", problems: []),
    Case(name: "no rows", csv: "id,n\n", problems: []),
    Case(name: "a byte order mark", csv: "\u{FEFF}id,n\na,1\n", problems: []),
    Case(
      name: "quotes, commas and line feeds inside quotes", csv: "id,n\n\"a,\"\"b\"\"\nc\",1\n\"\",\"2\"\n", problems: []
    ),
    Case(
      name: "integers with a sign, zeros and white space", csv: "id,n\na,-1\nb,+02\nc, 3 \nd,-9223372036854775808\n",
      problems: []),
    Case(
      name: "what is no integer", csv: "id,n\na,1x\nb,1.5\nc,-\nd,9223372036854775808\ne,1_000\n",
      problems: [
        "t.csv:2:n: \"1x\" is not an integer", "t.csv:3:n: \"1.5\" is not an integer",
        "t.csv:4:n: \"-\" is not an integer",
        "t.csv:5:n: \"9223372036854775808\" is beyond the range of a 64-bit integer",
        "t.csv:6:n: \"1_000\" is not an integer",
      ]),
    Case(
      name: "too few and too many cells", csv: "id,n\na\nb,1,2\n",
      problems: [
        "t.csv:2: the row has 1 cell, but the header has 2", "t.csv:3: the row has 3 cells, but the header has 2",
      ]),
    Case(
      name: "blank rows", csv: "id,n\na,1\n\n,\nb,2\n\n",
      problems: ["t.csv:3: the row is blank", "t.csv:4: the row is blank", "t.csv:6: the row is blank"]),
    Case(
      name: "an embedded line feed counts for no row of its own", csv: "id,n\n\"a\n\nb\",1\nc,x\n",
      problems: ["t.csv:3:n: \"x\" is not an integer"]),
    Case(
      name: "a lone quote", csv: "id,n\na\"b,1\nc\",x\nd,y\n",
      problems: [
        "t.csv:2:id: a \" inside a cell without quotes; quote the cell and double the \"",
        "t.csv:3:n: \"y\" is not an integer",
      ]),
    Case(
      name: "text behind a closing quote", csv: "id,n\n\"a\"b,1\nc,2\n",
      problems: ["t.csv:2:id: text behind the closing \"; a \" inside quotes must be doubled"]),
    Case(
      name: "a quote that is never closed", csv: "id,n\na,1\n\"b,2\nc,3\n",
      problems: ["t.csv:3:id: the \" that opens this cell is not closed before the end of the file"]),
    Case(
      name: "a lone carriage return", csv: "id,n\na\rb,1\n\"a\rb\",1\n",
      problems: ["t.csv:2:id: a carriage return without a line feed; lines end in LF or CRLF"]),
    Case(name: "a NUL byte", csv: "id,n\na\0b,1\n", problems: ["t.csv:2:id: \"a\\u{0}b\" contains a NUL byte"]),
    Case(
      name: "a long text is shortened", csv: "id,n\na,\(String(repeating: "x", count: 100))\n",
      problems: ["t.csv:2:n: \"\(String(repeating: "x", count: 60))…\" is not an integer"]),
    Case(
      name: "other delimiter and quote", dialect: #"{"delimiter": ";", "quoteChar": "'"}"#,
      csv: "id;n\n'a;''b';1\n\"c\";x\n", problems: ["t.csv:3:n: \"x\" is not an integer"]),
    Case(
      name: "without a header", dialect: #"{"header": false}"#, csv: "a,1\nb,x\n",
      problems: ["t.csv:2:n: \"x\" is not an integer"]),
  ]

  static let headers: [Case] = [
    Case(
      name: "the line ends of old Macs", csv: "id,n\ra,1\rb,2\r",
      problems: ["t.csv:1: a carriage return without a line feed; save the file with lines that end in LF or CRLF"]),
    Case(
      name: "the line ends of old Macs, and no end to a header",
      csv: "id,n\r" + String(repeating: "a,1\r", count: 1 << 18) + "\n",
      problems: ["t.csv:1: a carriage return without a line feed; save the file with lines that end in LF or CRLF"]),
    Case(
      name: "the line ends of old Macs without a header", dialect: #"{"header": false}"#, csv: "a,1\rb,2\r",
      problems: ["t.csv:1: the row has 3 cells, but the header has 2"]),
    Case(name: "an empty file", csv: "", problems: ["t.csv: the file is empty; it needs a header"]),
    Case(name: "a blank header", csv: "\na,1\n", problems: ["t.csv:1: the header is blank"]),
    Case(
      name: "another order", csv: "n,id\n1,a\n",
      problems: ["t.csv:1: the header's fields are in another order than the schema's: id, n"]),
    Case(
      name: "unknown and missing fields", csv: "id,m,x\na,1,2\n",
      problems: [
        "t.csv:1: column 2 of the header, \"m\", is no field of the schema",
        "t.csv:1: column 3 of the header, \"x\", is no field of the schema",
        "t.csv:1: the header lacks the field \"n\"",
      ]),
    Case(
      name: "a misspelt field", fields: #"[{"name": "id"}, {"name": "persons"}]"#, csv: "id,person\n",
      problems: [
        "t.csv:1: column 2 of the header, \"person\", is no field of the schema; did you mean \"persons\"?",
        "t.csv:1: the header lacks the field \"persons\"",
      ]),
    Case(
      name: "a field twice", csv: "id,id\n",
      problems: ["t.csv:1: the header names \"id\" more than once", "t.csv:1: the header lacks the field \"n\""]),
    Case(name: "fieldsMatch equal", more: #", "fieldsMatch": "equal""#, csv: "n,id\n1,a\n", problems: []),
    Case(
      name: "fieldsMatch subset", more: #", "fieldsMatch": "subset""#, csv: "x,n,id\n,x,a\n",
      problems: ["t.csv:2:n: \"x\" is not an integer"]),
    Case(
      name: "fieldsMatch superset", more: #", "fieldsMatch": "superset""#, csv: "n\n1\nx\n",
      problems: ["t.csv:3:n: \"x\" is not an integer"]),
    Case(
      name: "fieldsMatch partial without a common field", more: #", "fieldsMatch": "partial""#, csv: "x\n1\n",
      problems: ["t.csv:1: the header has no field of the schema"]),
  ]

  static let types: [Case] = [
    Case(
      name: "numbers", fields: #"[{"name": "x", "type": "number", "constraints": {"maximum": 10.5}}]"#,
      csv: "x\n1\n-1.5e3\n.5\n10.50\n10.500000000000000000001\n1,5\nNaN\nabc\n",
      problems: [
        "t.csv:6:x: \"10.500000000000000000001\" is above the maximum 10.5",
        "t.csv:7: the row has 2 cells, but the header has 1",
        "t.csv:8:x: \"NaN\" is above the maximum 10.5", "t.csv:9:x: \"abc\" is not a number",
      ]),
    Case(
      name: "booleans", fields: #"[{"name": "x", "type": "boolean"}]"#, csv: "x\ntrue\nFALSE\n1\nyes\n",
      problems: ["t.csv:5:x: \"yes\" is not a boolean (true, True, TRUE, 1, false, False, FALSE, 0)"]),
    Case(
      name: "booleans in other words",
      fields: #"[{"name": "x", "type": "boolean", "trueValues": ["ja"], "falseValues": ["nein"]}]"#,
      csv: "x\nja\ntrue\n", problems: ["t.csv:3:x: \"true\" is not a boolean (ja, nein)"]),
    Case(
      name: "dates",
      fields: #"[{"name": "x", "type": "date", "constraints": {"minimum": "1955-07-04"}}]"#,
      csv: "x\n1955-07-04\n1956-02-29\n1957-02-29\n4.7.1955\n1955-07-03\n",
      problems: [
        "t.csv:4:x: \"1957-02-29\" is not a date (YYYY-MM-DD)", "t.csv:5:x: \"4.7.1955\" is not a date (YYYY-MM-DD)",
        "t.csv:6:x: \"1955-07-03\" is below the minimum 1955-07-04",
      ]),
    Case(
      name: "years", fields: #"[{"name": "x", "type": "year"}]"#, csv: "x\n1955\n55\n19a5\n",
      problems: ["t.csv:3:x: \"55\" is not a year (YYYY)", "t.csv:4:x: \"19a5\" is not a year (YYYY)"]),
    Case(
      name: "yearmonths",
      fields:
        #"[{"name": "x", "type": "yearmonth", "constraints": {"minimum": "1955-07", "exclusiveMaximum": "1956-01"}}]"#,
      csv: "x\n1955-07\n1955-13\n1955-00\n1955-7\n1955\n1955-07-01\n1955-06\n1955-12\n1956-01\n",
      problems: [
        "t.csv:3:x: \"1955-13\" is not a yearmonth (YYYY-MM)", "t.csv:4:x: \"1955-00\" is not a yearmonth (YYYY-MM)",
        "t.csv:5:x: \"1955-7\" is not a yearmonth (YYYY-MM)", "t.csv:6:x: \"1955\" is not a yearmonth (YYYY-MM)",
        "t.csv:7:x: \"1955-07-01\" is not a yearmonth (YYYY-MM)",
        "t.csv:8:x: \"1955-06\" is below the minimum 1955-07", "t.csv:10:x: \"1956-01\" is not below 1956-01",
      ]),
    Case(
      name: "yearmonths as keys", fields: #"[{"name": "x", "type": "yearmonth"}]"#, more: #", "primaryKey": "x""#,
      csv: "x\n1955-07\n1955-06\n1955-07\n",
      problems: ["t.csv:4:x: the primary key \"1955-07\" is already used in row 2"]),
    Case(name: "any", fields: #"[{"name": "x", "type": "any"}]"#, csv: "x\n1\na\n", problems: []),
    Case(
      name: "missing values of the schema and of a field",
      fields: #"""
        [{"name": "id"}, {"name": "a", "type": "integer"},
         {"name": "b", "type": "integer", "missingValues": ["n/a"]}]
        """#,
      more: #", "missingValues": [{"value": "–", "label": "none printed"}, {"value": "", "label": "not given"}]"#,
      csv: "id,a,b\n1,–,1\n2,,n/a\n3,n/a,–\n4,1,\n",
      problems: [
        "t.csv:4:a: \"n/a\" is not an integer", "t.csv:4:b: \"–\" is not an integer",
        "t.csv:5:b: \"\" is not an integer",
      ]),
    Case(
      name: "a number can stand for a missing value",
      fields: #"""
        [{"name": "id"}, {"name": "n", "type": "integer", "missingValues": ["-99"], "constraints": {"minimum": 0}}]
        """#,
      csv: "id,n\n1,-99\n2,-98\n", problems: ["t.csv:3:n: \"-98\" is below the minimum 0"]),
  ]

  static let constraints: [Case] = [
    Case(
      name: "required", fields: #"[{"name": "id"}, {"name": "x", "constraints": {"required": true}}]"#,
      csv: "id,x\n1,\n2,a\n", problems: ["t.csv:2:x: a value is required"]),
    Case(
      name: "bounds",
      fields: #"[{"name": "id"}, {"name": "x", "type": "integer", "constraints": {"minimum": 1, "maximum": "5"}}]"#,
      csv: "id,x\na,0\nb,1\nc,5\nd,6\n",
      problems: ["t.csv:2:x: \"0\" is below the minimum 1", "t.csv:5:x: \"6\" is above the maximum 5"]),
    Case(
      name: "exclusive bounds",
      fields: #"""
        [{"name": "x", "type": "integer", "constraints": {"exclusiveMinimum": 1, "exclusiveMaximum": 3}}]
        """#,
      csv: "x\n1\n2\n3\n", problems: ["t.csv:2:x: \"1\" is not above 1", "t.csv:4:x: \"3\" is not below 3"]),
    Case(
      name: "enum of texts",
      fields: #"[{"name": "x", "constraints": {"enum": ["counted", "of_which", "contested"]}}]"#,
      csv: "x\ncounted\ncuonted\nzzzzzz\n",
      problems: [
        "t.csv:3:x: \"cuonted\" is not one of the allowed values; did you mean \"counted\"?",
        "t.csv:4:x: \"zzzzzz\" is not one of \"counted\", \"of_which\", \"contested\"",
      ]),
    Case(
      name: "categories",
      fields: #"[{"name": "x", "categories": [{"value": "low", "label": "Low"}, {"value": "high"}]}]"#,
      csv: "x\nlow\nhihg\n\"\"\n",
      problems: [
        "t.csv:3:x: \"hihg\" is not one of the allowed values; did you mean \"high\"?", "t.csv:4: the row is blank",
      ]),
    Case(
      name: "categories that enum restricts",
      fields: #"[{"name": "x", "categories": ["low", "mid", "high"], "constraints": {"enum": ["high", "low"]}}]"#,
      csv: "x\nlow\nmid\nhigh\n", problems: ["t.csv:3:x: \"mid\" is not one of \"low\", \"high\""]),
    Case(
      name: "enum of integers", fields: #"[{"name": "x", "type": "integer", "constraints": {"enum": [1, 2]}}]"#,
      csv: "x\n01\n3\n", problems: ["t.csv:3:x: \"3\" is not one of \"1\", \"2\""]),
    Case(
      name: "lengths in characters, not bytes",
      fields: #"[{"name": "x", "constraints": {"minLength": 2, "maxLength": 3}}]"#, csv: "x\näö\nä\näöüß\n",
      problems: ["t.csv:3:x: \"ä\" is shorter than 2 characters", "t.csv:4:x: \"äöüß\" is longer than 3 characters"]),
    Case(
      name: "pattern", fields: #"[{"name": "x", "constraints": {"pattern": "[a-z]+(_[a-z]+)*"}}]"#,
      csv: "x\nhanded_over\nHanded\n",
      problems: ["t.csv:3:x: \"Handed\" does not match the pattern \"[a-z]+(_[a-z]+)*\""]),
    Case(
      name: "unique", fields: #"[{"name": "id"}, {"name": "x", "constraints": {"unique": true}}]"#,
      csv: "id,x\n1,a\n2,\n3,b\n4,a\n5,\n6,a\n",
      problems: ["t.csv:5:x: \"a\" is already used in row 2", "t.csv:7:x: \"a\" is already used in row 2"]),
    Case(
      name: "primary key", more: #", "primaryKey": "id""#, csv: "id,n\nb,1\na,2\n,3\nb,4\n",
      problems: [
        "t.csv:4:id: the primary key is missing", "t.csv:5:id: the primary key \"b\" is already used in row 2",
      ]),
    Case(
      name: "integer primary key by value",
      fields: #"[{"name": "id", "type": "integer"}]"#, more: #", "primaryKey": "id""#, csv: "id\n7\n8\n07\n",
      problems: ["t.csv:4:id: the primary key \"07\" is already used in row 2"]),
    Case(
      name: "primary key of two fields", more: #", "primaryKey": ["id", "n"]"#, csv: "id,n\na,1\na,2\nb,1\na,01\n",
      problems: ["t.csv:5:id: the primary key (\"a\", \"01\") is already used in row 2"]),
    Case(
      name: "a unique key of two fields, in which a missing value is like no other",
      more: #", "uniqueKeys": [["id", "n"]]"#, csv: "id,n\na,1\na,2\nb,1\na,01\na,\na,\n,1\n,1\n",
      problems: ["t.csv:5:id: the unique key (\"a\", \"01\") of id, n is already used in row 2"]),
    Case(
      name: "unique keys of one field each", more: #", "uniqueKeys": [["id"], ["n"]]"#,
      csv: "id,n\na,1\na,2\nb,+2\nc,\nd,\n",
      problems: [
        "t.csv:3:id: the unique key \"a\" is already used in row 2",
        "t.csv:4:n: the unique key \"+2\" is already used in row 3",
      ]),
    Case(
      name: "a unique key that says no more than another one",
      fields: #"[{"name": "id"}, {"name": "n", "type": "integer", "constraints": {"unique": true}}]"#,
      more: #", "primaryKey": "id", "uniqueKeys": [["id"], ["n"]]"#, csv: "id,n\na,1\na,1\n",
      problems: [
        "t.csv:3:id: the primary key \"a\" is already used in row 2", "t.csv:3:n: \"1\" is already used in row 2",
      ]),
    Case(
      name: "unique keys with different texts that Unicode takes for the same",
      more: #", "uniqueKeys": [["id"], ["id", "n"]]"#, csv: "id,n\n\u{E9},1\ne\u{301},1\n", problems: []),
    Case(
      name: "a foreign key in other characters, case or blanks",
      fields: #"[{"name": "id"}, {"name": "part_of"}]"#,
      more: #"""
        , "primaryKey": "id", "foreignKeys": [{"fields": "part_of", "reference": {"resource": "", "fields": "id"}}]
        """#,
      csv: "id,part_of\n\u{E9},e\u{301}\nB,b\nc,c \n",
      problems: [
        "t.csv:2:part_of: \"e\u{301}\" is not in t.id; \"\u{E9}\" is the same text in other characters "
          + "(U+0065 U+0301, and there U+00E9)",
        "t.csv:3:part_of: \"b\" is not in t.id; did you mean \"B\"? It differs in case alone (U+0062, and there U+0042)",
        "t.csv:4:part_of: \"c \" is not in t.id; did you mean \"c\"? It differs in blanks alone (U+0020, and there nothing)",
      ]),
    Case(
      name: "a text of enum in other characters", fields: #"[{"name": "id", "constraints": {"enum": ["\u00e9"]}}]"#,
      csv: "id\ne\u{301}\n",
      problems: [
        "t.csv:2:id: \"e\u{301}\" is not one of the allowed values; \"\u{E9}\" is the same text in other characters "
          + "(U+0065 U+0301, and there U+00E9)"
      ]),
    Case(
      name: "a header in other characters", fields: "[{\"name\": \"id\"}, {\"name\": \"\u{E9}\"}]",
      csv: "id,e\u{301}\na,b\n",
      problems: [
        "t.csv:1: column 2 of the header, \"e\u{301}\", is no field of the schema; \"\u{E9}\" is the same text in other "
          + "characters (U+0065 U+0301, and there U+00E9)",
        "t.csv:1: the header lacks the field \"\u{E9}\"",
      ]),
    Case(
      name: "a header with two names that Unicode takes for the same", fields: #"[{"name": "id"}, {"name": "\u00e9"}]"#,
      more: #", "fieldsMatch": "subset""#, csv: "id,\u{E9},e\u{301}\na,b,c\n", problems: []),
    Case(
      name: "a mark of missing values and a boolean in other characters",
      fields: #"""
        [{"name": "id"}, {"name": "n", "type": "integer", "missingValues": ["\u00e9"]},
         {"name": "yes", "type": "boolean", "trueValues": ["o\u00f9"], "falseValues": ["non"]}]
        """#,
      csv: "id,n,yes\na,\u{E9},o\u{F9}\nb,e\u{301},ou\u{300}\n",
      problems: [
        "t.csv:3:n: \"e\u{301}\" is not an integer", "t.csv:3:yes: \"ou\u{300}\" is not a boolean (o\u{F9}, non)",
      ]),
    Case(
      name: "foreign key to the same table",
      fields: #"[{"name": "id"}, {"name": "part_of"}]"#,
      more: #"""
        , "primaryKey": "id", "foreignKeys": [{"fields": "part_of", "reference": {"resource": "", "fields": "id"}}]
        """#,
      csv: "id,part_of\na,b\nb,\nc,d\n", problems: ["t.csv:4:part_of: \"d\" is not in t.id"]),
    Case(
      name: "problems come in the order of the rows",
      fields: #"[{"name": "id"}, {"name": "n", "type": "integer"}]"#, more: #", "primaryKey": "id""#,
      csv: "id,n\nb,1\nb,2\nc,x\nc,3\n",
      problems: [
        "t.csv:3:id: the primary key \"b\" is already used in row 2", "t.csv:4:n: \"x\" is not an integer",
        "t.csv:5:id: the primary key \"c\" is already used in row 4",
      ]),
  ]

  @Test("every problem has its place and quotes the text", arguments: cells + headers + types + constraints)
  func problems(_ example: Case) throws {
    let package = try TemporaryPackage(
      fields: example.fields, more: example.more, dialect: example.dialect, csv: example.csv)
    #expect(package.problems() == example.problems)
  }

  @Test(
    "the same problems are found however the file is cut and on however many threads",
    arguments: cells + types + constraints)
  func cuts(_ example: Case) throws {
    let package = try TemporaryPackage(
      fields: example.fields, more: example.more, dialect: example.dialect, csv: example.csv)
    for chunkSize in [1, 2, 3, 5, 8, 13] {
      for threads in [1, 3] {
        #expect(package.problems(threads: threads, chunkSize: chunkSize) == example.problems)
      }
    }
  }

  @Test("blank rows are told however many there are, and the rows behind them are still read")
  func manyBlankRows() throws {
    // More rows than a file of this size could have if each had all its cells.
    let fields = (0..<40).map { "{\"name\": \"f\($0)\", \"type\": \"integer\"}" }.joined(separator: ", ")
    let header = (0..<40).map { "f\($0)" }.joined(separator: ",")
    let row = (0..<40).map { "\($0)" }.joined(separator: ",")
    let blank = String(repeating: "\n", count: 200_000)
    let package = try TemporaryPackage(
      fields: "[\(fields)]", csv: header + "\n" + row + "\n" + blank + row.replacing("39", with: "x") + "\n")
    var request = TableRequest()
    request.integers = Set((0..<30).map { "f\($0)" })
    request.decimals = ["f30": 2, "f31": nil]
    request.openVocabularies = ["f32", "f33"]
    for (threads, chunkSize) in [(1, 1 << 20), (4, 1000)] {
      let problems = package.problems(threads: threads, chunkSize: chunkSize, requests: ["t": request])
      #expect(problems.first == "t.csv:3: the row is blank")
      #expect(problems.last == "and 199001 more problems, 200001 in all")
    }
  }

  @Test("text that is not UTF-8 is shown as far as it can be")
  func encoding() throws {
    let package = try TemporaryPackage(fields: #"[{"name": "id"}, {"name": "n"}]"#, csv: "")
    try package.folder.write(Array("id,n\nFran".utf8) + [0xE7] + Array("ais,1\nb,\u{E9}\n".utf8), to: "t.csv")
    #expect(package.problems() == ["t.csv:2:id: \"Fran\u{FFFD}ais\" is not valid UTF-8"])
  }

  @Test("of many problems the first thousand are listed and all are counted")
  func bounds() throws {
    let rows = (0..<5000).map { "\($0),x\n" }.joined()
    let package = try TemporaryPackage(
      fields: #"[{"name": "id"}, {"name": "n", "type": "integer"}]"#, csv: "id,n\n" + rows)
    for (threads, chunkSize) in [(1, 1 << 20), (4, 700)] {
      let problems = package.problems(threads: threads, chunkSize: chunkSize)
      #expect(problems.count == 1001)
      #expect(problems[999] == "t.csv:1001:n: \"x\" is not an integer")
      #expect(problems[1000] == "and 4000 more problems, 5000 in all")
    }
  }
}
