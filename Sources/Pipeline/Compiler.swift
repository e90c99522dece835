internal import Base
internal import Dataset
internal import ReportKit
internal import YAML

/// Turns configured reports into reports that can run, and reports everything that is wrong with them.
struct Compiler {
  let registry: PluginRegistry
  /// Nil when the dataset could not be loaded: names are checked all the same.
  let dataset: Snapshot?
  let limits: StepLimits
  let problems: ProblemCollector

  func compile(_ configuration: ReportConfiguration) -> CompiledReport? {
    var selections: [StepConfiguration] = []
    var transforms: [(step: StepConfiguration, input: StepInput, plugin: any TransformPlugin)] = []
    var report: (step: StepConfiguration, input: StepInput?, plugin: any ReportPlugin)?
    var isSound = true
    for step in configuration.steps {
      let name = step.name.value
      if name == StepConfiguration.select {
        if report != nil { problems.report(step.name.problem("select must stand before the report")) }
        selections.append(step)
      } else if let plugin = registry.report(named: name) {
        let input = input(of: step, plugin.reportManifest)
        if let report {
          problems.report(
            step.name.problem("a pipeline has one report; \"\(report.step.name.value)\" is there already"))
          isSound = false
        } else {
          report = (step, input, plugin)
        }
        isSound = input != nil && isSound
      } else if let plugin = registry.transform(named: name) {
        if report == nil {
          problems.report(step.name.problem("the transform \"\(name)\" must stand behind a report"))
          isSound = false
        }
        if let input = input(of: step, plugin.manifest) {
          transforms.append((step, input, plugin))
        } else {
          isSound = false
        }
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
    guard let dataset, isSound, let input = report.input else { return nil }
    let selection = self.selection(selections, in: dataset)
    let compiled = CompiledReport(
      name: configuration.name.value, title: configuration.title,
      summary: configuration.summary ?? report.plugin.manifest.summary, dataset: dataset, selection: selection,
      plugin: report.plugin, inputs: input.inputs,
      transforms: transforms.map { CompiledReport.TransformStep(plugin: $0.plugin, inputs: $0.input.inputs) },
      limits: limits)
    let steps = [(report.step, input)] + transforms.map { ($0.step, $0.input) }
    return check(compiled, steps: steps, in: dataset) ? compiled : nil
  }

  /// What the step is given; nil after a problem. Without a dataset the names of parameters are checked all the same.
  func input(of step: StepConfiguration, _ manifest: Manifest) -> StepInput? {
    guard let input = StepInput(step, of: manifest, problems: problems) else { return nil }
    guard dataset == nil else { return input }
    let unknown = input.inputs.compactMap { manifest.unknownParameter($0.name) }
    for error in unknown { problems.report(input.problem(error)) }
    return unknown.isEmpty ? input : nil
  }

  /// The observations that `select` steps narrow to.
  func selection(_ steps: [StepConfiguration], in dataset: Snapshot) -> Selection {
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
  private func check(
    _ report: CompiledReport, steps: [(step: StepConfiguration, input: StepInput)], in dataset: Snapshot
  ) -> Bool {
    // Nil once a step went wrong that might have changed the columns.
    var table = reportTable(report, steps[0].input, in: dataset)
    var isSound = table.map { columnsAreUnique($0.columns, after: steps[0].step) } ?? false
    for (transform, (step, input)) in zip(report.transforms, steps.dropFirst()) {
      let checked = transform.plugin.manifest.check(inputs: input.inputs, in: dataset, columns: table?.columns)
      do {
        let arguments = try checked.get()
        guard let input = table else { continue }
        let output = try transform.plugin.transform(input, arguments: arguments, limits: limits)
        isSound = columnsAreUnique(output.columns, after: step) && isSound
        table = output
      } catch {
        for error in error.errors { problems.report(input.problem(error)) }
        isSound = false
        if !transform.plugin.keepsColumns { table = nil }
      }
    }
    return isSound
  }

  private func reportTable(_ report: CompiledReport, _ input: StepInput, in dataset: Snapshot) -> Table? {
    switch report.manifest.check(inputs: input.inputs, in: dataset) {
    case .success(let arguments):
      do {
        return try report.reportTable(report.selection, arguments)
      } catch {
        problems.report(input.problem(error))
      }
    case .failure(let errors): for error in errors.errors { problems.report(input.problem(error)) }
    }
    return nil
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
