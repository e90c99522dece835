internal import Base
internal import Model
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
  ) async -> [CompiledExport] {
    reportRepeated(exports.map(\.name), "the export")
    reportRepeated(exports.compactMap(\.file), "an export to the file")
    var compiled: [CompiledExport] = []
    for export in exports {
      if let export = await compile(export, reports: reports, names: names) { compiled.append(export) }
    }
    return compiled
  }

  private func compile(
    _ export: ExportConfiguration, reports: [CompiledReport], names: [String]
  ) async -> CompiledExport? {
    checkNames(export, reports: names)
    let filter = engine.map {
      selection([StepConfiguration(name: export.name, parameters: .selection(export.filter))], in: $0.model)
    }
    let report = reports.first { $0.name == export.report?.value }
    let plan = await self.plan(export, of: report, filter ?? .all)
    let exporter = export.exporter.flatMap { registry.exporter(named: $0.value) }
    guard let engine, let exporter, let name = export.exporter,
      let input = step(name, export.formatParameters, exporter.manifest)
    else { return nil }
    let checked = exporter.manifest.check(inputs: input.inputs, in: engine.model, columns: plan?.columns)
    do {
      let arguments = try checked.get()
      guard let report, let plan, let file = export.file else { return nil }
      // The exporter looks at the columns, without a row.
      _ = try exporter.encoder(for: report.exportHeader(of: plan, columns: plan.columns), arguments: arguments)
      let request = ResultRequest(
        report: report.name, arguments: plan.arguments, filter: plan.filter,
        format: ResultRequest.Format(exporter.manifest.name, input.inputs))
      return CompiledExport(name: export.name.value, file: file.value, keep: export.keep, request: request)
    } catch let errors as ParameterErrors {
      for error in errors.errors { problems.report(input.problem(error)) }
    } catch {
      problems.report(input.problem(error as? ParameterError ?? ParameterError(parameter: "", message: "\(error)")))
    }
    return nil
  }

  /// How the report answers the export; nil after a problem.
  private func plan(
    _ export: ExportConfiguration, of report: CompiledReport?, _ filter: Selection
  ) async -> ReportPlan? {
    guard let report, let name = export.report,
      let input = step(name, export.parameters, report.definition.manifest)
    else { return nil }
    do {
      return try await report.definition.plan(report.arguments(input.inputs), filter)
    } catch let errors as ParameterErrors {
      for error in errors.errors { problems.report(input.problem(error)) }
    } catch {
      problems.report(input.problem(error as? ParameterError ?? ParameterError(parameter: "", message: "\(error)")))
    }
    return nil
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
