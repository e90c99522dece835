public import Model
public import Query

extension Discrepancy {
  /// The explanation, or the title where the ledger has none.
  public var text: String { explanation ?? title }
}

extension ReconciledTotal {
  /// What the ledger says about the difference; nil when it says nothing.
  public func explanation(in model: DatasetModel) -> String? {
    discrepancies.isEmpty ? nil : discrepancies.map { model.discrepancies[$0].text }.joined(separator: " ")
  }

  /// That the sum lacks numbers, so that nobody can expect it to be what is stated; nil where it lacks none.
  public func lackWords(in model: DatasetModel) -> String? {
    guard status != .agrees, let coverage = Coverage(computed, in: model), !coverage.isComplete else { return nil }
    return "The sum has \(coverage.words)."
  }

  /// Such as `Agrees within 1`, or `Agrees, rounded to 1,000`; nil where it agrees exactly, or not at all.
  public func agreementWords(in model: DatasetModel) -> String? {
    let decimals = model.measures[model.statedTotals[index].measure].decimals
    switch agreement {
    case .within(let tolerance): return "Agrees within \(grouped(tolerance, decimals))"
    case .rounded(let unit): return "Agrees, rounded to \(grouped(unit, decimals))"
    case .exact, nil: return nil
    }
  }

  /// Such as `1,000` or `0.5`.
  private func grouped(_ number: Int64, _ decimals: Int) -> String {
    let value = "\(Cell.Value(units: Int128(number), decimals: decimals))"
    let whole = value.utf8.prefix { $0 != UInt8(ascii: ".") }.count
    var text = ""
    for (place, character) in value.enumerated() {
      if place > 0, place < whole, (whole - place) % 3 == 0 { text += "," }
      text.append(character)
    }
    let fraction = text.utf8.contains(UInt8(ascii: "."))
    while fraction, text.utf8.last == UInt8(ascii: "0") { text.removeLast() }
    return text.utf8.last == UInt8(ascii: ".") ? String(text.dropLast()) : text
  }

  /// What is computed, as a table shows it: the sum of parts where there is nothing else.
  public func computedCell(in model: DatasetModel) -> Cell {
    let measure = model.measures[model.statedTotals[index].measure]
    guard isOfParts else { return Cell(computed, of: measure, in: model) }
    guard let sum else {
      let why = computed.parts.overlap ? "Parts of the same number may overlap" : "No part has a number"
      return Cell(.missing(nil), notes: [Note(.scope, why)])
    }
    return Cell(
      Cell.Value(units: sum, decimals: measure.decimals), notes: [Note(.scope, "The sum of parts of other numbers")])
  }

  /// That the stated total is not what its observations come to, and what the ledger says about it; nil when they agree.
  ///
  /// - Parameter statement: what is stated and where, such as `Attachment 1 states 189`.
  public func note(_ statement: String, in model: DatasetModel) -> Note? {
    if status == .agrees { return nil }
    let sum = computedCell(in: model).value
    let reason = explanation(in: model) ?? "Nobody has acknowledged this."
    return Note(.discrepancy, "\(statement); the observations come to \(sum). \(reason)")
  }
}

/// A stated total as it stands below the column that it claims to sum, marked when it differs from the sum.
public struct StatedCell: Sendable {
  /// The stated value, with a note when it differs and the scope as what is behind it.
  public var cell: Cell
  /// Such as `Stated: Attachment 1`.
  public let title: String
  /// Whether the stated total is not the sum, acknowledged or not.
  public let differs: Bool

  /// - Parameter reconciled: of the same model.
  public init(_ reconciled: ReconciledTotal, in model: DatasetModel) {
    let total = model.statedTotals[reconciled.index]
    let source = total.source.map { model.name(ofSource: $0) }
    let value = Cell.Value(total.value, of: model.measures[total.measure], in: model)
    differs = reconciled.status != .agrees
    title = StatedCell.title(differs: differs, source: source)
    let note =
      reconciled.note("\(total.locus ?? source ?? total.id) states \(value)", in: model)
      ?? reconciled.agreementWords(in: model).map { Note(.scope, $0) }
    cell = Cell(value, notes: note.map { [$0] } ?? [], provenance: [total.scope])
  }

  /// The title of a row of stated totals.
  ///
  /// - Parameter source: the name of the source; nil where the dataset does not say it.
  public static func title(differs: Bool, source: String?) -> String {
    (differs ? "Stated, not what it adds up to" : "Stated") + (source.map { ": \($0)" } ?? "")
  }
}

extension DatasetModel {
  /// Such as `180: General officers (Attachment 2, item 2)`. The source is told by its locus where there is one.
  ///
  /// - Parameter dimensions: those that the reader knows already.
  public func words(for observation: Observation, without dimensions: Set<Int> = []) -> String {
    let source = observation.locus == nil ? [] : [sourceIndex].compactMap(\.self)
    let codes = words(for: observation.codes, without: dimensions.union(source))
    return "\(Cell.Value(observation.value, of: measure(of: observation.codes), in: self))"
      + (codes.isEmpty ? "" : ": \(codes)") + (observation.locus.map { " (\($0))" } ?? "")
  }
}
