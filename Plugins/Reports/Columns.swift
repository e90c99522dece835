import ReportKit

extension Column {
  static func text(_ name: String, _ title: String, _ summary: String, values: [Value]? = nil) -> Column {
    Column(name: name, title: title, kind: .text, summary: summary, values: values)
  }

  /// A column of the ids of a dimension.
  static func ids(of dimension: Dimension, values: [Value]? = nil) -> Column {
    var column = Column.text(
      dimension.id, dimension.title, "The id of the \(dimension.id) in \(dimension.codes.resource)", values: values)
    if dimension.isTime { column.time = .periods }
    return column
  }

  /// A column of the names of a dimension, beside that of its ids.
  static func names(of dimension: Dimension) -> Column {
    var column = Column.text("name", "Name", "The name of the \(dimension.id)")
    if dimension.isTime { column.time = .periods }
    return column
  }
}
