import JSON
import Varlink

/// What each call of the suite is answered with, but for Start, Test10 and Test11.
enum Exchange {
  static let interface = "org.varlink.certification"

  private static let four: JSONObject = [
    "bool": false, "int": 2, "float": 3.141592653589793, "string": "a lot of string",
  ]
  private static let set: JSONValue = ["one": [:], "two": [:], "three": [:]]
  private static let map: JSONValue = ["foo": "Foo", "bar": "Bar"]

  private static let myType: JSONValue = [
    "object": ["method": "org.varlink.certification.Test09", "parameters": ["map": map]],
    "enum": "two",
    "struct": ["first": 1, "second": "2"],
    "array": ["one", "two", "three"],
    "dictionary": map,
    "stringset": set,
    "interface": [
      "foo": [nil, ["foo": "foo", "bar": "bar"], nil, ["one": "foo", "two": "bar"]],
      "anon": ["foo": true, "bar": false],
    ],
  ]

  /// The calls that have one reply, in their order. The input of each is the output of the one before.
  static let single: [(method: String, output: JSONObject)] = [
    ("Test01", ["bool": true]),
    ("Test02", ["int": 1]),
    ("Test03", ["float": 1.0]),
    ("Test04", ["string": "ping"]),
    ("Test05", four),
    ("Test06", ["struct": .object(four)]),
    ("Test07", ["map": map]),
    ("Test08", ["set": set]),
    ("Test09", ["mytype": myType]),
  ]

  /// The texts of the replies to Test10.
  static let replies: [JSONValue] = (1...10).map { "Reply number \($0)" }

  /// The calls from Start to End with what each must hold beside `client_id`.
  static let calls: [(method: String, input: JSONObject, mode: Call.Mode)] = {
    let inputs = [[:]] + single.map(\.output)
    var calls: [(method: String, input: JSONObject, mode: Call.Mode)] = [("Start", [:], .single)]
    calls += zip(single, inputs).map { ($0.method, $1, .single) }
    calls.append(("Test10", inputs[9], .more))
    calls.append(("Test11", ["last_more_replies": .array(replies)], .oneway))
    calls.append(("End", [:], .single))
    return calls
  }()

  static func parameters(_ id: String, _ input: JSONObject) -> JSONObject {
    JSONObject([("client_id", .string(id))] + input.members.map { ($0.name, $0.value) })
  }
}

extension JSONValue {
  /// Whether both say the same in Varlink: 1 and 1.0 are one float, and a null member is an absent one.
  func agrees(with other: JSONValue) -> Bool {
    switch (self, other) {
    case (.integer(let a), .double(let b)), (.double(let b), .integer(let a)): Double(a) == b
    case (.array(let a), .array(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.agrees(with: $1) }
    case (.object(let a), .object(let b)):
      Set(a.names).union(b.names).allSatisfy { (a[$0] ?? nil).agrees(with: b[$0] ?? nil) }
    default: self == other
    }
  }
}
