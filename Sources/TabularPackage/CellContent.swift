import Glibc

/// The cells of the record at hand, without their quotes.
struct CellContents {
  let splitter: RecordSplitter
  /// Holds the content of one cell at a time whose doubled quotes had to be undone.
  private var scratch: UnsafeMutablePointer<UInt8>
  private var capacity = 256

  init(splitter: RecordSplitter) {
    self.splitter = splitter
    scratch = .allocate(capacity: capacity)
  }

  func deallocate() {
    splitter.deallocate()
    scratch.deallocate()
  }

  /// The content of a cell, until the next call. Sixteen bytes behind it may be read.
  @inline(__always)
  mutating func content(_ column: Int) -> (start: UnsafePointer<UInt8>, count: Int) {
    let cell = splitter.cells[column]
    return cell.quoting < 2 ? (cell.start, cell.count) : unescaped(cell)
  }

  mutating func bytes(_ column: Int) -> UnsafeBufferPointer<UInt8> {
    let content = content(column)
    return UnsafeBufferPointer(start: content.start, count: content.count)
  }

  /// The text of a cell for people: what is no UTF-8 is replaced.
  mutating func text(_ column: Int) -> String { String(decoding: bytes(column), as: UTF8.self) }

  private mutating func unescaped(_ cell: RecordSplitter.Cell) -> (start: UnsafePointer<UInt8>, count: Int) {
    if cell.count + 16 > capacity {
      scratch.deallocate()
      capacity = (cell.count + 16) * 2
      scratch = .allocate(capacity: capacity)
    }
    var count = 0
    var index = 0
    while index < cell.count {
      let byte = cell.start[index]
      scratch[count] = byte
      count += 1
      index += byte == splitter.quote ? 2 : 1
    }
    (scratch + count).update(repeating: 0, count: 16)
    return (UnsafePointer(scratch), count)
  }
}

/// Whether bytes are well-formed UTF-8 (Unicode 17, table 3-7).
func isValidUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
  guard let start = bytes.baseAddress else { return true }
  let count = bytes.count
  var index = 0
  while index < count {
    if index + 8 <= count, start.word(at: index) & 0x8080_8080_8080_8080 == 0 {
      index += 8
      continue
    }
    let lead = start[index]
    if lead < 0x80 {
      index += 1
      continue
    }
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    case 0xF1...0xF3: length = 4
    default: return false
    }
    guard index + length <= count, second.contains(start[index + 1]) else { return false }
    for offset in 2..<max(2, length) where start[index + offset] & 0xC0 != 0x80 { return false }
    index += length
  }
  return true
}
