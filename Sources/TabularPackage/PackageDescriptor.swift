internal import Base
public import JSON
internal import Posix

/// What `datapackage.json` says (Frictionless Data Package, versions 1 and 2), checked and resolved.
public struct PackageDescriptor: Sendable {
  /// The path of the descriptor as the user wrote it.
  public let path: String
  /// For programs; nil when the descriptor has none.
  public let name: String?
  /// For people; nil when the descriptor has none.
  public let title: String?
  /// Markdown by the standard; nil when the descriptor has none.
  public let description: String?
  /// In the order of the descriptor; only those that could be understood.
  public let resources: [Resource]

  let contents: [UInt8]

  /// The resource of that name; nil also when it is there but could not be understood.
  public func resource(_ name: String) -> Resource? { resources.first { $0.name == name } }
}

/// A file of the package. It is a table when it has a schema.
public struct Resource: Sendable {
  /// The place in `PackageDescriptor.resources`.
  public let index: Int
  /// Unique in the package.
  public let name: String
  /// For people; nil when the descriptor has none.
  public let title: String?
  /// Relative to the descriptor, as it is written there.
  public let path: String
  /// The path for messages: the descriptor's folder and `path`.
  public let displayPath: String
  /// Nil for a file that is no table.
  public let schema: Schema?
  /// How the file is written; the standard's defaults where the descriptor is silent.
  public let dialect: Dialect

  /// The path with all links resolved; nil when there is no such file or it may not be read.
  let resolvedPath: RawPath?
  let expectedBytes: Int?
  let expectedHash: FileHash?
}

/// How a CSV file is written. What is not here is not supported and refused.
public struct Dialect: Sendable, Equatable {
  var delimiter = UInt8(ascii: ",")
  var quote = UInt8(ascii: "\"")
  /// Whether the first record names the columns.
  public var hasHeader = true
}

/// The fields of a table and what holds between them (Table Schema).
public struct Schema: Sendable {
  /// How the header must match the fields (Data Package 2, `fieldsMatch`).
  enum FieldsMatch: String, Sendable, CaseIterable {
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

  /// In the order of the schema.
  public let fields: [Field]
  let fieldsMatch: FieldsMatch
  /// Indexes of fields; empty when there is no primary key.
  public let primaryKey: [Int]
  /// Further keys: indexes of fields whose values together no two rows have (Data Package 2, `uniqueKeys`). A row without
  /// one of the values is compared with none.
  public let uniqueKeys: [[Int]]
  /// Empty when there are none.
  public let foreignKeys: [ForeignKey]

  /// The field of that name; nil when there is none.
  public func field(_ name: String) -> Field? { fields.first { $0.name == name } }
}

/// Fields whose values occur in fields of another table, or of the same.
public struct ForeignKey: Sendable, Hashable {
  /// Indexes of fields of the referring table.
  public let fields: [Int]
  /// The index of the resource referred to.
  public let resource: Int
  /// Indexes of fields of the table referred to, in the order of `fields`.
  public let referencedFields: [Int]
}

/// A text that stands for no value.
public struct MissingValue: Sendable, Hashable {
  /// The whole text of a cell, compared by its bytes before anything is read from it.
  public let value: String
  /// Why there is no value, for people (Data Package 2); nil when the descriptor does not say.
  public let label: String?
}

/// A text that a field of text may have.
public struct Category: Sendable, Hashable {
  /// The whole text of a cell.
  public let value: String
  /// What it stands for, for people; nil when the descriptor does not say.
  public let label: String?
}

/// A field of a table (Table Schema).
public struct Field: Sendable {
  /// The place in `Schema.fields`.
  public let index: Int
  /// The name in the file's header; unique in the schema.
  public let name: String
  /// For people; nil when the descriptor has none.
  public let title: String?
  /// For people; nil when the descriptor has none.
  public let description: String?
  /// What values are read as.
  public let type: FieldType
  let constraints: Constraints
  /// The values of a field of text when they are a list (Data Package 2, `categories`), in its order; else empty.
  public let categories: [Category]
  /// Whether the order of the categories means something (Data Package 2, `categoriesOrdered`).
  public let categoriesAreOrdered: Bool
  /// The field's own, or else those of the schema.
  public let missingValues: [MissingValue]
  /// All properties as they are written, the package's own ones included.
  public let properties: JSONObject

  let trueValues: [String]
  let falseValues: [String]
}

extension Field {
  /// Whether its values are among a list of its own: `enum` or `categories`.
  package var hasClosedList: Bool { constraints.enumeration != nil }

  /// Whether a cell with that text has no value.
  func isMissing(_ text: String) -> Bool { missingValues.contains { hasSameBytes($0.value, text) } }
}

/// The types of Table Schema that are supported; a descriptor with another is refused.
public enum FieldType: String, Sendable, CaseIterable {
  case string, integer, number, boolean, date, year, yearmonth, any
}

/// What the values of a field must fulfil (Table Schema, `constraints`).
struct Constraints: Sendable {
  var required = false
  var unique = false
  var minLength: Int?
  var maxLength: Int?
  var minimum: Bound?
  var maximum: Bound?
  var exclusiveMinimum: Bound?
  var exclusiveMaximum: Bound?
  var enumeration: Enumeration?
  var pattern: Pattern?

  /// The texts of `enum` as they are written.
  var allowedTexts: [String]? { enumeration?.texts }

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
