import Model
import ReportKit
import TestSupport
import TransformPlugins

/// Random tables and steps that fit them, the same for the same seed.
struct RandomPipeline {
  private var random: SplitMix
  private var counter = 0

  init(seed: Int) { random = SplitMix(seed: seed) }

  mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
  mutating func chance(_ percent: Int) -> Bool { int(1...100) <= percent }
  mutating func one<Element>(of elements: [Element]) -> Element? { elements.randomElement(using: &random) }
  mutating func some<Element>(of elements: [Element]) -> [Element] {
    Array(elements.shuffled(using: &random).prefix(int(1...max(1, elements.count))))
  }

  // MARK: Tables

  static let reasons: [Missing] = [
    dash, Missing(symbol: "x", label: "withheld"), Missing(symbol: "-", label: "nil", kind: .nothing),
  ]
  static let spoilers: [Missing] = [
    .notAdditive("it over rows"), Missing(symbol: "…", label: "incomplete", kind: .incomplete),
  ]

  /// Numbers of which some columns add up, below them their total.
  mutating func contents() -> Contents {
    var columns = [
      Column(name: "key", title: "Key", kind: .text),
      Column(name: "team", title: "Team", kind: .text, values: ["t0", "t1", "t2"].map { Column.Value($0) }),
    ]
    for index in 0..<int(1...4) {
      columns.append(
        Column(
          name: "n\(index)", title: "N \(index)", kind: chance(70) ? .integer : .decimal, unit: "u",
          total: chance(75) ? .sum : .none, selection: kind(index)))
    }
    let spoiled = chance(15) ? int(2...columns.count - 1) : nil
    let rows = (0..<int(1...9)).map { index in
      var cells = [Cell.text("r\(index)"), chance(85) ? Cell.text("t\(int(0...2))") : .empty]
      for column in 2..<columns.count { cells.append(cell(columns[column].kind, isSpoiled: column == spoiled)) }
      return Row(cells, provenance: [place(index)])
    }
    var total = Row(columns.map { _ in .empty }, provenance: [.all])
    total[0] = .text("Total")
    for index in columns.indices where columns[index].total == .sum {
      total[index] = Sum(of: rows.map { $0[index] }).cell(columns[index].kind)
    }
    return Contents(
      columns: columns, rows: rows, notes: [], totals: [TotalRow(.computed, title: "Total", row: total)])
  }

  private mutating func cell(_ kind: Column.Kind, isSpoiled: Bool) -> Cell {
    if isSpoiled, chance(30), let spoiler = one(of: Self.spoilers) { return Cell(.missing(spoiler)) }
    if chance(10) { return .empty }
    if chance(20), let reason = one(of: Self.reasons) { return Cell(.missing(reason)) }
    let number = Int64(int(-9...99))
    var cell = Cell(
      kind == .integer ? .integer(number) : .decimal(ExactDecimal(units: Int128(number), scale: int(0...2))))
    if chance(20) {
      cell.coverage = Coverage(numbers: int(2...9), lacks: [Coverage.Lack(reason: "withheld", count: int(0...3))])
    }
    return cell
  }

  /// The contents as a table again, in batches of any size.
  mutating func table(_ contents: Contents) -> Table {
    var batches: [[Row]] = []
    var rows = contents.rows[...]
    while !rows.isEmpty {
      let count = int(1...4)
      batches.append(Array(rows.prefix(count)))
      rows = rows.dropFirst(count)
    }
    return Table(
      columns: contents.columns,
      batches: Batches(batches, columns: contents.columns, closingTotals: contents.totals))
  }

  // MARK: Steps

  struct Step {
    var plugin: any TransformPlugin
    var inputs: [(String, ParameterInput)]
    /// The columns that a new one is computed from.
    var parts: [String] = []
    /// The name of the new column.
    var made: String?
    var description: String { "\(plugin.manifest.name) \(inputs.map { "\($0.0): \($0.1)" })" }
  }

