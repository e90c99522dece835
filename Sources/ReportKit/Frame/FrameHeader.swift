public import JSON

/// The first line that an external plugin reads: what it is asked for, and the columns of the rows that follow.
public struct FrameHeader: Hashable, Sendable {
  /// The name of the plugin, of which a program may be several.
  public var plugin: String
  /// By name, checked against the manifest; one that was not given and has no default is not there.
  public var parameters: [String: Argument]
  /// Those of the rows that follow, in order.
  public var columns: [FrameColumn]
  /// The report's name, its title and the dataset's revision; given to exporters.
  public var report: String?
  /// For people; nil but for exporters.
  public var title: String?
  /// `sha256:` and a digest; nil but for exporters.
  public var revision: String?

  /// - Parameters:
  ///   - report: given to exporters alone, as `title` and `revision` are.
  public init(
    plugin: String, parameters: [String: Argument], columns: [FrameColumn], report: String? = nil,
    title: String? = nil, revision: String? = nil
  ) {
    self.plugin = plugin
    self.parameters = parameters
    self.columns = columns
    self.report = report
    self.title = title
    self.revision = revision
  }
}

/// A column as it is described in a frame.
public struct FrameColumn: Hashable, Sendable {
  /// The key of its cells in a row, unique in the frame.
  public var name: String
  /// A heading for people.
  public var title: String
  /// What its cells hold when they are not null.
  public var kind: Column.Kind
  /// What one unit of a number is; nil where nothing is said.
  public var unit: String?
  /// A sentence about what it holds; nil where nothing is said.
  public var summary: String?

  /// What is told of a column of a table.
  public init(_ column: Column) {
    name = column.name
    title = column.title
    kind = column.kind
    unit = column.unit
    summary = column.summary
  }
}

extension FrameHeader {
  /// Parameters stand in alphabetical order, so that the same request gives the same bytes.
  public var json: JSONValue {
    var object: JSONObject = [
      "plugin": .string(plugin),
      "parameters": .object(JSONObject(parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) })),
      "columns": .array(columns.map(\.json)),
    ]
    if let report { object["report"] = .string(report) }
    if let title { object["title"] = .string(title) }
    if let revision { object["revision"] = .string(revision) }
    return .object(object)
  }

  /// Reads the first line. Throws `FrameError` for anything else.
  public init(parsing line: some Collection<UInt8>) throws(FrameError) {
    let value = try FrameError.parse(line)
    guard let object = value.objectValue else { throw FrameError("it is not an object but \(value.article)") }
    var parameters: [String: Argument] = [:]
    for (name, value) in object["parameters"]?.objectValue?.members ?? [] {
      guard let argument = Argument(value) else {
        throw FrameError("the parameter \"\(name)\" is \(value.article)")
      }
      parameters[name] = argument
    }
    self.init(
      plugin: object["plugin"]?.stringValue ?? "", parameters: parameters,
      columns: try FrameColumn.list(object["columns"]), report: object["report"]?.stringValue,
      title: object["title"]?.stringValue, revision: object["revision"]?.stringValue)
  }
}

extension FrameColumn {
  /// `name`, `title`, `kind`, and `unit` and `description` where there are any.
  public var json: JSONValue {
    var object: JSONObject = ["name": .string(name), "title": .string(title), "kind": .string(kind.rawValue)]
    if let unit { object["unit"] = .string(unit) }
    if let summary { object["description"] = .string(summary) }
    return .object(object)
  }

  /// Reads a list of columns: each an object, or only a name for a column of texts.
  public static func list(_ value: JSONValue?) throws(FrameError) -> [FrameColumn] {
    guard let elements = value?.arrayValue else { throw FrameError("\"columns\" is not a list") }
    var columns: [FrameColumn] = []
    for element in elements { columns.append(try FrameColumn(element)) }
    return columns
  }

  private init(_ value: JSONValue) throws(FrameError) {
    if let name = value.stringValue {
      self.init(Column(name: name, title: name, kind: .text))
      return
    }
    guard let name = value["name"]?.stringValue else { throw FrameError("a column lacks its \"name\"") }
    let kindName = value["kind"]?.stringValue ?? "text"
    guard let kind = Column.Kind(rawValue: kindName) else {
      let kinds = Column.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw FrameError("the column \"\(name)\" has the unknown kind \"\(kindName)\"; there are: \(kinds)")
    }
    self.init(
      Column(
        name: name, title: value["title"]?.stringValue ?? name, kind: kind, unit: value["unit"]?.stringValue,
        summary: value["description"]?.stringValue))
  }
}

extension Argument {
  /// A list is an array, a mapping an object, and conditions are the texts that are written for them.
  public var json: JSONValue {
    switch self {
    case .text(let text), .choice(let text, index: _): .string(text)
    case .integer(let integer): .integer(Int64(integer))
    case .boolean(let boolean): .bool(boolean)
    case .list(let elements): .array(elements.map(\.json))
    case .mapping(let entries): .object(JSONObject(entries.map { ($0.key, $0.value.json) }))
    case .conditions(let conditions):
      .object(JSONObject(conditions.map { ($0.column, .string($0.test.description)) }))
    }
  }

  init?(_ value: JSONValue) {
    switch value {
    case .string(let text): self = .text(text)
    case .integer(let integer): self = .integer(Int(integer))
    case .bool(let boolean): self = .boolean(boolean)
    default: return nil
    }
  }
}

extension JSONValue {
  /// `an object`, `a string`, `null`.
  var article: String {
    switch self {
    case .null: "null"
    case .array, .object, .integer: "an \(kind)"
    default: "a \(kind)"
    }
  }
}
