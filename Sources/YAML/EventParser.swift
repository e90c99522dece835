internal import CLibYAML

/// One step of libyaml through a document.
struct Event {
  enum Kind {
    case streamStart, streamEnd, documentStart, documentEnd, collectionEnd
    case alias(String)
    case scalar(text: String, style: Scalar.Style)
    case sequenceStart, mappingStart
  }

  var kind: Kind
  var anchor: String?
  /// Resolved by libyaml: `!!int` is `tag:yaml.org,2002:int`.
  var tag: String?
  /// Where it begins, its anchor and tag included.
  var start: Mark
}

/// Why libyaml stopped.
struct SyntaxError: Error {
  /// libyaml's words, such as `did not find expected key`.
  var problem: String
  var position: Mark
  /// Such as `while parsing a block mapping`; empty if it says nothing.
  var context: String
  var contextPosition: Mark
}

/// Owns a libyaml parser, which keeps pointers into itself and so lives at an address of its own.
struct EventParser: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>

  /// `bytes` are UTF-8 and outlive the parser. Nil when there is no memory.
  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    guard yaml_parser_initialize(parser) != 0 else {
      parser.deallocate()
      return nil
    }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    // libyaml asserts that there is an input, even an empty one.
    withUnsafePointer(to: 0 as UInt8) { nothing in
      yaml_parser_set_input_string(parser, bytes.baseAddress ?? nothing, bytes.count)
    }
    self.parser = parser
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  /// Not to be called again after the end of the stream or an error.
  func next() throws(SyntaxError) -> Event {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) != 0 else { throw syntaxError() }
    defer { yaml_event_delete(&event) }
    let start = Mark(event.start_mark)
    guard let result = Event(event, start: start) else {
      throw SyntaxError(
        problem: "a name or text that is not UTF-8", position: start, context: "", contextPosition: start)
    }
    return result
  }

  private func syntaxError() -> SyntaxError {
    if parser.pointee.error == YAML_MEMORY_ERROR {
      let mark = Mark(parser.pointee.mark)
      return SyntaxError(problem: "out of memory", position: mark, context: "", contextPosition: mark)
    }
    return SyntaxError(
      problem: parser.pointee.problem.map { String(cString: $0) } ?? "unknown error",
      position: Mark(parser.pointee.problem_mark),
      context: parser.pointee.context.map { String(cString: $0) } ?? "",
      contextPosition: Mark(parser.pointee.context_mark))
  }
}

extension Mark {
  init(_ mark: yaml_mark_t) {
    line = Int(mark.line) + 1
    column = Int(mark.column) + 1
  }
}

extension Event {
  /// Nil when libyaml hands out bytes that are not UTF-8, as it does for percent escapes in tags.
  fileprivate init?(_ event: yaml_event_t, start: Mark) {
    var properties: (anchor: UnsafeMutablePointer<yaml_char_t>?, tag: UnsafeMutablePointer<yaml_char_t>?) = (nil, nil)
    switch event.type {
    case YAML_STREAM_START_EVENT: kind = .streamStart
    case YAML_STREAM_END_EVENT: kind = .streamEnd
    case YAML_DOCUMENT_START_EVENT: kind = .documentStart
    case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: kind = .collectionEnd
    case YAML_ALIAS_EVENT:
      guard let name = String(validatingName: event.data.alias.anchor) else { return nil }
      kind = .alias(name)
    case YAML_SEQUENCE_START_EVENT:
      kind = .sequenceStart
      properties = (event.data.sequence_start.anchor, event.data.sequence_start.tag)
    case YAML_MAPPING_START_EVENT:
      kind = .mappingStart
      properties = (event.data.mapping_start.anchor, event.data.mapping_start.tag)
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
      let style: Scalar.Style =
        switch scalar.style {
        case YAML_PLAIN_SCALAR_STYLE: .plain
        case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: .literal
        default: .quoted
        }
      kind = .scalar(text: text, style: style)
      properties = (scalar.anchor, scalar.tag)
    default: return nil
    }
    if let name = properties.anchor {
      guard let name = String(validatingName: name) else { return nil }
      anchor = name
    }
    if let name = properties.tag {
      guard let name = String(validatingName: name) else { return nil }
      tag = name
    }
    self.start = start
  }
}

extension String {
  fileprivate init?(validatingName name: UnsafeMutablePointer<yaml_char_t>?) {
    guard let name else { return nil }
    var length = 0
    while name[length] != 0 { length += 1 }
    self.init(validating: UnsafeBufferPointer(start: name, count: length), as: UTF8.self)
  }
}
