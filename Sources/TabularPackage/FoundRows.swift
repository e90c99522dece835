import Synchronization

/// For each of some keys the lowest row that has it, found by several threads.
final class FoundRows: Sendable {
  private let rows: Locked<[Int?]>

  init(count: Int) { rows = Locked([Int?](repeating: nil, count: count)) }

  func add(_ row: Int, for key: Int) {
    rows.withLock { $0[key] = min($0[key] ?? row, row) }
  }

  subscript(key: Int) -> Int? { rows.withLock { $0[key] } }
}

/// Finds rows with equal hashes.
///
/// Hashes are first sorted roughly by their highest bits, so that each part is small enough for the processor's cache.
struct DuplicateSearch {
  let hashes: UnsafeMutablePointer<UInt64>
  let rowCount: Int
  let threads: Int

  /// Every row whose hash a lower row has, with the lowest such row; ascending. 0 is no hash.
  func duplicates() -> [(row: Int, first: Int)] {
    let bits = rowCount > 1 << 16 ? 10 : 0
    var starts = [Int](repeating: 0, count: 1 << bits + 1)
    for row in 0..<rowCount { starts[part(hashes[row], bits) + 1] += 1 }
    for index in 1..<starts.count { starts[index] += starts[index - 1] }
    let rows = UnsafeMutablePointer<UInt32>.allocate(capacity: max(1, rowCount))
    defer { rows.deallocate() }
    var next = starts
    for row in 0..<rowCount {
      let part = part(hashes[row], bits)
      rows[next[part]] = UInt32(truncatingIfNeeded: row)
      next[part] += 1
    }
    let found = Locked<[(row: Int, first: Int)]>([])
    let nextPart = Atomic(0)
    let boundaries = starts
    // Safe to share: both are only read from here on, and `runOnThreads` returns when all threads have ended, which is
    // before the rows are deallocated.
    nonisolated(unsafe) let sortedRows = rows
    nonisolated(unsafe) let search = self
    runOnThreads(bits == 0 ? 1 : threads) { _ in
      while true {
        let part = nextPart.add(1, ordering: .relaxed).oldValue
        if part >= 1 << bits { return }
        let rows = UnsafeBufferPointer(
          rebasing: UnsafeBufferPointer(start: sortedRows, count: search.rowCount)[
            boundaries[part]..<boundaries[part + 1]])
        let duplicates = search.duplicates(among: rows)
        if !duplicates.isEmpty { found.withLock { $0 += duplicates } }
      }
    }
    return found.withLock { $0.sorted { $0.row < $1.row } }
  }

  private func part(_ hash: UInt64, _ bits: Int) -> Int {
    bits == 0 ? 0 : Int(truncatingIfNeeded: hash >> UInt64(64 - bits))
  }

  private func duplicates(among rows: UnsafeBufferPointer<UInt32>) -> [(row: Int, first: Int)] {
    var capacity = 16
    while capacity < rows.count * 2 { capacity *= 2 }
    var slots = [UInt32](repeating: .max, count: capacity)
    var duplicates: [(row: Int, first: Int)] = []
    for row in rows where hashes[Int(row)] != 0 {
      let hash = hashes[Int(row)]
      var slot = Int(truncatingIfNeeded: hash) & (capacity - 1)
      while slots[slot] != .max, hashes[Int(slots[slot])] != hash { slot = (slot + 1) & (capacity - 1) }
      if slots[slot] == .max {
        slots[slot] = row
      } else {
        duplicates.append((Int(row), Int(slots[slot])))
      }
    }
    return duplicates
  }
}
