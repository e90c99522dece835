import Base
public import JSON

extension InterfaceDescription {
  /// The first input parameter that is unknown, mistyped or missing, as a path (`sort[0].column`) that
  /// `org.varlink.service.InvalidParameter` can carry; nil when all are in order.
  ///
  /// Those that are there are looked at first, in their order. A null is an absent parameter. A method that the
  /// interface does not have takes no parameters.
  public func invalidParameter(in parameters: JSONObject, ofMethod methodName: String) -> String? {
    mismatch(parameters, method(methodName)?.input ?? [])?.path.reversed().dotted
  }

  /// What in a reply does not match the method's output, such as `rows[2].count: expected int, found "many"`; nil when
  /// nothing. An undeclared field is a mismatch too, though clients ignore it.
  public func mismatch(inReply parameters: JSONObject, ofMethod methodName: String) -> String? {
    guard let output = method(methodName)?.output else { return "\(name) has no method \(methodName)" }
    return mismatch(parameters, output)?.description
  }

  /// What in the parameters of an error does not match its declaration; nil when nothing.
  public func mismatch(inError parameters: JSONObject, named errorName: String) -> String? {
    guard case .error(let type) = member(named: errorName)?.definition else {
      return "\(name) has no error \(errorName)"
    }
    return mismatch(.object(parameters), type)?.description
  }

  /// The parameters with the values of enums as they are declared: a person may write `-` for `_`.
  public func normalizingEnums(in parameters: JSONObject, ofMethod methodName: String) -> JSONObject {
    normalizingEnums(parameters, method(methodName)?.input ?? [])
  }
}

// MARK: - Comparing

private struct Mismatch {
  var reason: String
  /// The innermost step first.
  var path: [JSONPathStep] = []

  func inside(_ step: JSONPathStep) -> Mismatch { Mismatch(reason: reason, path: path + [step]) }

  var description: String { path.isEmpty ? reason : "\(path.reversed().dotted): \(reason)" }
}

extension InterfaceDescription {
  private func mismatch(_ object: JSONObject, _ fields: [Field]) -> Mismatch? {
    for (name, value) in object.members {
      guard let field = fields.first(where: { $0.name == name }) else {
        return Mismatch(reason: "not declared\(didYouMean(name, among: fields.map(\.name)))", path: [.member(name)])
      }
      if let mismatch = mismatch(value, field.type) { return mismatch.inside(.member(name)) }
    }
    for field in fields where object[field.name] == nil {
      if case .nullable = field.type { continue }
      return Mismatch(reason: "missing, expected \(field.type)", path: [.member(field.name)])
    }
    return nil
  }

  private func mismatch(_ value: JSONValue, _ type: ValueType) -> Mismatch? {
    switch (type, value) {
    case (.bool, .bool), (.int, .integer), (.float, .integer), (.float, .double), (.string, .string),
      (.object, .object), (.nullable, .null):
      return nil
    case (.any, let value) where value != .null: return nil
    case (.nullable(let type), let value): return mismatch(value, type)
    case (.named(let name), let value):
      guard case .type(let type) = member(named: name)?.definition else { break }
      return mismatch(value, type)
    case (.structure(let fields), .object(let object)): return mismatch(object, fields)
    case (.enumeration(let values), .string(let string)):
      let names = values.map(\.name)
      if names.contains(string) { return nil }
      let hint = didYouMean(string, among: names)
      return Mismatch(reason: "expected one of \(names.joined(separator: ", ")), found \(value.brief)\(hint)")
    case (.array(let type), .array(let elements)):
      for (index, element) in elements.enumerated() {
        if let mismatch = mismatch(element, type) { return mismatch.inside(.element(index)) }
      }
      return nil
    case (.map(let type), .object(let object)):
      for (name, value) in object.members {
        if let mismatch = mismatch(value, type) { return mismatch.inside(.member(name)) }
      }
      return nil
    default: break
    }
    return Mismatch(reason: "expected \(type), found \(value.brief)")
  }
}

// MARK: - Normalising

extension InterfaceDescription {
  private func normalizingEnums(_ object: JSONObject, _ fields: [Field]) -> JSONObject {
    JSONObject(
      object.members.map { name, value in
        let type = fields.first { $0.name == name }?.type
        return (name, type.map { normalizingEnums(value, $0) } ?? value)
      })
  }

  private func normalizingEnums(_ value: JSONValue, _ type: ValueType) -> JSONValue {
    switch (type, value) {
    case (.nullable(let type), _): return normalizingEnums(value, type)
    case (.named(let name), _):
      guard case .type(let type) = member(named: name)?.definition else { return value }
      return normalizingEnums(value, type)
    case (.structure(let fields), .object(let object)): return .object(normalizingEnums(object, fields))
    case (.enumeration(let values), .string(let string)):
      let declared = String(string.map { $0 == "-" ? "_" : $0 })
      return values.contains { $0.name == declared } ? .string(declared) : value
    case (.array(let type), .array(let elements)): return .array(elements.map { normalizingEnums($0, type) })
    case (.map(let type), .object(let object)):
      return .object(JSONObject(object.members.map { ($0.name, normalizingEnums($0.value, type)) }))
    default: return value
    }
  }
}
