import Base
import Glibc
import Posix

/// The first record, by which the columns of a file are told.
extension TableLoader {
  private static let maximumColumnCount = 4096
  private static let maximumHeaderSize = 1 << 20

  /// For every column of the file its field; nil when the table cannot be read by it.
  mutating func readHeader(_ file: DataFile) -> [Int?]? {
    guard resource.dialect.hasHeader else { return schema.fields.indices.map { $0 } }
    let size = min(file.size, Self.maximumHeaderSize)
    guard let bytes = file.paddedBytes(from: 0, count: size) else {
      report("cannot be read: \(errorText(errno))")
      return nil
    }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let start = bytes.starts(with: mark) ? mark.count : 0
    let header = splitRecords(
      bytes, from: start, dialect: resource.dialect, columnCount: Self.maximumColumnCount, limit: 1,
      isAtEnd: size == file.size
    ).records.first
    guard let header else {
      if hasLoneReturn(bytes.dropLast(recordPadding)) {
        reportHeader(Self.loneReturns)
        return nil
      }
      let isEmpty = file.size == start
      let message = isEmpty ? "the file is empty; it needs a header" : "the header has no end within its first MiB"
      report(message)
      return nil
    }
    if header.isEmpty || header == [""] {
      reportHeader(header.isEmpty ? "the header has a misplaced quote" : "the header is blank")
      return nil
    }
    if header.count > Self.maximumColumnCount {
      reportHeader("more than \(Self.maximumColumnCount) columns are not supported")
      return nil
    }
    // No field has such a name, and a file with the line ends of old Macs is one line.
    if header.contains(where: { label in
      hasLoneReturn(Array(label.utf8)[...]) && !schema.fields.contains { hasSameBytes($0.name, label) }
    }) {
      reportHeader(Self.loneReturns)
      return nil
    }
    return matchHeader(header)
  }

  private static let loneReturns =
    "a carriage return without a line feed; save the file with lines that end in LF or CRLF"

  private func hasLoneReturn(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.indices.contains { index in
      bytes[index] == UInt8(ascii: "\r") && (index + 1 == bytes.endIndex || bytes[index + 1] != UInt8(ascii: "\n"))
    }
  }

  private mutating func matchHeader(_ header: [String]) -> [Int?]? {
    let before = problems.total
    let names = schema.fields.map { ExactText($0.name) }
    let labels = header.map { ExactText($0) }
    checkRepeated(labels)
    if schema.fieldsMatch == .exact, labels != names, Set(labels) == Set(names), labels.count == names.count {
      let order = schema.fields.map(\.name).joined(separator: ", ")
      reportHeader("the header's fields are in another order than the schema's: \(order)")
      return nil
    }
    let unknown = header.enumerated().filter { !names.contains(labels[$0.offset]) }
    let absent = schema.fields.filter { !labels.contains(ExactText($0.name)) }
    if schema.fieldsMatch != .subset, schema.fieldsMatch != .partial {
      for (column, label) in unknown {
        let hint = nearMiss(label, among: absent.map(\.name))
        reportHeader("column \(column + 1) of the header, \(quoted(label)), is no field of the schema\(hint)")
      }
    }
    for field in absent {
      let isOptional = schema.fieldsMatch == .superset || schema.fieldsMatch == .partial
      let isNeeded =
        field.constraints.required || schema.primaryKey.contains(field.index) || request.keeps(field.name)
      if !isOptional || isNeeded { reportHeader("the header lacks the field \(quoted(field.name))") }
    }
    if schema.fieldsMatch == .partial, absent.count == names.count {
      reportHeader("the header has no field of the schema")
    }
    guard problems.total == before else { return nil }
    return labels.map { label in names.firstIndex(of: label) }
  }

  private mutating func checkRepeated(_ labels: [ExactText]) {
    var seen: Set<ExactText> = []
    for label in labels where !seen.insert(label).inserted {
      reportHeader("the header names \(quoted(label.wrappedValue)) more than once")
    }
  }

  private mutating func reportHeader(_ message: String) {
    add(Problem(file: resource.displayPath, position: .row(1, field: nil), message: message))
  }
}
