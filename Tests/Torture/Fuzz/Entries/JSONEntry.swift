internal import JSON

extension FuzzEntry {
  /// What is read of a text is read again of what is written of it; an error has a place in the text.
  static let json = FuzzEntry(name: "json") { bytes throws(FuzzFinding) in
    let value: JSONValue
    do throws(JSONSyntaxError) {
      value = try JSONValue(parsing: bytes)
    } catch {
      try require((0...bytes.count).contains(error.offset), "an error is at byte \(error.offset) of \(bytes.count)")
      _ = TextLocation(offset: error.offset, in: bytes)
      return
    }
    let written = value.bytes
    let again = try? JSONValue(parsing: written)
    try require(again == value, "what was written is read as something else")
    try require(again?.bytes == written, "what was read again is written in another way")
    try require((try? JSONValue(encoding: value)) == value, "the encoder makes something else of it")
    try require((try? value.decode(JSONValue.self)) == value, "the decoder makes something else of it")
    for path in paths(in: value) {
      let place = locateJSON(path, in: bytes)
      try require(place.line >= 1 && place.column >= 1, "\(path) is at \(place)")
    }
  }
}

/// The ways to some values, and one to nothing.
private func paths(in value: JSONValue) -> [[JSONPathStep]] {
  var path: [JSONPathStep] = []
  var paths = [path]
  var rest = value
  while paths.count < 20 {
    if let member = rest.objectValue?.members.last {
      path.append(.member(member.name))
      rest = member.value
    } else if let elements = rest.arrayValue, let last = elements.last {
      path.append(.element(elements.count - 1))
      rest = last
    } else {
      break
    }
    paths.append(path)
  }
  return paths + [path + [.member("none")], path + [.element(3)]]
}
