extension JSONValue {
  /// About how many bytes of memory the value takes: an array of empty objects is some twenty times as much as its text.
  public var estimatedByteCount: Int {
    switch self {
    case .null, .bool, .integer, .double: MemoryLayout<JSONValue>.stride
    case .string(let text): MemoryLayout<JSONValue>.stride + outOfLineByteCount(of: text)
    case .array(let values): values.reduce(MemoryLayout<JSONValue>.stride + allocation) { $0 + $1.estimatedByteCount }
    case .object(let object): MemoryLayout<JSONValue>.stride + object.estimatedByteCount
    }
  }
}

extension JSONObject {
  /// About how many bytes of memory all members take.
  public var estimatedByteCount: Int {
    members.reduce(allocation) { count, member in
      count + MemoryLayout<String>.stride + outOfLineByteCount(of: member.name) + member.value.estimatedByteCount
    }
  }
}

/// Of what is allocated: the header of Swift's object, and what malloc(3) adds.
private let allocation = 48

/// Short texts stand where their reference would.
private func outOfLineByteCount(of text: String) -> Int { text.utf8.count > 15 ? allocation + text.utf8.count : 0 }
