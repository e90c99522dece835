import Crypto
import Glibc
import Synchronization

/// Records of a CSV file that lie one after the other in memory.
struct Chunk {
  let index: Int
  /// Where `bytes` stands in the file.
  let offset: Int
  let bytes: UnsafePointer<UInt8>
  let firstRecord: UnsafePointer<UInt8>
  /// A line feed stands here, behind the last record.
  let limit: UnsafePointer<UInt8>
  /// How many records of the file come before, the header included.
  let recordsBefore: Int
  let recordCount: Int
  let hasNonASCII: Bool
  let hasNULOrCarriageReturn: Bool
  /// The last record is so long that it was not read to its end.
  let isLastRecordTooLong: Bool
}

/// Takes the chunks that one thread reads.
protocol ChunkWorker: SendableMetatype {
  mutating func process(_ chunk: Chunk)
  /// The chunk has no record of its own.
  mutating func skip(chunk index: Int)
  /// There is no further chunk for this thread.
  mutating func finish()
}

/// Reads a CSV file in chunks on several threads, so that every record is in exactly one chunk, whole.
///
/// A chunk owns the records whose preceding line feed lies in its part of the file. Whether a line feed ends a record
/// depends on all quotes before it, so every thread first counts quotes and line feeds in its part, which takes a small
/// fraction of the time of parsing, then waits for the counts of the parts before, and only then parses.
struct ChunkedReader: Sendable {
  let file: DataFile
  let dialect: Dialect
  let chunkSize: Int
  let threads: Int

  /// The block of which a file's digest is made.
  static let blockSize = 1 << 20
  static let maximumRecordSize = 16 << 20
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  struct Result {
    /// False when the file changed or could not be read any more.
    var isComplete: Bool
    /// With the header.
    var recordCount: Int
    /// Those of all blocks; of none unless asked for.
    var digests: BlockDigests
  }

  private struct Progress {
    var records = 0
    var isQuoted = false
  }

  /// - Parameter makeWorker: makes the worker of one thread.
  func read<Worker: ChunkWorker>(digesting: Bool = false, makeWorker: @Sendable () -> Worker) -> Result {
    let start = byteOrderMarkLength
    let chunkCount = max(1, (file.size - start + chunkSize - 1) / chunkSize)
    let digests = DigestStorage(count: digesting ? chunkCount : 0)
    let turnstile = Turnstile(Progress())
    let nextChunk = Atomic(0)
    let hasFailed = Atomic(false)
    file.adviseSequential()
    runOnThreads(min(threads, chunkCount)) { _ in
      var worker = makeWorker()
      let buffer = ChunkBuffer(capacity: chunkSize)
      while true {
        let index = nextChunk.add(1, ordering: .relaxed).oldValue
        if index >= chunkCount { break }
        let offset = start + index * chunkSize
        let size = min(chunkSize, file.size - offset)
        buffer.reset(size: size)
        let isRead = !hasFailed.load(ordering: .relaxed) && file.read(into: buffer.contents, at: offset)
        if !isRead { hasFailed.store(true, ordering: .relaxed) }
        let census = isRead ? BlockCensus(of: UnsafeRawBufferPointer(buffer.contents), quote: dialect.quote) : .init()
        let isLast = index == chunkCount - 1
        let before = turnstile.pass(ticket: index) { progress in
          let before = progress
          progress.records += ownedRecords(
            census, isQuoted: before.isQuoted, isFirst: index == 0, buffer, isLast: isLast)
          if census.quotes % 2 == 1 { progress.isQuoted.toggle() }
          return before
        }
        guard isRead else { continue }
        if digesting { digests.set(index, of: buffer.contents, after: index == 0 ? start : 0) }
        let owned = ownedRecords(census, isQuoted: before.isQuoted, isFirst: index == 0, buffer, isLast: isLast)
        if owned <= 0 {
          worker.skip(chunk: index)
        } else if let chunk = completeChunk(index, offset, buffer, census, before, owned) {
          worker.process(chunk)
        } else {
          hasFailed.store(true, ordering: .relaxed)
        }
      }
      worker.finish()
    }
    let records = turnstile.pass(ticket: chunkCount) { $0.records }
    return Result(
      isComplete: !hasFailed.load(ordering: .relaxed) && file.isUnchanged, recordCount: records,
      digests: BlockDigests(start: start, blockSize: chunkSize, bytes: digests.bytes))
  }

  /// A byte order mark is no part of the first field's name.
  private var byteOrderMarkLength: Int {
    guard file.size >= 3 else { return 0 }
    var bytes: [UInt8] = [0, 0, 0]
    let isRead = bytes.withUnsafeMutableBytes { file.read(into: $0, at: 0) }
    return isRead && bytes == Self.byteOrderMark ? 3 : 0
  }

