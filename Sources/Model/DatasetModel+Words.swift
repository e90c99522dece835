extension DatasetModel {
  /// What is selected, in the words of the dataset, such as `Country: Poland, Finland; Disposition: Released`. A
  /// dimension of which everything is selected is not told; `everything` where none is.
  public func words(for selection: Selection) -> String {
    var parts: [String] = []
    for (index, dimension) in dimensions.enumerated() {
      guard let allowed = selection[index] else { continue }
      let codes = dimension.codes.names.indices.filter(allowed.contains)
      if codes.count == dimension.codes.count { continue }
      let names = codes.map { dimension.codes.names[$0] }.joined(separator: ", ")
      parts.append("\(dimension.title): \(codes.isEmpty ? "none" : names)")
    }
    return parts.isEmpty ? "everything" : parts.joined(separator: "; ")
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
