internal import Model
internal import MusterAPI
internal import Pipeline
internal import Query
internal import ReportKit

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
    }
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
      choices: choices(in: model, columns: columns))
  }
}

extension ParameterDeclaration.Kind {
  /// A dynamic list of choices is a list of choices to a client.
  fileprivate var wire: Reports.ParameterKind {
    switch self {
    case .text, .columns, .columnOrder, .columnTexts, .conditions, .texts: .text
    case .integer: .integer
    case .boolean: .boolean
    case .choice, .scheme, .dimension, .source, .column: .choice
    }
  }
}
