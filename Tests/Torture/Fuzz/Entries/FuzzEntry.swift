internal import Base
internal import CPlanted
internal import TestSupport

/// A reader of what comes from outside, and what must hold whatever bytes it is given.
package struct FuzzEntry: Sendable {
  /// By which the fuzzer and the folders of kept inputs call it.
  package let name: String
  /// Gives it the bytes. A fault of the memory, a trap or a hang ends the process instead of throwing.
  package let run: @Sendable ([UInt8]) throws(FuzzFinding) -> Void

  /// All of them.
  package static let all = [
    json, yaml, table, descriptor, interface, varlink, pluginOutput, exportManifest, condition,
  ]
}

/// What does not hold that must hold.
package struct FuzzFinding: Error, CustomStringConvertible {
  /// One sentence.
  package let description: String
}

extension FuzzEntry {
  /// What nothing but a sanitizer finds, to see that a run does; none of them is among `all`.
  package static let planted = [plantedInSwift, plantedInC, plantedUndefined]

  private static let plantedInSwift = FuzzEntry(name: "planted-in-swift") { bytes throws(FuzzFinding) in
    let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: 4)
    defer { memory.deallocate() }
    guard let last = plantedBytes(bytes) else { return }
    memory[4 + Int(last % 4)] = 1
  }

  private static let plantedInC = FuzzEntry(name: "planted-in-c") { bytes throws(FuzzFinding) in
    let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: 4)
    defer { memory.deallocate() }
    memory.initialize(repeating: 0, count: 4)
    guard let last = plantedBytes(bytes) else { return }
    try require(planted_byte(memory, 4 + Int32(last % 4)) < 0xFF, "")
  }

  private static let plantedUndefined = FuzzEntry(name: "planted-undefined") { bytes throws(FuzzFinding) in
    guard let last = plantedBytes(bytes) else { return }
    try require(planted_shift(32 + Int32(last % 4)) != 3, "")
  }

  /// The last of four bytes that the fuzzer has to find first.
  private static func plantedBytes(_ bytes: [UInt8]) -> UInt8? {
    bytes.count > 3 && bytes.starts(with: "\"a\"".utf8) ? bytes[3] : nil
  }
}

func require(_ holds: Bool, _ what: @autoclosure () -> String) throws(FuzzFinding) {
  if !holds { throw FuzzFinding(description: what()) }
}

extension [UInt8] {
  /// The bytes in pieces, whose sizes are always the same for the same bytes.
  var pieces: [[UInt8]] {
    var random = SplitMix(seed: reduce(UInt64(count)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
    let longest = [1, 2, 7, 64].randomElement(using: &random) ?? 1
    var pieces: [[UInt8]] = []
    var rest = self[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Int.random(in: 1...longest, using: &random))
      pieces.append(Array(piece))
      rest = rest[piece.endIndex...]
    }
    return pieces
  }
}

/// That no problem has what a terminal obeys.
func requireSafe(_ problems: ProblemList) throws(FuzzFinding) {
  for problem in problems.problems {
    let text = problem.description
    try require(!hasControls(text), "a problem has control characters: \(text.debugDescription)")
  }
}

/// Whether a terminal would obey a part of a text, or a log would begin a line there.
func hasControls(_ text: String) -> Bool {
  text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || (0x7F...0x9F).contains($0.value) }
}
