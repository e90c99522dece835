import Crypto

/// What a file held when it was read: the SHA-256 digests of its blocks.
struct BlockDigests: Sendable {
  /// The length of the byte order mark, which is a part of the first block beside its size.
  let start: Int
  let blockSize: Int
  /// One after the other.
  let bytes: [UInt8]

  /// That part of the file, with line feeds behind it as a splitter wants; nil unless it is what it was then. Whole blocks
  /// are read for it: neither a time nor a size tells what a file holds.
  func paddedBytes(of file: DataFile, from offset: Int, count: Int) -> [UInt8]? {
    let end = min(offset + count, file.size)
    let first = max(0, offset - start) / blockSize
    let last = max(first, (max(0, end - start) + blockSize - 1) / blockSize - 1)
    let begin = first == 0 ? 0 : start + first * blockSize
    guard let blocks = file.paddedBytes(from: begin, count: start + (last + 1) * blockSize - begin) else { return nil }
    let size = blocks.count - recordPadding
    for block in first...last {
      let from = (block == 0 ? 0 : start + block * blockSize) - begin
      let to = min(start + (block + 1) * blockSize - begin, size)
      let known = bytes.dropFirst(block * SHA256.byteCount).prefix(SHA256.byteCount)
      guard from <= to, SHA256.hash(data: blocks[from..<to]).elementsEqual(known) else { return nil }
    }
    return Array(blocks[(offset - begin)..<(end - begin)]) + Array(repeating: UInt8(ascii: "\n"), count: recordPadding)
  }
}
