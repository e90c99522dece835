/// A step of a coding path that no type's own keys name: an element of an array, or `super`.
struct PathKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(stringValue: String) {
    self.stringValue = stringValue
    intValue = nil
  }

  init(intValue: Int) { self.init(index: intValue) }

  init(index: Int) {
    stringValue = String(index)
    intValue = index
  }
}

extension Sequence<JSONPathStep> {
  /// The path as a person writes it: `rows[2].name`; empty for the value as a whole.
  public var dotted: String {
    var text = ""
    for step in self {
      switch step {
      case .member(let name): text += text.isEmpty ? name : ".\(name)"
      case .element(let index): text += "[\(index)]"
      }
    }
    return text
  }
}

extension DecodingError {
  /// The value that is wrong or missing, as steps that `locateJSON` finds in the text.
  public var path: [JSONPathStep] {
    switch self {
    case .keyNotFound(let key, let context): steps(context.codingPath + [key])
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      steps(context.codingPath)
    @unknown default: []
    }
  }

  /// What is wrong with it, without its place; `missing` for an absent member.
  public var message: String {
    switch self {
    case .keyNotFound(_, let context), .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context):
      context.debugDescription
    @unknown default: String(describing: self)
    }
  }
}

extension EncodingError {
  /// The value that cannot be encoded.
  public var path: [JSONPathStep] {
    switch self {
    case .invalidValue(_, let context): steps(context.codingPath)
    @unknown default: []
    }
  }
}

private func steps(_ codingPath: [any CodingKey]) -> [JSONPathStep] {
  codingPath.map { key in
    if let key = key as? PathKey, let index = key.intValue { return .element(index) }
    return .member(key.stringValue)
  }
}