  /// A line feed begins a record unless it is the last byte of the file; the first record needs none.
  private func ownedRecords(
    _ census: BlockCensus, isQuoted: Bool, isFirst: Bool, _ buffer: ChunkBuffer, isLast: Bool
  ) -> Int {
    var count = isQuoted ? census.lineFeeds.odd : census.lineFeeds.even
    if isFirst, buffer.size > 0 { count += 1 }
    let endsQuoted = isQuoted != (census.quotes % 2 == 1)
    if isLast, !endsQuoted, buffer.size > 0, buffer.contents[buffer.size - 1] == UInt8(ascii: "\n") { count -= 1 }
    return count
  }

  /// Reads on to the end of the last record; nil when the file cannot be read.
  private func completeChunk(
    _ index: Int, _ offset: Int, _ buffer: ChunkBuffer, _ census: BlockCensus, _ before: Progress, _ owned: Int
  ) -> Chunk? {
    var first = 0
    if index > 0 {
      var isQuoted = before.isQuoted
      while first < buffer.size {
        let byte = buffer.contents[first]
        first += 1
        if byte == dialect.quote { isQuoted.toggle() }
        if byte == UInt8(ascii: "\n"), !isQuoted { break }
      }
    }
    var hasNonASCII = census.hasNonASCII
    var hasNULOrReturn = census.hasNULOrCarriageReturn
    var isQuoted = before.isQuoted != (census.quotes % 2 == 1)
    var isTooLong = false
    var isComplete = false
    var step = 4096
    while !isComplete, offset + buffer.size < file.size {
      if buffer.size - chunkSize > Self.maximumRecordSize {
        isTooLong = true
        break
      }
      let from = buffer.size
      buffer.grow(by: min(step, file.size - offset - from))
      step *= 2
      let added = UnsafeMutableRawBufferPointer(rebasing: buffer.contents[from...])
      guard file.read(into: added, at: offset + from) else { return nil }
      for (position, byte) in added.enumerated() {
        hasNonASCII = hasNonASCII || byte >= 0x80
        hasNULOrReturn = hasNULOrReturn || byte == 0 || byte == UInt8(ascii: "\r")
        if byte == dialect.quote { isQuoted.toggle() }
        if byte == UInt8(ascii: "\n"), !isQuoted {
          buffer.size = from + position + 1
          isComplete = true
          break
        }
      }
    }
    let bytes = buffer.terminated()
    return Chunk(
      index: index, offset: offset, bytes: bytes, firstRecord: bytes + first, limit: bytes + buffer.size,
      recordsBefore: before.records, recordCount: owned, hasNonASCII: hasNonASCII,
      hasNULOrCarriageReturn: hasNULOrReturn, isLastRecordTooLong: isTooLong)
  }
}

/// The bytes that one thread works on, with room behind them for a line feed and for reading whole words.
private final class ChunkBuffer {
  private var storage: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  var size = 0

  init(capacity: Int) {
    self.capacity = capacity
    storage = .allocate(capacity: capacity + recordPadding)
  }

  deinit { storage.deallocate() }

  var contents: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(start: storage, count: size) }

  func reset(size: Int) {
    self.size = max(0, size)
  }

  func grow(by count: Int) {
    if size + count > capacity {
      capacity = (size + count) * 2
      let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + recordPadding)
      larger.update(from: storage, count: size)
      storage.deallocate()
      storage = larger
    }
    size += count
  }

  func terminated() -> UnsafePointer<UInt8> {
    (storage + size).update(repeating: UInt8(ascii: "\n"), count: recordPadding)
    return UnsafePointer(storage)
  }
}

/// Digests of blocks, each written by the thread that read the block.
private final class DigestStorage: @unchecked Sendable {
  // Sendable since every block has its own part of the memory, and it is read only after all threads have ended.
  private let storage: UnsafeMutableRawBufferPointer

  init(count: Int) { storage = .allocate(byteCount: count * SHA256.byteCount, alignment: 8) }

  deinit { storage.deallocate() }

  func set(_ index: Int, of contents: UnsafeMutableRawBufferPointer, after markLength: Int) {
    var hash = SHA256()
    if markLength > 0 { hash.update(data: [0xEF, 0xBB, 0xBF] as [UInt8]) }
    hash.update(bufferPointer: UnsafeRawBufferPointer(contents))
    hash.finalize().withUnsafeBytes { digest in
      UnsafeMutableRawBufferPointer(rebasing: storage[index * SHA256.byteCount..<(index + 1) * SHA256.byteCount])
        .copyMemory(from: digest)
    }
  }

  var bytes: [UInt8] { Array(storage) }
}
