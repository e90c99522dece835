import Glibc
import Posix
import Testing

@Suite("A file may have any time")
struct ClockTests {
  @Test(arguments: [
    (0, 0, 0), (1, 1999, 1_000_001), (-1, 500_000_000, -500_000), (-2_147_483_648, 0, -2_147_483_648_000_000),
    (Int.max, 999_999_999, Int64.max), (Int.min, 0, Int64.min), (9_223_372_036_854, 775_807_000, Int64.max),
  ])
  func inMicroseconds(seconds: Int, nanoseconds: Int, count: Int64) {
    #expect(timespec(tv_sec: seconds, tv_nsec: nanoseconds).microseconds == count)
  }

  @Test(arguments: [0, 1, -1, -999_999, -1_000_000, -1_000_001, 1_700_000_000_123_456, Int64.min, Int64.max])
  func fromMicroseconds(_ count: Int64) {
    let time = timespec(microseconds: count)
    #expect((0..<1_000_000_000).contains(time.tv_nsec))
    #expect(time.microseconds == count)
  }
}
