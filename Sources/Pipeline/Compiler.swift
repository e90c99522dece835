internal import Dataset
internal import Diagnostics
internal import ReportKit
internal import YAML

/// Turns configured reports into reports that can run, and reports everything that is wrong with them.
struct Compiler {
  let registry: PluginRegistry
  /// Nil when the dataset could not be loaded: names are checked all the same.
  let dataset: Snapshot?
  let problems: ProblemCollector

  func compile(_ configuration: ReportConfiguration) -> CompiledReport? {
    var selections: [StepConfiguration] = []
    var transforms: [(step: StepConfiguration, plugin: any TransformPlugin)] = []
    var report: (step: StepConfiguration, plugin: any ReportPlugin)?
    var isSound = true
    for step in configuration.steps {
      let name = step.name.value
      if name == StepConfiguration.select {
        if report != nil { problems.report(step.name.problem("select must stand before the report")) }
        selections.append(step)
      } else if let plugin = registry.report(named: name) {
        if let report {
          problems.report(
            step.name.problem("a pipeline has one report; \"\(report.step.name.value)\" is there already"))
          isSound = false
        } else {
          report = (step, plugin)
        }
        isSound = checkNames(step, plugin.reportManifest) && isSound
      } else if let plugin = registry.transform(named: name) {
        if report == nil {
          problems.report(step.name.problem("the transform \"\(name)\" must stand behind a report"))
          isSound = false
        }
        transforms.append((step, plugin))
        isSound = checkNames(step, plugin.manifest) && isSound
      } else {
        problems.report(
          step.name.problem("unknown plugin \"\(name)\"" + didYouMean(name, among: registry.stepNames)))
        isSound = false
      }
    }
    guard let report else {
      if isSound {
        problems.report(configuration.name.problem("the report \"\(configuration.name.value)\" has no report step"))
      }
      return nil
    }
    guard let dataset, isSound else { return nil }
    let selection = compile(selections, in: dataset)
    let compiled = CompiledReport(
      name: configuration.name.value, title: configuration.title,
      summary: configuration.summary ?? report.plugin.manifest.summary, dataset: dataset, selection: selection,
      plugin: report.plugin, texts: report.step.texts,
      transforms: transforms.map { CompiledReport.TransformStep(plugin: $0.plugin, texts: $0.step.texts) })
    return check(compiled, steps: [report.step] + transforms.map(\.step), in: dataset) ? compiled : nil
  }

  /// Reports parameters that the manifest does not have; their values wait for the dataset.
  private func checkNames(_ step: StepConfiguration, _ manifest: Manifest) -> Bool {
    guard dataset == nil, case .values(let entries) = step.parameters else { return true }
    var isSound = true
    for entry in entries {
      guard let error = manifest.unknownParameter(entry.key.value) else { continue }
      problems.report(entry.key.problem(error.message))
      isSound = false
    }
    return isSound
  }

  private func compile(_ steps: [StepConfiguration], in dataset: Snapshot) -> Selection {
    var selection = Selection.all
    for step in steps {
      guard case .codes(let entries) = step.parameters else {
        problems.report(step.name.problem("select needs dimensions: - select: { dimension: [code] }"))
        continue
      }
      for entry in entries {
        do {
          let dimension = try dataset.dimension(entry.key.value)
          selection.restrict(dimension, to: codes(entry.value, of: dataset.dimensions[dimension]))
        } catch {
          problems.report(entry.key.problem(error.description))
        }
      }
    }
    return selection
  }

  private func codes(_ names: [Located<String>], of dimension: Dimension) -> CodeSet {
    var codes = CodeSet()
    for name in names {
      do {
        codes.insert(try dimension.code(name.value))
      } catch {
        problems.report(name.problem(error.description))
      }
    }
    return codes
  }

  /// Builds the table step by step, without computing a row, so that each step meets the columns it will really get.
  private func check(_ report: CompiledReport, steps: [StepConfiguration], in dataset: Snapshot) -> Bool {
    guard let arguments = arguments(report.manifest, steps[0], in: dataset, columns: []) else { return false }
    var table: Table
    do {
      table = try report.reportTable(report.selection, arguments)
    } catch {
      problems.report(steps[0].problem(error))
      return false
    }
    guard columnsAreUnique(table.columns, after: steps[0]) else { return false }
    for (transform, step) in zip(report.transforms, steps.dropFirst()) {
      guard let arguments = self.arguments(transform.plugin.manifest, step, in: dataset, columns: table.columns) else {
        return false
      }
      do {
        table = try transform.plugin.transform(table, arguments: arguments)
      } catch {
        problems.report(step.problem(error))
        return false
      }
      guard columnsAreUnique(table.columns, after: step) else { return false }
    }
    return true
  }

  private func arguments(
    _ manifest: Manifest, _ step: StepConfiguration, in dataset: Snapshot, columns: [Column]
  ) -> Arguments? {
    switch manifest.check(step.texts, in: dataset, columns: columns) {
    case .success(let arguments): return arguments
    case .failure(let errors):
      for error in errors.errors { problems.report(step.problem(error)) }
      return nil
    }
  }

  private func columnsAreUnique(_ columns: [Column], after step: StepConfiguration) -> Bool {
    var names: Set<String> = []
    let repeated = columns.map(\.name).filter { !names.insert($0).inserted }
    for name in repeated {
      problems.report(
        step.name.problem("\(step.name.value) yields two columns named \"\(name)\"; rename the code in the dataset"))
    }
    return repeated.isEmpty
  }
}

extension StepConfiguration {
  var texts: [(name: String, text: String)] {
    guard case .values(let entries) = parameters else { return [] }
    return entries.map { ($0.key.value, $0.value.value) }
  }

  /// The problem at the place of the parameter: its name when that is wrong, else its value; or at the step.
  func problem(_ error: ParameterError) -> Problem {
    if case .values(let entries) = parameters,
      let entry = entries.first(where: { $0.key.value == error.parameter })
    {
      return error.isUnknown ? entry.key.problem(error.message) : entry.value.problem(error.message)
    }
    return name.problem(error.message)
  }
}
