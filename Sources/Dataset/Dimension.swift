import Base

/// The codes that a dimension can take, in the order of the dataset. A code is the index of its row.
public struct CodeList: Sendable {
  /// The resource it comes from, such as `countries`.
  public let resource: String
  public let ids: [String]
  /// The name of each code; its id where the list has no name for it.
  public let names: [String]
  /// The fields of the list other than the id, in their order.
  public let attributeNames: [String]
  private let attributes: [String: [String?]]
  private let indexes: [String: Int]

  init(
    resource: String, ids: [String], names: [String], attributeNames: [String] = [],
    attributes: [String: [String?]] = [:]
  ) {
    self.resource = resource
    self.ids = ids
    self.names = names
    self.attributeNames = attributeNames
    self.attributes = attributes
    indexes = Dictionary(zip(ids, ids.indices), uniquingKeysWith: { first, _ in first })
  }

  public var count: Int { ids.count }

  public func index(of id: String) -> Int? { indexes[id] }

  /// The text of a further field of the list for each code, nil where it is missing; nil if there is no such field.
  public func attribute(_ name: String) -> [String?]? { attributes[name] }
}

/// One of the ways by which observations are told apart, such as country or disposition.
public struct Dimension: Sendable {
  /// The name of the field of the observations.
  public let id: String
  public let title: String
  public let description: String?
  public let codes: CodeList

  /// The index of the code with that id.
  public func code(_ id: String) throws(UnknownName) -> Int {
    guard let index = codes.index(of: id) else {
      throw UnknownName(kind: self.id, name: id, suggestions: suggestions(for: id, among: codes.ids))
    }
    return index
  }
}

/// The number that an observation gives.
public struct Measure: Sendable {
  /// The name of the field of the observations.
  public let name: String
  public let title: String
  public let description: String?
  /// The field's `unit` property.
  public let unit: String?
}

/// A way in which a number can be missing, from the `missingValues` of the measure.
public struct MissingReason: Hashable, Sendable {
  /// What stands in the place of the number, such as a dash; empty for an empty cell.
  public let value: String
  /// What that means, such as `none printed`.
  public let label: String?
}

/// A name that the dataset does not have.
public struct UnknownName: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of thing was asked for: `dimension`, `scheme`, or the dimension's id for one of its codes.
  public var kind: String
  public var name: String
  /// The nearest names that there are, best first.
  public var suggestions: [String]

  public init(kind: String, name: String, suggestions: [String]) {
    self.kind = kind
    self.name = name
    self.suggestions = suggestions
  }

  public var description: String {
    let hint = suggestions.first.map { "; did you mean \"\($0)\"?" } ?? ""
    return "unknown \(kind) \"\(name)\"\(hint)"
  }
}
