import TestSupport
import Testing

@testable import MusterDaemon

@Suite("Latencies are told as percentiles")
struct LatencyHistogramTests {
  @Test func nothingCountedIsZero() {
    let histogram = LatencyHistogram()
    #expect(histogram.quantile(0.5) == 0)
    #expect(histogram.maximum == 0)
    #expect(histogram.count == 0)
  }

  @Test func shortDurationsAreExact() {
    var histogram = LatencyHistogram()
    for value in Int64(0)...31 { histogram.add(microseconds: value) }
    for rank in 1...32 { #expect(histogram.quantile(Double(rank) / 32) == Int64(rank - 1)) }
    #expect(histogram.sum == 496)
  }

  @Test(
    arguments: [
      32, 33, 47, 63, 64, 65, 1000, 1023, 1024, 123_456_789, (1 << 39) - 1, 1 << 39, (1 << 40) - 1,
    ] as [Int64])
  func aLongOneIsAtMostASixteenthTooLong(value: Int64) {
    var histogram = LatencyHistogram()
    histogram.add(microseconds: value)
    // The maximum, known exactly, cuts it.
    #expect(histogram.quantile(0.5) == value)
    histogram.add(microseconds: .max)
    let told = histogram.quantile(0.5)
    #expect(told >= value)
    #expect(told - value <= value / 16)
  }

  @Test func percentilesOfManyAreNearTheTrueOnes() {
    var histogram = LatencyHistogram()
    var generator = SplitMix(seed: 1955)
    var values: [Int64] = []
    for _ in 0..<10_000 {
      // Evenly over the orders of magnitude.
      let value = Int64.random(in: 0..<(1 << Int64.random(in: 1...30, using: &generator)), using: &generator)
      values.append(value)
      histogram.add(microseconds: value)
    }
    values.sort()
    for share in [0.001, 0.5, 0.9, 0.99, 0.999, 1] {
      let exact = values[Int((share * 10_000).rounded(.up)) - 1]
      let told = histogram.quantile(share)
      #expect(told >= exact)
      #expect(told - exact <= exact / 16)
    }
    #expect(histogram.quantile(1) == values.last)
    #expect(histogram.sum == values.reduce(0, +))
  }

  @Test func whatIsBeyondAllBucketsIsTheMaximum() {
    var histogram = LatencyHistogram()
    histogram.add(microseconds: 1 << 50)
    histogram.add(microseconds: -5)
    #expect(histogram.quantile(1) == 1 << 50)
    #expect(histogram.quantile(0.5) == 0)
  }
}
