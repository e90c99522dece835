/// A classification of the places into blocs.
public struct Scheme: Sendable {
  public struct Bloc: Hashable, Sendable {
    public let id: String
    public let name: String
  }

  public let id: String
  public let title: String
  /// The day for which the classification holds, as the dataset writes it.
  public let asOf: String?
  public let basis: String?
  /// In the order of the dataset.
  public let blocs: [Bloc]
  /// For each place the index of its bloc; nil for a place that the scheme does not classify.
  public let blocOfPlace: [Int?]
  /// For each place why it is in its bloc, where the dataset says so.
  public let basisOfPlace: [String?]

  /// The bloc of a place, given as its code.
  public func bloc(ofPlace code: Int) -> Int? {
    blocOfPlace.indices.contains(code) ? blocOfPlace[code] : nil
  }

  /// The places of a bloc.
  public func places(inBloc bloc: Int) -> CodeSet {
    CodeSet(blocOfPlace.indices.lazy.filter { blocOfPlace[$0] == bloc })
  }
}
