internal import Model
internal import MusterAPI
internal import Pipeline
internal import Query
internal import ReportKit

extension Reports.Filter {
  var term: SelectionTerm {
    let items = codes.map(SelectionTerm.Item.text) + (under ?? []).map(SelectionTerm.Item.under)
    let isAll = items.isEmpty && without?.isEmpty == false
    return SelectionTerm(
      dimension, items: isAll ? nil : items, without: (without ?? []).map(SelectionTerm.Item.text))
  }
}

extension Column {
  var wire: Reports.Column {
    Reports.Column(name: name, title: title, kind: kind.wire, unit: unit, description: summary)
  }
}

extension Column.Kind {
  fileprivate var wire: Reports.ColumnKind {
    switch self {
    case .text: .text
    case .integer: .integer
    case .decimal: .decimal
    }
  }
}

extension Note.Kind {
  var wire: Reports.NoteKind {
    switch self {
    case .caveat: .caveat
    case .missing: .missing
    case .scope: .scope
    case .discrepancy: .discrepancy
    case .coverage: .coverage
    }
  }
}

extension Reports.Coverage {
  /// Nil where nothing is said.
  init?(_ coverage: ReportKit.Coverage?, _ bounds: Bounds?) {
    if coverage == nil, bounds == nil { return nil }
    self.init(
      numbers: coverage.map { Int64($0.numbers) }, expected: coverage.map { Int64($0.expected) },
      lacking: (coverage?.lacks ?? []).map { Reports.Lack(reason: $0.reason, count: Int64($0.count)) },
      isEstimate: bounds != nil, lower: bounds?.lower?.description, upper: bounds?.upper?.description,
      words: [coverage?.words, bounds?.words].compactMap { $0 }.joined(separator: "; "))
  }
}

extension TotalRow.Kind {
  var wire: Reports.TotalKind {
    switch self {
    case .computed: .computed
    case .stated: .stated
    }
  }
}

extension ReconciliationStatus {
  var wire: Reports.ReconciliationStatus {
    switch self {
    case .agrees: .agrees
    case .acknowledged: .acknowledged
    case .unacknowledged: .unacknowledged
    }
  }
}

extension CompiledReport.Step {
  var wire: Reports.Step {
    Reports.Step(
      name: name, summary: summary,
      parameters: Dictionary(parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }))
  }
}

extension ParameterDeclaration {
  /// - Parameter columns: those of the table that the step is given.
  func wire(in model: DatasetModel, columns: [Column]) -> Reports.Parameter {
    Reports.Parameter(
      name: name, summary: summary, kind: kind.wire,
      default: defaultArgument(in: model, columns: columns)?.description,
      choices: choices(in: model, columns: columns), required: self.default == .required)
  }
}

extension ParameterDeclaration.Kind {
  /// A dynamic list of choices is a list of choices to a client.
  fileprivate var wire: Reports.ParameterKind {
    switch self {
    case .text, .columns, .columnOrder, .columnTexts, .conditions, .texts: .text
    case .integer: .integer
    case .boolean: .boolean
    case .choice, .scheme, .dimension, .source, .measure, .column: .choice
    }
  }
}
