public import ReportKit

/// Takes a table, some rows at a time.
public protocol TableSink {
  mutating func begin() async throws
  mutating func take(_ batch: Batch) async throws
  /// - Parameters:
  ///   - notes: those on the table as a whole.
  ///   - totals: the rows below the table.
  mutating func end(notes: [Note], totals: [TotalRow]) async throws
}

extension TableSink {
  /// Nothing to do before the first row.
  public mutating func begin() async throws {}
}

/// Takes the bytes of a format, a block at a time.
public protocol ByteSink {
  mutating func write(_ block: [UInt8]) async throws
}

/// What was handed on.
public struct Receipt: Hashable, Sendable {
  /// Without the rows of totals.
  public var rowCount = 0
  /// Of the whole format; 0 for rows without one.
  public var byteCount = 0
}

/// Turns a table into the bytes of its format.
public struct EncodedTable<Sink: ByteSink>: TableSink {
  /// What took the bytes.
  public private(set) var sink: Sink
  /// What was handed on so far.
  public private(set) var receipt = Receipt()
  private var encoder: any TableEncoder
  private var block: [UInt8] = []
  private let blockSize: Int

  /// - Parameter blockSize: how many bytes are collected before they are handed on.
  /// - Throws: `RequestError` for an answer without a format.
  public init(_ answer: Answer, into sink: Sink, blockSize: Int) throws {
    guard let encoding = answer.encoding else { throw RequestError.noSuchFormat("", known: []) }
    encoder = encoding.encoder
    self.sink = sink
    self.blockSize = blockSize
  }

  /// Writes what stands before the first row.
  public mutating func begin() async throws {
    encoder.begin(into: &block)
  }

  /// Hands on a block when enough bytes have come together.
  public mutating func take(_ batch: Batch) async throws {
    receipt.rowCount += batch.count
    try await encoder.encode(batch, into: &block)
    if block.count >= blockSize { try await flush() }
  }

  /// Hands on what is left, with what stands below the rows.
  public mutating func end(notes: [Note], totals: [TotalRow]) async throws {
    try await encoder.finish(notes: notes, totals: totals, into: &block)
    try await flush()
  }

  private mutating func flush() async throws {
    receipt.byteCount += block.count
    try await sink.write(block)
    block.removeAll(keepingCapacity: true)
  }
}

/// Hands a table to two sinks.
public struct Both<First: TableSink, Second: TableSink>: TableSink {
  /// What took each thing first.
  public private(set) var first: First
  /// What took each thing second.
  public private(set) var second: Second

  /// Hands everything to `first`, and then to `second`.
  public init(_ first: First, _ second: Second) {
    self.first = first
    self.second = second
  }

  /// Begins the first, then the second.
  public mutating func begin() async throws {
    try await first.begin()
    try await second.begin()
  }

  /// Hands the rows to the first, then to the second, at the pace of the slower one.
  public mutating func take(_ batch: Batch) async throws {
    try await first.take(batch)
    try await second.take(batch)
  }

  /// Ends the first, then the second.
  public mutating func end(notes: [Note], totals: [TotalRow]) async throws {
    try await first.end(notes: notes, totals: totals)
    try await second.end(notes: notes, totals: totals)
  }
}
