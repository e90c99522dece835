/// How combinations of codes are laid out one after the other: the last dimension varies fastest.
struct Grid: Sendable {
  let dimensions: [Int]
  let shape: [Int]
  /// How far apart neighbours in each dimension are.
  let strides: [Int]
  let cellCount: Int

  /// Nil when there are more cells than an integer can count.
  init?(dimensions: [Int], shape: [Int]) {
    self.dimensions = dimensions
    self.shape = dimensions.map { shape[$0] }
    var strides = [Int](repeating: 0, count: dimensions.count)
    var count = 1
    for index in dimensions.indices.reversed() {
      strides[index] = count
      let (product, overflows) = count.multipliedReportingOverflow(by: self.shape[index])
      if overflows { return nil }
      count = product
    }
    self.strides = strides
    cellCount = count
  }

  /// For each dimension of the dataset how far apart its neighbours are here; 0 when it is not grouped by.
  func strides(dimensionCount: Int) -> [Int] {
    var result = [Int](repeating: 0, count: dimensionCount)
    for (dimension, stride) in zip(dimensions, strides) { result[dimension] = stride }
    return result
  }
}
