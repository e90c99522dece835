extension DatasetModel {
  /// The selection that names describe: for each dimension the codes that are allowed. A dimension that is named twice
  /// is narrowed twice.
  ///
  /// - Throws: every dimension and code that the dataset does not have, in the order of the terms.
  public func selection(_ terms: [(dimension: String, codes: [String])]) throws(SelectionErrors) -> Selection {
    var selection = Selection.all
    var errors: [SelectionError] = []
    for (term, names) in terms.enumerated() {
      do throws(UnknownName) {
        let index = try dimension(names.dimension)
        var codes = CodeSet()
        for (place, code) in names.codes.enumerated() {
          do throws(UnknownName) {
            codes.insert(try dimensions[index].code(code))
          } catch {
            errors.append(SelectionError(unknown: error, term: term, code: place))
          }
        }
        selection.restrict(index, to: codes)
      } catch {
        errors.append(SelectionError(unknown: error, term: term, code: nil))
      }
    }
    if !errors.isEmpty { throw SelectionErrors(errors: errors) }
    return selection
  }
}

/// A dimension or a code that the dataset does not have.
public struct SelectionError: Hashable, Sendable, CustomStringConvertible {
  /// What the dataset does not have, with the nearest names that it has.
  public var unknown: UnknownName
  /// The index of the term that names it.
  public var term: Int
  /// The index of the code in its term; nil for the dimension itself.
  public var code: Int?

  /// The message, without the place.
  public var description: String { unknown.description }
}

/// Everything that is wrong with the names of a selection; at least one.
public struct SelectionErrors: Error, Hashable, Sendable {
  /// In the order of the terms, and within a term in that of its codes.
  public var errors: [SelectionError]
}
