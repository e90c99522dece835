extension DatasetModel {
  /// The selection that terms describe. A dimension that is named twice is narrowed twice.
  ///
  /// - Parameter errorLimit: how many errors are looked for; each of them goes through all names for the nearest one.
  /// - Throws: everything that the dataset does not have, or that selects nothing, in the order of the terms. A term with
  ///   a list of no items is no error: it can only mean that nothing is selected.
  public func selection(_ terms: [SelectionTerm], errorLimit: Int = .max) throws(SelectionErrors) -> Selection {
    var selection = Selection.all
    var errors: [SelectionError] = []
    for (number, term) in terms.enumerated() {
      if errors.count >= errorLimit { break }
      do throws(UnknownName) {
        let index = try dimension(term.dimension)
        var reader = TermReader(dimension: dimensions[index], term: number, errorLimit: errorLimit - errors.count)
        let codes = reader.codes(of: term)
        errors += reader.errors
        guard let codes else { continue }
        let wasEmpty = selection[index]?.isEmpty ?? false
        selection.restrict(index, to: codes)
        if selection[index]?.isEmpty == true, !codes.isEmpty, !wasEmpty {
          errors.append(.nothingLeft(of: term.dimension, term: number))
        }
      } catch {
        errors.append(SelectionError(reason: .unknownDimension(error), term: number, part: nil))
      }
    }
    if !errors.isEmpty { throw SelectionErrors(errors: errors) }
    return selection
  }
}

/// Something in a selection that the dataset does not have, or that selects nothing.
public struct SelectionError: Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Reason: Hashable, Sendable {
    /// There is no such dimension.
    case unknownDimension(UnknownName)
    /// The dimension has no such code.
    case unknownCode(UnknownName)
    /// The dimension does not have what the item asks for, or nothing is selected; no item where it is the whole term.
    case unusable(dimension: String, item: String?, message: String)
  }

  /// What is wrong, with the nearest names that there are.
  public var reason: Reason
  /// The index of the term that it is in.
  public var term: Int
  /// Where in its term; nil for the dimension itself.
  public var part: SelectionTerm.Part?

  /// That two terms, each of which selects something, have nothing in common.
  package static func nothingLeft(of dimension: String, term: Int) -> SelectionError {
    SelectionError(
      reason: .unusable(
        dimension: dimension, item: nil, message: "this leaves nothing of the \(dimension) that is selected before it"),
      term: term, part: nil)
  }

  /// The message, without the place.
  public var description: String {
    switch reason {
    case .unknownDimension(let name), .unknownCode(let name): name.description
    case .unusable(_, _, let message): message
    }
  }
}

/// Everything that is wrong with a selection; at least one.
public struct SelectionErrors: Error, Hashable, Sendable {
  /// In the order of the terms, and within a term in that of its items.
  public var errors: [SelectionError]
}

/// Finds out which codes a term means.
private struct TermReader {
  let dimension: Dimension
  let term: Int
  let errorLimit: Int
  private(set) var errors: [SelectionError] = []
  private var rangeCount = 0

  init(dimension: Dimension, term: Int, errorLimit: Int) {
    self.dimension = dimension
    self.term = term
    self.errorLimit = errorLimit
  }

  /// Nil when there is an error.
  mutating func codes(of term: SelectionTerm) -> CodeSet? {
    let wanted = term.items.map { union(of: $0) { .item($0) } } ?? CodeSet(dimension.codes.ids.indices)
    let left = union(of: term.without) { .without($0) }
    if !errors.isEmpty { return nil }
    let codes = wanted.subtracting(left)
    if codes.isEmpty, !wanted.isEmpty {
      report(.unusable(item: nil, message: "this leaves out all of the \(dimension.id) that it selects"), at: nil)
      return nil
    }
    return codes
  }

  /// Without what there is an error about.
  private mutating func union(of items: [SelectionTerm.Item], at part: (Int) -> SelectionTerm.Part) -> CodeSet {
    var codes = CodeSet()
    for (index, item) in items.enumerated() where errors.count < errorLimit {
      do throws(ItemError) {
        if dimension.isRange(item) { try countRange() }
        codes.formUnion(try dimension.codes(of: item))
      } catch {
        report(error, at: part(index))
        if rangeCount > SelectionTerm.rangeLimit { break }
      }
    }
    return codes
  }

  private mutating func countRange() throws(ItemError) {
    rangeCount += 1
    if rangeCount > SelectionTerm.rangeLimit {
      throw .unusable(item: nil, message: "more than \(SelectionTerm.rangeLimit) ranges in one selection are too many")
    }
  }

  private mutating func report(_ error: ItemError, at part: SelectionTerm.Part?) {
    let reason: SelectionError.Reason =
      switch error {
      case .unknown(let name): .unknownCode(name)
      case .unusable(let item, let message): .unusable(dimension: dimension.id, item: item, message: message)
      }
    errors.append(SelectionError(reason: reason, term: term, part: part))
  }
}
