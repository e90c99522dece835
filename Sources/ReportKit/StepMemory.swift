internal import Model
internal import Synchronization

/// What a step holds of the rows that it is given, counted against the limit of the configuration.
///
///     var memory = StepMemory(step: "sort", within: limits)
///     while let batch = try await source.next() {
///       try memory.hold(batch)
///       batches.append(batch)
///     }
public struct StepMemory: Sendable {
  /// Without a word in the configuration.
  public static let defaultLimit = 64 << 20
  /// The key of the configuration.
  public static let limitKey = "limits.step_memory"

  /// The name of the plugin, for the error.
  public let step: String
  /// In bytes.
  public let limit: Int
  /// Bytes, estimated.
  public private(set) var byteCount = 0
  private let part: StepMemoryPool.Part

  /// Nothing is held yet. What is held is given back when the last copy of this is gone.
  public init(step: String, within limits: StepLimits) {
    self.step = step
    limit = limits.memory
    part = StepMemoryPool.Part(of: limits.pool)
  }

  /// Counts rows that the step is going to keep.
  public mutating func hold(_ batch: Batch) throws(StepMemoryExceeded) {
    try hold(batch.estimatedByteCount)
  }

  /// Counts a row that the step is going to keep.
  public mutating func hold(_ row: Row) throws(StepMemoryExceeded) {
    try hold(row.estimatedByteCount)
  }

  /// Counts anything else that the step is going to keep.
  public mutating func hold(_ byteCount: Int) throws(StepMemoryExceeded) {
    self.byteCount += byteCount
    if self.byteCount > limit { throw StepMemoryExceeded(step: step, limit: limit) }
    if !part.grow(by: byteCount) {
      throw StepMemoryExceeded(step: step, limit: part.pool.limit, key: StepMemoryPool.limitKey)
    }
  }
}

/// What all steps of all runs may hold together.
public final class StepMemoryPool: Sendable {
  /// Without a word in the configuration.
  public static let defaultLimit = 512 << 20
  /// The key of the configuration.
  public static let limitKey = "limits.run_memory"

  /// In bytes.
  public let limit: Int
  private let byteCount = Atomic(0)

  /// Nothing is held yet.
  ///
  /// - Parameter limit: in bytes.
  public init(limit: Int = StepMemoryPool.defaultLimit) { self.limit = limit }

  /// What is held now, in bytes.
  public var heldByteCount: Int { byteCount.load(ordering: .relaxed) }

  /// What one step holds of it.
  fileprivate final class Part: Sendable {
    let pool: StepMemoryPool
    private let byteCount = Atomic(0)

    init(of pool: StepMemoryPool) { self.pool = pool }

    deinit { pool.byteCount.subtract(byteCount.load(ordering: .relaxed), ordering: .relaxed) }

    /// False when there is no room for it.
    func grow(by count: Int) -> Bool {
      byteCount.add(count, ordering: .relaxed)
      return pool.byteCount.add(count, ordering: .relaxed).newValue <= pool.limit
    }
  }
}

/// A step that must hold rows was given more of them than it may hold.
public struct StepMemoryExceeded: Error, Hashable, Sendable, CustomStringConvertible {
  /// The name of the plugin.
  public var step: String
  /// In bytes.
  public var limit: Int
  /// The key of the configuration that sets the limit: that of one step, or of all together.
  public var key: String

  /// - Parameters:
  ///   - limit: in bytes.
  ///   - key: of the configuration.
  public init(step: String, limit: Int, key: String = StepMemory.limitKey) {
    self.step = step
    self.limit = limit
    self.key = key
  }

  /// The message, which names the key that sets the limit.
  public var description: String {
    if key == StepMemory.limitKey {
      return "\(step) must hold rows of more than \(limit) bytes; \(key) in the configuration sets that limit"
    }
    return "\(step) must hold rows, and with them the steps of all runs together would hold more than \(limit) bytes; "
      + "\(key) in the configuration sets that limit"
  }
}

extension Batch {
  /// About how many bytes of memory the rows take. What they share, such as the texts of notes, is counted for each of
  /// them, so that the estimate errs on the safe side.
  var estimatedByteCount: Int {
    let provenance =
      switch provenance {
      case .none: 0
      case .selections(let selections): selections.reduce(0) { $0 + 32 + $1.estimatedByteCount }
      case .codes(let codes), .groups(let codes, by: _, in: _): codes.count * count * 4
      }
    return columns.reduce(64 + annotations.estimatedByteCount + provenance) { $0 + $1.estimatedByteCount }
  }
}

extension Row {
  /// About how many bytes of memory the row takes: its cells, the texts that do not fit into a cell, its notes and
  /// provenance. What rows share, such as the texts of notes, is counted for each of them, so that the estimate errs on
  /// the safe side.
  var estimatedByteCount: Int {
    cells.reduce(Self.overhead + provenance.estimatedByteCount) { $0 + $1.estimatedByteCount }
  }

  /// Two arrays, each with a header.
  private static let overhead = MemoryLayout<Row>.stride + 64
}

extension Cell {
  fileprivate var estimatedByteCount: Int {
    var count = MemoryLayout<Cell>.stride
    if case .text(let text) = value { count += text.estimatedByteCount }
    for note in notes { count += MemoryLayout<Note>.stride + note.text.estimatedByteCount }
    for lack in coverage?.lacks ?? [] { count += MemoryLayout<Coverage.Lack>.stride + lack.reason.estimatedByteCount }
    return count + (provenance?.estimatedByteCount ?? 0)
  }
}

extension String {
  /// Up to 15 bytes of UTF-8 stand in the string itself.
  var estimatedByteCount: Int { utf8.count <= 15 ? 0 : 32 + utf8.count }
}

extension [Selection] {
  var estimatedByteCount: Int {
    reduce(0) { $0 + MemoryLayout<Selection>.stride + 64 * $1.restrictions.count }
  }
}
