internal import Base
internal import ReportKit
internal import YAML

extension Compiler {
  /// Checks exports, and reports everything that is wrong with them.
  ///
  /// - Parameters:
  ///   - reports: those that could be compiled.
  ///   - names: of all that are configured.
  func compile(
    _ exports: [ExportConfiguration], reports: [CompiledReport], names: [String]
  ) -> [CompiledExport] {
    reportRepeated(exports.map(\.name), "the export")
    reportRepeated(exports.compactMap(\.file), "an export to the file")
    return exports.compactMap { compile($0, reports: reports, names: names) }
  }

  private func compile(
    _ export: ExportConfiguration, reports: [CompiledReport], names: [String]
  ) -> CompiledExport? {
    checkNames(export, reports: names)
    let selection = dataset.map {
      self.selection([StepConfiguration(name: export.name, parameters: .codes(export.narrowing))], in: $0)
    }
    var query: ReportQuery?
    var columns: [Column]?
    let report = reports.first { $0.name == export.report?.value }
    if let report, let name = export.report, let input = step(name, export.parameters, report.manifest) {
      do throws(ParameterErrors) {
        let checked = ReportQuery(
          arguments: try report.arguments(inputs: input.inputs), narrowing: selection ?? .all)
        do { columns = try report.table(for: checked).columns } catch { throw ParameterErrors(errors: [error]) }
        query = checked
      } catch {
        for error in error.errors { problems.report(input.problem(error)) }
      }
    }
    let exporter = export.exporter.flatMap { registry.exporter(named: $0.value) }
    guard let dataset, let exporter, let name = export.exporter,
      let input = step(name, export.formatParameters, exporter.manifest)
    else { return nil }
    if case .failure(let errors) = exporter.manifest.check(inputs: input.inputs, in: dataset, columns: columns) {
      for error in errors.errors { problems.report(input.problem(error)) }
      return nil
    }
    guard let report, let query, let file = export.file else { return nil }
    let request = ExportRequest(report: report, query: query, exporter: exporter, formatInputs: input.inputs)
    do {
      // Without computing a row.
      _ = try request.begin()
    } catch {
      problems.report(input.problem(error as? ParameterError ?? ParameterError(parameter: "", message: "\(error)")))
      return nil
    }
    return CompiledExport(name: export.name.value, file: file.value, keep: export.keep, request: request)
  }

  /// - Parameter reports: the names of all that are configured.
  private func checkNames(_ export: ExportConfiguration, reports: [String]) {
    if let name = export.report, !reports.contains(name.value) {
      problems.report(name.problem("unknown report \"\(name.value)\"" + didYouMean(name.value, among: reports)))
    }
    let known = registry.exporters.map(\.manifest.name)
    if let name = export.exporter, !known.contains(name.value) {
      let near = didYouMean(name.value, among: known)
      problems.report(
        name.problem(
          "unknown exporter \"\(name.value)\"" + (near.isEmpty ? "; there are: \(known.joined(separator: ", "))" : near)
        ))
    }
  }

  private func step(_ name: Located<String>, _ parameters: Node?, _ manifest: Manifest) -> StepInput? {
    input(of: StepConfiguration(name: name, parameters: .node(parameters)), manifest)
  }

  private func reportRepeated(_ names: [Located<String>], _ what: String) {
    var first: [String: Located<String>] = [:]
    for name in names {
      if let earlier = first[name.value] {
        problems.report(name.problem("\(what) \"\(name.value)\" is already defined at \(earlier.place)"))
      } else {
        first[name.value] = name
      }
    }
  }
}

extension CompiledReport {
  /// As `arguments(with:)`, for inputs that may have a structure.
  func arguments(inputs given: [(name: String, input: ParameterInput)]) throws(ParameterErrors) -> Arguments {
    let kept = inputs.filter { input in !given.contains { $0.name == input.name } }
    return try manifest.check(inputs: kept + given, in: dataset).get()
  }
}
