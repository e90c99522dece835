import ReportKit

/// Which scheme groups the codes of a dimension.
enum SchemeChoice {
  static let scheme = Parameter.scheme("scheme", "The classification scheme that puts places into blocs")

  /// The scheme that was asked for, or the first one of the dimension; nil when there is none of that dimension.
  static func scheme(of dimension: Int, for request: ReportRequest) throws(ParameterError) -> Scheme? {
    let model = request.model
    if let of = request[CrosstabAxes.of], of != dimension {
      throw ParameterError(
        parameter: "of", message: "of must be the dimension of the rows, \"\(model.dimensions[dimension].id)\"")
    }
    guard let asked = request[scheme].map({ model.schemes[$0] }) else { return nil }
    if asked.dimension == dimension { return asked }
    // The first scheme stands for nothing asked.
    if request[scheme] == 0 { return model.schemes.first { $0.dimension == dimension } }
    throw mismatch(asked, dimension, model)
  }

  /// The scheme that was asked for, or the first one of the dimension that it is to group.
  static func any(for request: ReportRequest, report: String) throws(ParameterError) -> Scheme {
    let model = request.model
    guard let index = request[scheme] else {
      throw ParameterError(
        parameter: "scheme", message: "\(report) needs a classification scheme, and the dataset has none")
    }
    let asked = model.schemes[index]
    guard let of = request[CrosstabAxes.of], of != asked.dimension else { return asked }
    if index == 0, let scheme = model.schemes.first(where: { $0.dimension == of }) { return scheme }
    if model.schemes.contains(where: { $0.dimension == of }) { throw mismatch(asked, of, model) }
    let grouped = Set(model.schemes.map(\.dimension)).sorted().map { model.dimensions[$0].id }
    throw ParameterError(
      parameter: "of",
      message: "no scheme groups \"\(model.dimensions[of].id)\"; those that are grouped are: "
        + grouped.joined(separator: ", "), suggestions: grouped)
  }

  private static func mismatch(_ scheme: Scheme, _ dimension: Int, _ model: DatasetModel) -> ParameterError {
    let known = model.schemes.filter { $0.dimension == dimension }.map(\.id)
    return ParameterError(
      parameter: "scheme",
      message: "the scheme \"\(scheme.id)\" groups \"\(model.dimensions[scheme.dimension].id)\", not "
        + "\"\(model.dimensions[dimension].id)\""
        + (known.isEmpty ? ", which no scheme groups" : "; there are: \(known.joined(separator: ", "))"),
      suggestions: known)
  }
}

extension Scheme {
  /// The ids of its groups, for a column that holds them.
  var values: [Column.Value] { groups.map { Column.Value($0.id, title: $0.name) } }

  /// The column with the group of a code.
  func groupColumn(of dimension: Dimension) -> Column {
    .text(
      "bloc", levels.last ?? "Group",
      "The \((levels.last ?? "group").lowercased()) of the \(dimension.id) in the scheme",
      values: values)
  }

  /// Says by which classification, and as of when.
  var note: Note { note(levels == ["Bloc"] ? "Blocs" : levels.joined(separator: ", ")) }

  /// - Parameter use: what the scheme is used for.
  func note(_ use: String) -> Note {
    Note(.scope, "\(use): \(title)\(asOf.map { ", as of \($0)" } ?? "") (\(id))")
  }
}
