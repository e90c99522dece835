/// The places of the longest sequence that is in both; nothing for lists that nobody configures.
func commonSubsequence<Element: Equatable>(_ old: [Element], _ new: [Element]) -> [(Int, Int)] {
  let width = new.count + 1
  guard (old.count + 1) * width <= 1 << 18 else { return [] }
  /// How long the sequence of what stands behind is, by the places in both.
  var lengths = Array(repeating: 0, count: (old.count + 1) * width)
  for i in old.indices.reversed() {
    for j in new.indices.reversed() {
      lengths[i * width + j] =
        old[i] == new[j]
        ? lengths[(i + 1) * width + j + 1] + 1 : max(lengths[(i + 1) * width + j], lengths[i * width + j + 1])
    }
  }
  var pairs: [(Int, Int)] = []
  var (i, j) = (0, 0)
  while i < old.count, j < new.count {
    if old[i] == new[j] {
      pairs.append((i, j))
      (i, j) = (i + 1, j + 1)
    } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
      i += 1
    } else {
      j += 1
    }
  }
  return pairs
}
