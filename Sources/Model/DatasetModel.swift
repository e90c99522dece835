internal import Base
internal import TabularPackage

/// What a dataset is about: its dimensions, measure, classifications, statements and reservations, without the numbers
/// of its observations. Immutable, and shared by everybody who asks.
public final class DatasetModel: Sendable {
  /// The package's name; empty when it has none.
  public let name: String
  /// The package's title, or its name when it has none.
  public let title: String
  /// The package's description; nil when it has none.
  public let description: String?
  /// `sha256:` and the digest of the descriptor and of every resource's file, their names included.
  public let revision: String
  /// In the order of the fields of the observations.
  public let dimensions: [Dimension]
  /// The index in `dimensions` of the one whose codes get a row each in summaries.
  public let placeIndex: Int
  /// The index in `dimensions` of the one whose codes become columns.
  public let breakdownIndex: Int
  /// The dimension that is the document in which a number is printed.
  public let sourceIndex: Int?
  /// The index in `dimensions` of the periods; nil when the dataset has none.
  public let timeIndex: Int?
  /// The index in `dimensions` of the one whose codes are measures; nil where observations have one measure alone.
  public let measureIndex: Int?
  /// What observations count or measure, in the order of the dataset, and behind it what is computed from them; at least
  /// one. The first is meant where none is named.
  public let measures: [Measure]
  /// The dimensions whose combinations of codes should all have a number, by their index; empty where only those are
  /// expected that have a row.
  public let panel: [Int]
  /// First those of the measure, in the order of its `missingValues`, then further ones of the stated totals.
  public let missingReasons: [MissingReason]
  /// In the order of the dataset; empty when the places are not classified.
  public let schemes: [Scheme]
  /// In the order of the dataset, by which observations refer to them.
  public let caveats: [Caveat]
  /// In the order of the dataset.
  public let statedTotals: [StatedTotal]
  /// The ledger, in its order.
  public let discrepancies: [Discrepancy]
  /// In the order of the dataset.
  public let printedTables: [PrintedTable]
  /// What the observations tell of themselves beside their codes and values.
  public let observationFields: ObservationFields
  /// Of sources that give a number for the same, the codes of those that count before others; empty where none does.
  public let preferredSources: [Int]
  /// What becomes of a sum that lacks some of its numbers, unless a report or a run says otherwise.
  public let incompleteSums: IncompleteSums

  package init(_ contents: ModelContents, of layout: DatasetLayout, revision: String) {
    let descriptor = layout.descriptor
    name = descriptor.name ?? ""
    title = descriptor.title ?? name
    description = descriptor.description
    self.revision = revision
    dimensions = contents.dimensions
    placeIndex = layout.place
    breakdownIndex = layout.breakdown
    sourceIndex = layout.source
    timeIndex = contents.timeIndex
    measureIndex = contents.measureIndex
    measures = contents.measures
    panel = contents.panel
    missingReasons = contents.missingReasons
    schemes = contents.schemes
    caveats = contents.caveats
    statedTotals = contents.statedTotals
    discrepancies = contents.discrepancies
    printedTables = contents.printedTables
    observationFields = contents.observationFields
    preferredSources = contents.preferredSources
    incompleteSums = layout.configuration.incomplete
  }

  /// The measure that is meant where none is named.
  public var measure: Measure { measures[0] }
  /// The measure of an observation with these codes, one for each dimension.
  public func measure(of codes: [Int]) -> Measure {
    measureIndex.map { measure(ofCode: codes[$0]) } ?? measure
  }
  /// The measure of that code of the dimension of measures.
  public func measure(ofCode code: Int) -> Measure { measures.first { $0.code == code } ?? measure }
  /// The dimension whose codes get a row each in summaries.
  public var place: Dimension { dimensions[placeIndex] }
  /// The dimension whose codes become columns.
  public var breakdown: Dimension { dimensions[breakdownIndex] }
  /// The dimension that is the document in which a number is printed; nil when the dataset has none.
  public var source: Dimension? { sourceIndex.map { dimensions[$0] } }

  /// The index of the dimension with that id.
  public func dimension(_ id: String) throws(UnknownName) -> Int {
    guard let index = dimensions.firstIndex(where: { $0.id == id }) else {
      throw UnknownName(kind: "dimension", name: id, suggestions: suggestions(for: id, among: dimensions.map(\.id)))
    }
    return index
  }
}

/// Which texts the observations of a dataset have.
public struct ObservationFields: Hashable, Sendable {
  /// Whether there is a field for the key of an observation.
  public var hasIDs: Bool
  /// Whether any observation says what it is a part of.
  public var hasParts: Bool
  /// Whether there is a field for its place in the source.
  public var hasLoci: Bool
  /// Whether there is a field for its words there.
  public var hasQuotes: Bool
}
