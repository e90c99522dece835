public import ReportKit

/// What is asked of a report, checked against it and the dataset.
public struct ReportQuery: Hashable, Sendable {
  /// Every parameter of the report step.
  public var arguments: Arguments
  /// The observations that are looked at, of those that the report selects.
  public var narrowing: Selection
}

/// Why a query cannot be answered.
public enum QueryError: Error, Sendable, CustomStringConvertible {
  case parameter(ParameterError)
  case unknownDimension(UnknownName)
  case unknownCode(UnknownName)

  public var description: String {
    switch self {
    case .parameter(let error): "\(error)"
    case .unknownDimension(let error), .unknownCode(let error): "\(error)"
    }
  }
}

extension CompiledReport {
  /// - Parameters:
  ///   - parameters: texts by the names of parameters.
  ///   - narrowing: the names of dimensions with the codes that are looked at.
  public func query(
    parameters: [String: String] = [:], where narrowing: [(dimension: String, codes: [String])] = []
  ) throws(QueryError) -> ReportQuery {
    let arguments: Arguments
    do {
      arguments = try self.arguments(with: parameters)
    } catch {
      throw .parameter(error.errors[0])
    }
    var selection = Selection.all
    for (name, ids) in narrowing {
      let dimension: Int
      do throws(UnknownName) { dimension = try dataset.dimension(name) } catch { throw .unknownDimension(error) }
      var codes = CodeSet()
      for id in ids {
        do throws(UnknownName) {
          codes.insert(try dataset.dimensions[dimension].code(id))
        } catch {
          throw .unknownCode(error)
        }
      }
      selection.restrict(dimension, to: codes)
    }
    return ReportQuery(arguments: arguments, narrowing: selection)
  }

  /// The table that answers the query. Nothing is computed before its rows are read.
  public func table(for query: ReportQuery) throws(ParameterError) -> Table {
    try table(with: query.arguments, where: query.narrowing)
  }

  /// What an exporter is told of the table that answers the query.
  public func exportHeader(for query: ReportQuery, columns: [Column]) -> ExportHeader {
    ExportHeader(
      report: name, title: title, revision: dataset.revision, columns: columns, parameters: parameterTexts(of: query),
      narrowing: narrowingCodes(of: query), dataset: dataset.title, sources: dataset.source?.codes.names ?? [],
      citations: citations(columns: columns))
  }

  /// The values of all parameters, in the order of the manifest.
  public func parameterTexts(of query: ReportQuery) -> [(name: String, value: String)] {
    parameters.compactMap { parameter in
      query.arguments.values[parameter.name].map { (parameter.name, $0.description) }
    }
  }

  /// The codes that the query narrows dimensions to, in the dataset's order.
  public func narrowingCodes(of query: ReportQuery) -> [(dimension: String, codes: [String])] {
    dataset.dimensions.indices.compactMap { index in
      query.narrowing[index].map { codes in
        let dimension = dataset.dimensions[index]
        return (dimension.id, codes.map { dimension.codes.ids[$0] })
      }
    }
  }
}
