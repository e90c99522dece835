/// Finds the cells of a CSV record (RFC 4180).
///
/// Where records end is decided by quotes alone: at a line feed with an even number of quotes before it. So the same
/// records are found whatever part of the file one begins with, even in a file with misplaced quotes.
struct RecordSplitter {
  let delimiter: UInt8
  let quote: UInt8
  private let quoteWord: UInt64
  /// One above the greatest byte that can end a cell without quotes, repeated.
  private let aboveEnds: UInt64
  /// How many cells are kept; further ones are only counted.
  let capacity: Int
  let cells: UnsafeMutablePointer<Cell>

  /// Where the content of a cell lies, without its outer quotes.
  struct Cell {
    var start: UnsafePointer<UInt8>
    var count: Int
    /// 0 without quotes, 1 in quotes, 2 in quotes and with doubled quotes inside.
    var quoting: UInt8
  }

  enum Outcome {
    case cells(Int)
    /// A quote inside a cell without quotes; the cells before it are complete.
    case loneQuote(cell: Int)
    /// Something other than a delimiter or the end behind a closing quote.
    case textAfterQuote(cell: Int)
    case unterminatedQuote(cell: Int)
  }

  init(dialect: Dialect, capacity: Int) {
    delimiter = dialect.delimiter
    quote = dialect.quote
    quoteWord = repeated(dialect.quote)
    aboveEnds = repeated(max(dialect.delimiter, dialect.quote, UInt8(ascii: "\n")) + 1)
    self.capacity = capacity
    cells = .allocate(capacity: capacity + 1)
  }

  func deallocate() { cells.deallocate() }

  /// Splits the record at `start`. Behind `limit` stands a line feed, and eight more bytes may be read.
  /// - Returns: what was found, and where the next record begins.
  @inline(__always)
  func split(
    _ start: UnsafePointer<UInt8>, limit: UnsafePointer<UInt8>
  ) -> (outcome: Outcome, next: UnsafePointer<UInt8>) {
    var position = start
    var count = 0
    while true {
      let cellStart = position
      if position.pointee == quote {
        let closing = closingQuote(position + 1, limit: limit)
        guard closing.position < limit else {
          return (.unterminatedQuote(cell: count), limit + 1)
        }
        store(position + 1, closing.position, quoting: closing.hasDoubled ? 2 : 1, at: count)
        position = closing.position + 1
        if position.pointee == UInt8(ascii: "\r"), position[1] == UInt8(ascii: "\n"), position < limit { position += 1 }
        if position.pointee != delimiter, position.pointee != UInt8(ascii: "\n") {
          return (.textAfterQuote(cell: count), endOfRecord(start, limit: limit))
        }
      } else {
        position = endOfPlainCell(position)
        if position.pointee == quote { return (.loneQuote(cell: count), endOfRecord(start, limit: limit)) }
        var end = position
        if position.pointee == UInt8(ascii: "\n"), end > cellStart, end[-1] == UInt8(ascii: "\r") { end -= 1 }
        store(cellStart, end, quoting: 0, at: count)
      }
      count += 1
      let isLast = position.pointee != delimiter
      position += 1
      if isLast { return (.cells(count), position) }
    }
  }

  @inline(__always)
  private func store(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, quoting: UInt8, at index: Int) {
    // One place more than there are fields takes all that is too much.
    cells[min(index, capacity)] = Cell(start: start, count: end - start, quoting: quoting)
  }

  /// The first delimiter, quote or line feed.
  ///
  /// With the usual ones no letter or digit is as low as these, so one comparison of a word finds nearly all of them
  /// and little else; what else it finds is passed over.
  @inline(__always)
  private func endOfPlainCell(_ start: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
    var position = start
    while true {
      let word = position.word()
      let low = (word &- aboveEnds) & ~word & 0x8080_8080_8080_8080
      if low == 0 {
        position += 8
        continue
      }
      position += low.trailingZeroBitCount >> 3
      let byte = position.pointee
      if byte == delimiter || byte == UInt8(ascii: "\n") || byte == quote { return position }
      position += 1
    }
  }

  private func closingQuote(
    _ start: UnsafePointer<UInt8>, limit: UnsafePointer<UInt8>
  ) -> (position: UnsafePointer<UInt8>, hasDoubled: Bool) {
    var position = start
    var hasDoubled = false
    while position < limit {
      let found = marks(position.word(), equalTo: quoteWord)
      if found == 0 {
        position += 8
        continue
      }
      position += found.trailingZeroBitCount >> 3
      if position >= limit || position[1] != quote || position + 1 >= limit { return (position, hasDoubled) }
      hasDoubled = true
      position += 2
    }
    return (limit, hasDoubled)
  }

  /// Behind the first line feed with an even number of quotes before it, or behind the limit.
  func endOfRecord(_ start: UnsafePointer<UInt8>, limit: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
    var position = start
    var isQuoted = false
    while position < limit {
      let byte = position.pointee
      position += 1
      if byte == quote { isQuoted.toggle() }
      if byte == UInt8(ascii: "\n"), !isQuoted { return position }
    }
    return limit + 1
  }
}
