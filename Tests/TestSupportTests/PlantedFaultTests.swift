import CPlanted
import Glibc
import Synchronization
import TestSupport
import Testing

/// Faults that nothing but a sanitizer finds, for `Tests/Torture/sanitize.sh self-test`, which runs each of them by a variable
/// of the environment.
struct PlantedFaultTests {
  private static func isPlanted(_ name: String) -> Bool {
    getenv("MUSTER_PLANTED").map { String(cString: $0) == name } ?? false
  }

  @Test(.enabled(if: isPlanted("race")))
  func aNumberThatTwoThreadsCount() async throws {
    nonisolated(unsafe) let number = UnsafeMutablePointer<Int>.allocate(capacity: 1)
    defer { number.deallocate() }
    number.initialize(to: 0)
    // Neither is done before the other has begun.
    let begun = Atomic(0)
    let count: @Sendable () -> Void = {
      begun.add(1, ordering: .relaxed)
      while begun.load(ordering: .relaxed) < 2 {}
      for _ in 0..<1000 { number.pointee += 1 }
    }
    async let other: Void = onThread(count)
    try await onThread(count)
    try await other
  }

  @Test(.enabled(if: isPlanted("undefined")))
  func aShiftThatCDoesNotDefine() { #expect(planted_shift(32 + getpid() % 2) != 3) }
}
