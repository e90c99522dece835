public import JSON

/// What `datapackage.json` says (Frictionless Data Package, versions 1 and 2), checked and resolved.
public struct PackageDescriptor: Sendable {
  /// The path of the descriptor as the user wrote it.
  public let path: String
  public let name: String?
  public let title: String?
  public let description: String?
  /// In the order of the descriptor; only those that could be understood.
  public let resources: [Resource]

  let contents: [UInt8]

  public func resource(_ name: String) -> Resource? { resources.first { $0.name == name } }
}

/// A file of the package. It is a table when it has a schema.
public struct Resource: Sendable {
  /// The place in `PackageDescriptor.resources`.
  public let index: Int
  public let name: String
  public let title: String?
  /// Relative to the descriptor, as it is written there.
  public let path: String
  /// The path for messages: the descriptor's folder and `path`.
  public let displayPath: String
  public let schema: Schema?
  public let dialect: Dialect

  /// The path with all links resolved; nil when there is no such file or it may not be read.
  let resolvedPath: String?
  let expectedBytes: Int?
  let expectedHash: FileHash?
}

/// How a CSV file is written. What is not here is not supported and refused.
public struct Dialect: Sendable, Equatable {
  public var delimiter = UInt8(ascii: ",")
  public var quote = UInt8(ascii: "\"")
  public var hasHeader = true
}

/// The fields of a table and what holds between them (Table Schema).
public struct Schema: Sendable {
  /// How the header must match the fields (Data Package 2, `fieldsMatch`).
  public enum FieldsMatch: String, Sendable, CaseIterable {
    /// The same fields in the same order.
    case exact
    /// The same fields in any order.
    case equal
    /// The file may have further fields.
    case subset
    /// The file may lack fields.
    case superset
    /// At least one field in common.
    case partial
  }

  public let fields: [Field]
  public let fieldsMatch: FieldsMatch
  /// Indexes of fields; empty when there is no primary key.
  public let primaryKey: [Int]
  public let foreignKeys: [ForeignKey]

  public func field(_ name: String) -> Field? { fields.first { $0.name == name } }
}

/// Fields whose values occur in fields of another table, or of the same.
public struct ForeignKey: Sendable, Hashable {
  public let fields: [Int]
  /// The index of the resource referred to.
  public let resource: Int
  public let referencedFields: [Int]
}

/// A text that stands for no value.
public struct MissingValue: Sendable, Hashable {
  public let value: String
  public let label: String?
}

public struct Field: Sendable {
  public let index: Int
  public let name: String
  public let title: String?
  public let description: String?
  public let type: FieldType
  public let constraints: Constraints
  /// The field's own, or else those of the schema.
  public let missingValues: [MissingValue]
  /// All properties as they are written, the package's own ones included.
  public let properties: JSONObject

  let trueValues: [String]
  let falseValues: [String]
}

public enum FieldType: String, Sendable, CaseIterable {
  case string, integer, number, boolean, date, year, any
}

public struct Constraints: Sendable {
  public var required = false
  public var unique = false
  public var minLength: Int?
  public var maxLength: Int?
  var minimum: Bound?
  var maximum: Bound?
  var exclusiveMinimum: Bound?
  var exclusiveMaximum: Bound?
  var enumeration: Enumeration?
  var pattern: Pattern?

  /// The texts of `enum` as they are written.
  public var allowedTexts: [String]? { enumeration?.texts }

  struct Bound: Sendable {
    let value: CellValue
    let text: String
  }

  struct Enumeration: Sendable {
    let values: Set<CellValue>
    let texts: [String]
  }
}

/// The digest that a resource claims to have.
struct FileHash: Sendable {
  enum Algorithm: String { case md5, sha256 }
  let algorithm: Algorithm
  let hexDigest: String
}
