extension Dimension {
  /// How many names stand one beside the other before a shorter way to say the same is looked for.
  private static let listedNames = 8
  /// How many are named that are left out.
  private static let leftOutNames = 6

  /// The names of some of the codes: each, where they are few; else what they have in common or all but a few, and in the
  /// last resort the first ones with the number of the others. Periods one behind the other are told by their ends.
  ///
  /// - Parameter codes: at least one, and not all.
  func words(for codes: CodeSet) -> String {
    let codes = Array(codes)
    let names = self.codes.names
    let listed = isTime ? periods(codes) : codes.map { names[$0] }
    if listed.count <= Self.listedNames { return listed.joined(separator: ", ") }
    let left = CodeSet(names.indices).subtracting(CodeSet(codes))
    if let whole = whole(of: CodeSet(codes)) { return "all of \(names[whole]) (\(codes.count))" }
    if left.count <= Self.leftOutNames, left.count < codes.count {
      return "all but \(left.map { names[$0] }.joined(separator: ", "))"
    }
    return "\(codes.prefix(3).map { names[$0] }.joined(separator: ", ")) and \(codes.count - 3) more"
  }

  /// Three periods or more in a row by the first and the last one.
  private func periods(_ codes: [Int]) -> [String] {
    var runs: [(first: Int, last: Int)] = []
    for code in codes {
      if let last = runs.last?.last, last + 1 == code {
        runs[runs.count - 1].last = code
      } else {
        runs.append((code, code))
      }
    }
    let names = self.codes.names
    return runs.flatMap { run in
      run.last - run.first < 2
        ? (run.first...run.last).map { names[$0] } : ["\(names[run.first]) to \(names[run.last])"]
    }
  }

  /// The code that contains just these: everything below it, or directly below it, or what of that contains nothing.
  private func whole(of codes: CodeSet) -> Int? {
    guard let hierarchy else { return nil }
    return self.codes.ids.indices.first { code in
      let below = hierarchy.descendants[code]
      guard below.count >= codes.count, below.intersection(codes) == codes else { return false }
      return below == codes || CodeSet(below.filter { !hierarchy.isContainer($0) }) == codes
        || CodeSet(below.filter { hierarchy.parents[$0].contains(code) }) == codes
    }
  }
}
