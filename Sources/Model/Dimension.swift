import Base

/// The codes that a dimension can take, in the order of the dataset. A code is the index of its row.
public struct CodeList: Sendable {
  /// The resource it comes from, such as `countries`.
  public let resource: String
  /// What the list is called, such as `Countries`; nil where the dataset does not say it.
  public let title: String?
  /// The text of each code's key, which is unique.
  public let ids: [String]
  /// The name of each code; its id where the list has no name for it.
  public let names: [String]
  /// The fields of the list other than the id, in their order.
  public let attributeNames: [String]
  private let attributes: [String: [String?]]
  private let indexes: [String: Int]

  package init(
    resource: String, title: String? = nil, ids: [String], names: [String], attributeNames: [String] = [],
    attributes: [String: [String?]] = [:]
  ) {
    self.resource = resource
    self.title = title
    self.ids = ids
    self.names = names
    self.attributeNames = attributeNames
    self.attributes = attributes
    indexes = Dictionary(zip(ids, ids.indices), uniquingKeysWith: { first, _ in first })
  }

  /// The number of codes.
  public var count: Int { ids.count }

  /// The code with that id, in whatever characters that are the same text for Unicode; nil when there is none.
  public func index(of id: String) -> Int? { indexes[id] }

  /// The code whose id has the same bytes, as keys in a dataset are compared; nil when there is none.
  func index(ofKey id: String) -> Int? { indexes[id].flatMap { hasSameBytes(ids[$0], id) ? $0 : nil } }

  /// The text of a further field of the list for each code, nil where it is missing; nil if there is no such field.
  public func attribute(_ name: String) -> [String?]? { attributes[name] }
}

/// One of the ways by which observations are told apart, such as country or disposition.
public struct Dimension: Sendable {
  /// The name of the field of the observations.
  public let id: String
  /// For people: the title of the field, or else of its code list, or else the field's name.
  public let title: String
  /// The field's description; nil when it has none.
  public let description: String?
  /// What the dimension can take.
  public let codes: CodeList
  /// Whether its codes are periods, in ascending order.
  public let isTime: Bool
  /// Which of its codes contain others or are parts of others; nil where none does.
  public let hierarchy: Hierarchy?
  /// How many numbers each code of a dimension of periods begins with at least, such as 2 where they are months.
  let periodDepth: Int

  package init(
    id: String, title: String, description: String? = nil, codes: CodeList, isTime: Bool = false,
    hierarchy: Hierarchy? = nil
  ) {
    self.id = id
    self.title = title
    self.description = description
    self.codes = codes
    self.isTime = isTime
    self.hierarchy = hierarchy
    periodDepth = isTime ? codes.ids.map { Period.numbers(of: $0).count }.min() ?? 0 : 0
  }

  /// The index of the code with that id.
  public func code(_ id: String) throws(UnknownName) -> Int {
    guard let index = codes.index(of: id) else {
      throw UnknownName(kind: self.id, name: id, suggestions: suggestions(for: id, among: codes.ids))
    }
    return index
  }
}

/// A way in which a number can be missing, from the `missingValues` of the measure.
public struct MissingReason: Hashable, Sendable {
  /// What stands in the place of the number, such as a dash; empty for an empty cell.
  public let value: String
  /// What that means, such as `none printed`.
  public let label: String?
  /// Whether it stands for nothing at all: it counts as 0 in sums, and is shown as it is printed.
  public let isNil: Bool

  package init(value: String, label: String?, isNil: Bool = false) {
    self.value = value
    self.label = label
    self.isNil = isNil
  }
}

/// A name that the dataset does not have.
public struct UnknownName: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of thing was asked for: `dimension`, or the dimension's id for one of its codes.
  public var kind: String
  /// The name that was asked for, as it was given.
  public var name: String
  /// The nearest names that there are, best first.
  public var suggestions: [String]

  package init(kind: String, name: String, suggestions: [String]) {
    self.kind = kind
    self.name = name
    self.suggestions = suggestions
  }

  /// The message, with the nearest name where there is one.
  public var description: String {
    let hint = suggestions.first.map { "; did you mean \"\($0)\"?" } ?? ""
    return "unknown \(kind) \"\(name)\"\(hint)"
  }
}
