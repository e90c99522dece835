package import Posix
internal import YAML

/// That limits of memory come to more than the process may have. At a limit of its own the daemon makes clients wait or refuses
/// them; at the system's it is killed.
package struct MemoryExcess: Sendable, CustomStringConvertible {
  /// What the limits come to, in bytes.
  package let sum: Int
  package let allowed: AllowedMemory
  /// The limits with what they are, such as `memory 1GiB`.
  package let parts: [String]

  /// One line: both sums, what they come from, and what to do.
  package var description: String {
    "the limits of memory come to \(sizeText(sum)) (\(parts.joined(separator: ", "))), and the process may have "
      + "\(sizeText(allowed.byteCount)) (\(allowed.origin)); lower them, or give it more (MemoryMax=)"
  }
}

extension Configuration.Limits {
  /// Nil where all that is held at one time has room in what the process may have, or nothing limits that.
  ///
  /// - Parameter allowed: what this process may have.
  package func memoryExcess(over allowed: AllowedMemory? = .find()) -> MemoryExcess? {
    guard let allowed else { return nil }
    // What is in use may grow to `memory` before runs wait; what runs hold by then and what waits for clients comes to it.
    let keys: [Key<Int>] = [.memory, .runMemory, .unreadOutput, .unfinishedCalls, .cacheSize]
    let parts = keys.map { (name: $0.name, byteCount: self[keyPath: $0.path]) }
    let sum = parts.reduce(0) { $0 + $1.byteCount }
    guard sum > allowed.byteCount else { return nil }
    return MemoryExcess(sum: sum, allowed: allowed, parts: parts.map { "\($0.name) \(sizeText($0.byteCount))" })
  }
}
