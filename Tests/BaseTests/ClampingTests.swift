import Base
import Testing

@Suite("Numbers from outside are computed with, whatever they are")
struct ClampingTests {
  static let numbers: [Int8] = [.min, .min + 1, -64, -2, -1, 0, 1, 2, 63, .max - 1, .max]

  @Test(arguments: numbers, numbers) func whatIsBeyondBecomesTheNearest(_ one: Int8, _ other: Int8) {
    #expect(one.addingClamped(other) == Int8(clamping: Int(one) + Int(other)))
    #expect(one.subtractingClamped(other) == Int8(clamping: Int(one) - Int(other)))
    #expect(one.multipliedClamped(by: other) == Int8(clamping: Int(one) * Int(other)))
  }
}
