extension DatasetModel {
  /// What is selected, in the words of the dataset, such as `Country: Poland, Finland; Disposition: Released`. A
  /// dimension of which everything is selected is not told; `everything` where none is. Of many codes it is told in short
  /// which they are, such as `all but Poland`.
  public func words(for selection: Selection) -> String {
    var parts: [String] = []
    for (index, dimension) in dimensions.enumerated() {
      guard let allowed = selection[index] else { continue }
      let codes = allowed.intersection(CodeSet(dimension.codes.ids.indices))
      if codes.count == dimension.codes.count { continue }
      parts.append("\(dimension.title): \(codes.isEmpty ? "none" : dimension.words(for: codes))")
    }
    return parts.isEmpty ? "everything" : parts.joined(separator: "; ")
  }

  /// - Parameter codes: ascending, at least one.
  private func words(for codes: [Int], of dimension: Dimension) -> String {
    let names = dimension.codes.names
    let most = 12
    if codes.count <= most { return codes.map { names[$0] }.joined(separator: ", ") }
    if names.count - codes.count <= 3 {
      let selected = CodeSet(codes)
      let others = names.indices.filter { !selected.contains($0) }.map { names[$0] }
      return "all but " + others.joined(separator: ", ")
    }
    let first = codes.prefix(most / 2).map { names[$0] }.joined(separator: ", ")
    return "\(first) and \(codes.count - most / 2) more"
  }

  /// The names of an observation's codes, such as `Finland, Released`, without those of some dimensions.
  public func words(for codes: [Int], without dimensions: Set<Int> = []) -> String {
    codes.indices.filter { !dimensions.contains($0) }.map { self.dimensions[$0].codes.names[codes[$0]] }
      .joined(separator: ", ")
  }

  /// The name of a source, given by the id that a statement names it with; the id where the dataset has no such code.
  public func name(ofSource id: String) -> String {
    guard let source, let code = source.codes.index(of: id) else { return id }
    return source.codes.names[code]
  }
}
