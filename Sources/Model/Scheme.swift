/// A classification of the places into groups.
public struct Scheme: Sendable {
  /// A class of places, such as an alliance.
  public struct Group: Hashable, Sendable {
    /// The group's key, which is unique in its scheme.
    public let id: String
    /// For people.
    public let name: String
  }

  /// The scheme's key, which is unique.
  public let id: String
  /// For people.
  public let title: String
  /// The day for which the classification holds, as the dataset writes it.
  public let asOf: String?
  /// What the classification goes by; nil where the dataset does not say it.
  public let basis: String?
  /// In the order of the dataset.
  public let groups: [Group]
  /// For each place the index of its group; nil for a place that the scheme does not classify.
  public let groupOfPlace: [Int?]
  /// For each place why it is in its group, where the dataset says so.
  public let basisOfPlace: [String?]

  /// The group of a place, given as its code.
  public func group(ofPlace code: Int) -> Int? {
    groupOfPlace.indices.contains(code) ? groupOfPlace[code] : nil
  }

  /// The places of a group.
  public func places(inGroup group: Int) -> CodeSet {
    CodeSet(groupOfPlace.indices.lazy.filter { groupOfPlace[$0] == group })
  }
}
