public import Base

extension Snapshot {
  /// The selection that names describe: for each dimension the codes that are allowed.
  ///
  /// - Throws: every dimension and code that the dataset does not have, where it is written, with the nearest name.
  public func selection(
    _ terms: [(dimension: Located<String>, codes: [Located<String>])]
  ) throws(ProblemList) -> Selection {
    var selection = Selection.all
    var problems = ProblemList()
    for term in terms {
      do throws(UnknownName) {
        let index = try dimension(term.dimension.value)
        var codes = CodeSet()
        for code in term.codes {
          do throws(UnknownName) {
            codes.insert(try dimensions[index].code(code.value))
          } catch {
            problems.append(code.problem(error.description))
          }
        }
        selection.restrict(index, to: codes)
      } catch {
        problems.append(term.dimension.problem(error.description))
      }
    }
    try problems.throwIfAny()
    return selection
  }
}