  mutating func step(for contents: Contents) -> Step? {
    counter += 1
    let columns = contents.columns
    let numbers = columns.filter(\.kind.isNumber).map(\.name)
    let texts = columns.filter { $0.kind == .text }.map(\.name)
    let name = "x\(counter)"
    guard let number = one(of: numbers) else { return nil }
    let by: [(String, ParameterInput)] = chance(40) ? one(of: texts).map { [("by", .text($0))] } ?? [] : []
    func made(_ plugin: any TransformPlugin, _ parts: [String], _ more: [(String, ParameterInput)] = []) -> Step {
      let of: ParameterInput = plugin is Mean ? .list(parts.map { .text($0) }) : .text(parts[0])
      return Step(plugin: plugin, inputs: [("of", of), ("as", .text(name))] + more, parts: parts, made: name)
    }
    switch int(0...14) {
    case 0, 1: return condition(contents, number: number, texts: texts)
    case 2, 3:
      return Step(
        plugin: Top(), inputs: [("count", .text("\(int(1...6))")), ("rest", .text(chance(60) ? "true" : "false"))])
    case 4:
      return Step(plugin: Sort(), inputs: [("by", .text(one(of: columns.map(\.name)) ?? "")), ("descending", "true")])
    case 5:
      let names = ParameterInput.list(some(of: columns.map(\.name)).map { .text($0) })
      return Step(plugin: Columns(), inputs: [(chance(50) ? "drop" : "choose", names)])
    case 6:
      return made(Share(), [number], [("rounding", .text(chance(50) ? "half_away" : "largest_remainder"))])
    case 7, 8:
      return Step(
        plugin: Unpivot(),
        inputs: [
          ("columns", .list(some(of: numbers).map { .text($0) })), ("names", .text("col\(counter)")),
          ("values", .text("val\(counter)")),
        ])
    case 9, 10:
      let tellers = columns.filter(\.tellsTotals).map(\.name)
      guard let names = one(of: chance(60) && !tellers.isEmpty ? tellers : texts),
        let index = columns.firstIndex(where: { $0.name == names })
      else { return nil }
      let known = columns[index].values?.map(\.text) ?? contents.rows.map { $0[index].value.description }.distinct
      let into = chance(80) ? known : some(of: known)
      if into.isEmpty || into.contains("") { return nil }
      return Step(
        plugin: Pivot(),
        inputs: [("names", .text(names)), ("values", .text(number)), ("into", .list(into.map { .text($0) }))])
    case 11:
      guard let per = one(of: numbers), per != number else { return nil }
      return made(Ratio(), [number, per], [("per", .text(per)), ("digits", "3")])
    case 12: return made(chance(50) ? Change() : Index(), [number], by)
    case 13: return made(Cumulate(), [number], by)
    default: return chance(50) ? made(Rank(), [number]) : made(Mean(), some(of: numbers))
    }
  }

  private mutating func condition(_ contents: Contents, number: String, texts: [String]) -> Step? {
    var condition: ParameterInput = .text(chance(50) ? "present" : "> \(int(-5...60))")
    var column = number
    if chance(60), let text = one(of: texts), let index = contents.columns.firstIndex(where: { $0.name == text }) {
      let known =
        contents.columns[index].values?.map(\.text) ?? contents.rows.map { $0[index].value.description }.distinct
      column = text
      condition = .list(some(of: known.filter { !$0.isEmpty }).map { .text($0) })
      if condition == .list([]) { return nil }
    }
    return Step(plugin: Where(), inputs: [("conditions", .mapping([ParameterInput.Entry(column, condition)]))])
  }
}

extension [String] {
  fileprivate var distinct: [String] { reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}

/// What cells come to, by hand: written without the code that steps add up with.
struct Sum: Equatable {
  var units: Int128 = 0
  var hasNumber = false
  var numbers = 0
  var lacks: [String: Int] = [:]
  var reasons: [Missing] = []
  var spoiler: Missing?

  /// In ten-thousandths, which all numbers of the tests are whole multiples of.
  init(of cells: [Cell]) {
    for cell in cells {
      switch cell.value {
      case .integer(let number): add(Int128(number) * 10_000)
      case .decimal(let number): add(number.tenThousandths)
      case .missing(let reason?):
        reasons.append(reason)
        if reason.kind.spoilsSums, spoiler == nil { spoiler = reason }
      case .missing(nil), .text: break
      }
      if let coverage = cell.coverage {
        numbers += coverage.numbers
        for lack in coverage.lacks { lacks[lack.reason, default: 0] += lack.count }
      } else if case .missing(let reason?) = cell.value {
        if reason.kind == .nothing { numbers += 1 } else { lacks[reason.label, default: 0] += 1 }
      } else if cell.value != .missing(nil) {
        numbers += 1
      }
    }
  }

  private mutating func add(_ number: Int128) {
    units += number
    hasNumber = true
  }

  func cell(_ kind: Column.Kind) -> Cell {
    let expected = lacks.values.reduce(numbers, +)
    let value: Cell.Value =
      if let spoiler {
        .missing(spoiler)
      } else if hasNumber {
        kind == .integer ? .integer(Int64(units / 10_000)) : .decimal(ExactDecimal(units: units, scale: 4))
      } else {
        .missing(reasons.first)
      }
    return Cell(
      value,
      coverage: expected > 1
        ? Coverage(
          numbers: numbers, lacks: lacks.sorted { $0.key < $1.key }.map { .init(reason: $0.key, count: $0.value) })
        : nil)
  }
}

extension ExactDecimal {
  var tenThousandths: Int128 { units * (0..<max(0, 4 - scale)).reduce(1) { ten, _ in ten * 10 } }
}
