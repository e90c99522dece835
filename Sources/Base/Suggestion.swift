/// The names nearest to what somebody wrote, best first.
///
/// Near means: equal but for letter case and `-` or `_`; or at most a third of the longer name's letters apart by
/// insertions, deletions, substitutions and swaps of neighbours (optimal string alignment); or the one begins with
/// the other (three letters at least). The order of equals is the order of `candidates`.
///
/// What somebody wrote may come from a client, and the search for it must not take long, whatever it is: nothing is near
/// to a name of more than 400 bytes, and after some ten milliseconds of work the candidates that are left are not looked
/// at.
public func suggestions(for name: String, among candidates: some Sequence<String>, limit: Int = 3) -> [String] {
  guard name.utf8.count <= longestNameSize else { return [] }
  let wanted = folded(name)
  var ranked: [(distance: Int, name: String)] = []
  var steps = 0
  for candidate in candidates where !candidate.utf8.elementsEqual(name.utf8) {
    steps += 32
    if steps > maximumStepCount { break }
    if candidate.utf8.count > longestNameSize { continue }
    let known = folded(candidate)
    let longer = max(wanted.count, known.count)
    // Texts whose lengths differ by more are further apart than that, whatever is in them.
    let isNear = longer - min(wanted.count, known.count) <= max(1, longer / 3)
    if isNear { steps += wanted.count * known.count }
    let distance = isNear ? editDistance(wanted, known) : longer
    let isPrefix = min(wanted.count, known.count) >= 3 && (known.starts(with: wanted) || wanted.starts(with: known))
    if distance <= max(1, longer / 3) && distance < longer {
      ranked.append((distance, candidate))
    } else if isPrefix {
      ranked.append((longer, candidate))
    }
  }
  let order = ranked.enumerated().sorted { ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset) }
  return order.prefix(limit).map(\.element.name)
}

private let longestNameSize = 400
/// Of comparing two letters, which takes about a nanosecond.
private let maximumStepCount = 20_000_000

/// `; did you mean "x"?`, or nothing when no candidate is near.
public func didYouMean(_ name: String, among candidates: some Sequence<String>) -> String {
  guard let nearest = suggestions(for: name, among: candidates, limit: 1).first else { return "" }
  return "; did you mean \"\(nearest)\"?"
}

private func folded(_ name: String) -> [Unicode.Scalar] {
  name.lowercased().unicodeScalars.map { $0 == "-" ? "_" : $0 }
}

private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
  var beforePrevious = [Int](repeating: 0, count: b.count + 1)
  var previous = Array(0...b.count)
  var current = previous
  for i in 1...a.count {
    current[0] = i
    for j in 1...b.count {
      let cost = a[i - 1] == b[j - 1] ? 0 : 1
      current[j] = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + cost)
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        current[j] = min(current[j], beforePrevious[j - 2] + 1)
      }
    }
    (beforePrevious, previous, current) = (previous, current, beforePrevious)
  }
  return previous[b.count]
}
