import Base

/// Puts together what was found in the chunks, in the order of the file whatever the order in which threads end.
final class FindingsCollector: Sendable {
  struct Total {
    var problems = ProblemList()
    /// Whether the keys of all chunks so far ascend strictly.
    var keysAscend = true
    var references: [PendingReference] = []
    var neededDecimals: [Int: Int] = [:]
    fileprivate var lastKey = ChunkFindings.KeyRange.empty
    fileprivate var next = 0
    fileprivate var waiting: [Int: ChunkFindings] = [:]
  }

  private let state = Locked(Total())

  /// Every chunk is added once.
  func add(_ findings: ChunkFindings, ofChunk index: Int) {
    state.withLock { total in
      total.waiting[index] = findings
      while let next = total.waiting.removeValue(forKey: total.next) {
        total.append(next)
        total.next += 1
      }
    }
  }

  /// Everything, once all threads have ended.
  func finish() -> Total { state.withLock { $0 } }
}

extension FindingsCollector.Total {
  fileprivate mutating func append(_ findings: ChunkFindings) {
    problems.append(contentsOf: findings.problems)
    references.append(contentsOf: findings.references)
    neededDecimals.merge(findings.neededDecimals) { max($0, $1) }
    switch (lastKey, findings.keyRange) {
    case (_, nil): keysAscend = false
    case (_, .empty?): break
    case (.texts(_, let last), .texts(let first, _)?) where !isAscending(last, first): keysAscend = false
    case (.integers(_, let last), .integers(let first, _)?) where last >= first: keysAscend = false
    default: break
    }
    if let range = findings.keyRange, !range.isEmpty { lastKey = range }
  }
}

extension ChunkFindings.KeyRange {
  fileprivate var isEmpty: Bool { if case .empty = self { true } else { false } }
}
