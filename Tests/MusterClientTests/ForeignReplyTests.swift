import Base
import JSON
import MusterAPI
import TestSupport
import Testing
import Varlink

/// Whatever answers at the address: a reply may hold any number and any text that its type allows.
@Suite("No reply crashes the client or takes over its terminal", .blocking, .timeLimit(.minutes(10)))
struct ForeignReplyTests {
  static let commands = [
    "list", "describe r", "dimensions", "run r --format csv", "why r a b", "reconcile", "reconcile --all --fail-on any",
    "export a", "export --all", "exports", "verify a", "plugins", "plugins --audit a", "status", "metrics", "reload",
  ]
  static let integers: [Int64] = [.min, -1, 0, .max]
  /// What moves the cursor, begins a command of a terminal, forges a line or turns the direction of writing.
  static let text = "a\u{1B}]0;b\u{07}\r\nc\u{9B}31md\u{202E}e\u{2066}f\u{7F}g"

  @Test(arguments: commands, integers) func replies(_ command: String, integer: Int64) async throws {
    let forge = Forge(integer: integer, text: Self.text)
    let service = try FakeService { call, peer in
      try peer.send(Reply(forge.reply(to: call.method)))
    }
    let outcome = try await Program(command.split(separator: " ").map(String.init) + ["--address", service.address])
      .wait()
    #expect([0, 65].contains(outcome.status), "it was understood: \(outcome)")
    // What a report says is data, and goes where it is sent.
    check(outcome, isData: command.hasPrefix("run"))
  }

  @Test(arguments: commands, [Int64.min, .max]) func errors(_ command: String, integer: Int64) async throws {
    let forge = Forge(integer: integer, text: Self.text)
    for error in forge.errors {
      let service = try FakeService { _, peer in try peer.send(Reply(error)) }
      let arguments = command.split(separator: " ").map(String.init)
      let outcome = try await Program(arguments + ["--address", service.address]).wait()
      #expect(outcome.status != 0, "\(error.name)")
      check(outcome, isData: false)
    }
  }

  private func check(_ outcome: Outcome, isData: Bool, _ location: SourceLocation = #_sourceLocation) {
    #expect(outcome.status < 128, "\(outcome)", sourceLocation: location)
    for text in [isData ? "" : outcome.output, outcome.errors] {
      for line in text.split(separator: "\n") {
        #expect(TerminalText.safe(String(line), showing: .escape) == line, sourceLocation: location)
      }
    }
  }
}

/// Makes values of the types that the interfaces describe, with one number and one text everywhere.
private struct Forge {
  let integer: Int64
  let text: String
  private let interfaces: [InterfaceDescription]

  init(integer: Int64, text: String) {
    self.integer = integer
    self.text = text
    interfaces = [Reports.description, Manage.description, Exports.description].compactMap {
      try? InterfaceDescription(parsing: $0)
    }
  }

  func reply(to method: String) -> JSONObject {
    for interface in interfaces where method.hasPrefix(interface.name + ".") {
      guard case .method(_, let output)? = interface.member(named: method)?.definition else { continue }
      return object(output, of: interface, depth: 0)
    }
    return [:]
  }

  var errors: [VarlinkError] {
    interfaces.flatMap { interface in
      interface.members.compactMap { member in
        guard case .error(.structure(let fields)) = member.definition else { return nil }
        return VarlinkError("\(interface.name).\(member.name)", object(fields, of: interface, depth: 0))
      }
    }
  }

  private func object(_ fields: [InterfaceDescription.Field], of interface: InterfaceDescription, depth: Int)
    -> JSONObject
  {
    var object: JSONObject = [:]
    for field in fields { object[field.name] = value(field.type, of: interface, depth: depth + 1) }
    return object
  }

  private func value(
    _ type: InterfaceDescription.ValueType, of interface: InterfaceDescription, depth: Int
  ) -> JSONValue {
    switch type {
    case .bool: return .bool(integer >= 0)
    case .int: return .integer(integer)
    case .float: return .double(-Double.greatestFiniteMagnitude)
    case .string: return .string(text)
    case .object, .any: return .object([text: .string(text)])
    case .structure(let fields): return .object(object(fields, of: interface, depth: depth))
    // One that only a newer version has.
    case .enumeration: return .string(text)
    case .array(let element): return depth > 8 ? .array([]) : .array([value(element, of: interface, depth: depth)])
    case .map(let element):
      return depth > 8 ? .object([:]) : .object([text: value(element, of: interface, depth: depth)])
    case .nullable(let inner): return depth > 8 ? .null : value(inner, of: interface, depth: depth)
    case .named(let name):
      guard case .type(let type)? = interface.member(named: name)?.definition else { return .null }
      return value(type, of: interface, depth: depth + 1)
    }
  }
}
