import Base

extension TableWorker {
  mutating func report(_ record: Int, _ field: Int?, _ message: @autoclosure () -> String) {
    if findings.problems.problems.count >= findings.problems.limit { return findings.problems.addUnlisted(1) }
    findings.problems.append(plan.problem(record, field: field, message()))
  }

  mutating func reportUnknown(_ cell: CellPlan, record: Int, column: Int) {
    let text = contents.text(column)
    let plan = plan
    report(record, cell.field, plan.unknownCode(text, field: cell.field))
  }

  private mutating func isMissing(_ column: Int) -> Bool {
    if plan.fieldOfColumn[column] == nil { return contents.splitter.cells[column].count == 0 }
    let (start, count) = contents.content(column)
    return cells[column].missing.index(of: start, count: count) >= 0
  }

  mutating func isBlank(_ count: Int) -> Bool {
    for column in 0..<count where !isMissing(column) { return false }
    return true
  }

  mutating func reportBlank(_ record: Int) {
    report(record, nil, "the row is blank")
  }

  mutating func reportMalformed(_ outcome: RecordSplitter.Outcome, record: Int, isBlank: Bool) {
    func field(_ column: Int) -> Int? { column < plan.fieldOfColumn.count ? plan.fieldOfColumn[column] : nil }
    let quote = String(decoding: [contents.splitter.quote], as: UTF8.self)
    switch outcome {
    case .cells(1) where isBlank && contents.splitter.cells[0].count == 0: reportBlank(record)
    case .cells(let count):
      let wanted = plan.fieldOfColumn.count
      report(record, nil, "the row has \(counted(count, "cell")), but the header has \(wanted)")
    case .loneQuote(let cell):
      report(record, field(cell), "a \(quote) inside a cell without quotes; quote the cell and double the \(quote)")
    case .textAfterQuote(let cell):
      report(record, field(cell), "text behind the closing \(quote); a \(quote) inside quotes must be doubled")
    case .unterminatedQuote(let cell):
      report(record, field(cell), "the \(quote) that opens this cell is not closed before the end of the file")
    }
  }

  /// Looks at a record for bytes that no cell may have. False when its cells are not to be read.
  mutating func checkBytes(
    _ record: Int, from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>, _ count: Int
  ) -> Bool {
    var suspicious: UInt64 = 0
    var position = start
    while position < end {
      let word = position.word()
      suspicious |= word & 0x8080_8080_8080_8080 | marks(word, equalTo: 0)
      suspicious |= marks(word, equalTo: repeated(UInt8(ascii: "\r")))
      position += 8
    }
    if suspicious == 0 { return true }
    var isClean = true
    for column in 0..<count {
      let cell = contents.splitter.cells[column]
      let bytes = UnsafeBufferPointer(start: cell.start, count: cell.count)
      let field = plan.fieldOfColumn[column]
      if !isValidUTF8(bytes) {
        report(record, field, "\(quoted(String(decoding: bytes, as: UTF8.self))) is not valid UTF-8")
        isClean = false
      } else if bytes.contains(0) {
        report(record, field, "\(quoted(String(decoding: bytes, as: UTF8.self))) contains a NUL byte")
        isClean = false
      } else if cell.quoting == 0, bytes.contains(UInt8(ascii: "\r")) {
        report(record, field, "a carriage return without a line feed; lines end in LF or CRLF")
        isClean = false
      }
    }
    return isClean
  }
}

extension TablePlan {
  func problem(_ record: Int, field: Int?, _ message: String) -> Problem {
    Problem(
      file: resource.displayPath, position: .row(record + 1, field: field.map { schema.fields[$0].name }),
      message: message)
  }

  func unknownCode(_ text: String, field: Int) -> String {
    guard let reference = referenceTexts[field] else {
      return notOneOf(vocabularyTexts[field] ?? schema.fields[field].constraints.allowedTexts ?? [], text: text)
    }
    return "\(quoted(text)) is not in \(reference.name)\(reference.known.hint(for: [text], of: reference.builder))"
  }

  func unknownReference(_ foreignKey: Int, texts: [String], _ hint: String) -> String {
    "\(quotedKey(texts)) is not in \(targetNames[foreignKey])\(hint)"
  }
}
