internal import Glibc
internal import JSON

/// The frame of a plugin that is a program of its own: reads the request and its rows from standard input, and writes
/// rows to standard output.
///
///     try ExternalReport.run { input, output in
///       output.begin([Column(name: "persons", title: "Persons", kind: .integer)])
///       let persons = try input.column("persons")
///       var sum: Int64 = 0
///       while let row = try input.next() { if case .integer(let count) = row.cells[persons].value { sum += count } }
///       try output.write([.integer(Int(sum))])
///     }
public enum ExternalReport {
  /// Runs `body` on standard input and output.
  ///
  /// - Throws: what `body` throws, or `FrameError` for input that is no frame. Left uncaught at the top of a program it
  ///   ends it with a message on standard error, which is what the daemon shows.
  public static func run(_ body: (inout ExternalInput, inout ExternalOutput) throws -> Void) throws {
    var input = try ExternalInput()
    var output = ExternalOutput()
    try body(&input, &output)
    try output.flush()
  }
}

/// The lines that an external plugin reads.
public struct ExternalInput {
  /// What is asked for, and the columns of the rows to read.
  public let header: FrameHeader
  private var lines = InputLines()
  private var lineNumber = 1

  init() throws(FrameError) {
    guard let line = try lines.next() else { throw FrameError("standard input is empty: it wants a request") }
    do {
      header = try FrameHeader(parsing: line)
    } catch {
      throw FrameError("line 1: \(error)")
    }
  }

  /// The index of a column of the rows to read.
  public func column(_ name: String) throws(FrameError) -> Int {
    guard let index = header.columns.firstIndex(where: { $0.name == name }) else {
      throw FrameError("the rows have no column \"\(name)\"")
    }
    return index
  }

  /// The next row, nil at the end.
  public mutating func next() throws(FrameError) -> FrameRow? {
    guard let line = try lines.next() else { return nil }
    lineNumber += 1
    do {
      return try FrameRow(parsing: line, columns: header.columns)
    } catch {
      throw FrameError("line \(lineNumber): \(error)")
    }
  }
}

/// The lines that an external plugin writes.
public struct ExternalOutput {
  private var columns: [String] = []
  private var bytes: [UInt8] = []

  /// Says the columns of the rows that follow, with notes on the table as a whole. To be called first.
  public mutating func begin(_ columns: [Column], notes: [String] = []) {
    self.columns = columns.map(\.name)
    var header: JSONObject = ["columns": .array(columns.map { FrameColumn($0).json })]
    if !notes.isEmpty { header["notes"] = .array(notes.map { .string($0) }) }
    JSONValue.object(header).write(to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
  }

  /// Writes a row with as many cells as there are columns.
  ///
  /// - Parameter sources: the numbers of the rows read, from 0, that it comes from.
  public mutating func write(_ cells: [Cell], sources: [Int] = []) throws(FrameError) {
    guard cells.count == columns.count else {
      throw FrameError("a row has \(cells.count) cells for \(columns.count) columns")
    }
    FrameRow(cells, sources: sources).write(columns: columns, to: &bytes)
    if bytes.count >= 64 << 10 { try flush() }
  }

  mutating func flush() throws(FrameError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        throw FrameError("cannot write to standard output: \(String(cString: strerror(errno)))")
      }
    }
    bytes.removeAll(keepingCapacity: true)
  }
}

/// Standard input, line by line.
private struct InputLines {
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false

  /// The next line without its line feed, nil at the end.
  mutating func next() throws(FrameError) -> [UInt8]? {
    var searched = start
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { start = end + 1 }
        return Array(buffer[start..<end])
      }
      if isAtEnd {
        defer { start = buffer.count }
        return start < buffer.count ? Array(buffer[start...]) : nil
      }
      buffer.removeFirst(start)
      start = 0
      searched = buffer.count
      try fill()
    }
  }

  private mutating func fill() throws(FrameError) {
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = read(STDIN_FILENO, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw FrameError("cannot read standard input: \(String(cString: strerror(errno)))") }
      buffer += chunk[..<count]
      isAtEnd = count == 0
      return
    }
  }
}
