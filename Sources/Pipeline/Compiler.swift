internal import Base
internal import Model
internal import Query
internal import ReportKit
internal import YAML

/// Turns configured reports into reports that can run, and reports everything that is wrong with them.
struct Compiler {
  let registry: PluginRegistry
  /// Nil when the dataset could not be loaded: names are checked all the same.
  let engine: (any QueryEngine)?
  let limits: StepLimits
  let problems: ProblemCollector

  func compile(_ configurations: [ReportConfiguration]) async -> [CompiledReport] {
    var reports: [CompiledReport] = []
    for configuration in configurations {
      if let report = await compile(configuration) { reports.append(report) }
    }
    return reports
  }

  private func compile(_ configuration: ReportConfiguration) async -> CompiledReport? {
    guard let steps = ConfiguredSteps(configuration, self), let engine else { return nil }
    let definition = ReportDefinition(
      engine: engine, selection: selection(steps.selections, in: engine.model), plugin: steps.plugin,
      inputs: steps.input.inputs,
      transforms: steps.transforms.map { ReportDefinition.TransformStep(plugin: $0.plugin, inputs: $0.input.inputs) },
      limits: limits)
    guard let plan = await plan(definition, steps) else { return nil }
    return CompiledReport(
      name: configuration.name.value, title: configuration.title,
      summary: configuration.summary ?? steps.plugin.manifest.summary, definition: definition, plan: plan)
  }

  /// What the step is given; nil after a problem. Without a dataset the names of parameters are checked all the same.
  func input(of step: StepConfiguration, _ manifest: Manifest) -> StepInput? {
    guard let input = StepInput(step, of: manifest, problems: problems) else { return nil }
    guard engine == nil else { return input }
    let unknown = input.inputs.compactMap { manifest.unknownParameter($0.name) }
    for error in unknown { problems.report(input.problem(error)) }
    return unknown.isEmpty ? input : nil
  }

  /// The observations that `select` steps narrow to.
  func selection(_ steps: [StepConfiguration], in model: DatasetModel) -> Selection {
    var selection = Selection.all
    for step in steps {
      guard case .selection(let entries) = step.parameters else {
        problems.report(step.name.problem("select needs dimensions: - select: { dimension: [code] }"))
        continue
      }
      do {
        let narrower = try model.selection(entries.map { $0.value.term(for: $0.key.value) })
        for (number, entry) in entries.enumerated() {
          guard let index = try? model.dimension(entry.key.value), let before = selection[index],
            let now = narrower[index], before.intersection(now).isEmpty
          else { continue }
          problems.report(entry.key.problem(SelectionError.nothingLeft(of: entry.key.value, term: number).description))
        }
        selection.formIntersection(narrower)
      } catch {
        for error in error.errors {
          let entry = entries[error.term]
          let place = error.part.flatMap(entry.value.place) ?? entry.key
          problems.report(place.problem(error.description))
        }
      }
    }
    return selection
  }

  /// Goes through the steps without computing a row, so that each meets the columns that it will really get.
  private func plan(_ definition: ReportDefinition, _ steps: ConfiguredSteps) async -> ReportPlan? {
    guard var plan = await reportPlan(definition, steps.input) else { return nil }
    // Nil once a step went wrong that might have changed the columns.
    var table = try? plan.source.table()
    var isSound = table.map { columnsAreUnique($0.columns, after: steps.report) } ?? false
    for (step, input, plugin) in steps.transforms {
      let checked = plugin.manifest.check(inputs: input.inputs, in: definition.engine.model, columns: table?.columns)
      do {
        let arguments = try checked.get()
        guard let given = table else { continue }
        let output = try plugin.transform(given, arguments: arguments, limits: limits)
        isSound = columnsAreUnique(output.columns, after: step) && isSound
        plan.transforms.append(ReportPlan.Transform(plugin: plugin, arguments: arguments))
        table = output
      } catch {
        for error in error.errors { problems.report(input.problem(error)) }
        isSound = false
        if !plugin.keepsColumns { table = nil }
      }
    }
    plan.columns = table?.columns ?? []
    return isSound ? plan : nil
  }

  /// The plan of the report step alone.
  private func reportPlan(_ definition: ReportDefinition, _ input: StepInput) async -> ReportPlan? {
    do {
      let arguments = try definition.manifest.check(inputs: input.inputs, in: definition.engine.model).get()
      let source = try await definition.surveyed(arguments, .all)
      _ = try source.table()
      return ReportPlan(arguments: arguments, filter: .all, source: source, limits: limits)
    } catch let errors as ParameterErrors {
      for error in errors.errors { problems.report(input.problem(error)) }
    } catch {
      problems.report(input.problem(error as? ParameterError ?? ParameterError(parameter: "", message: "\(error)")))
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

/// The steps of a report in their places: any number of `select`, one report, any number of transforms.
private struct ConfiguredSteps {
  let selections: [StepConfiguration]
  let report: StepConfiguration
  let input: StepInput
  let plugin: any ReportPlugin
  let transforms: [(step: StepConfiguration, input: StepInput, plugin: any TransformPlugin)]

  /// Nil after a problem.
  init?(_ configuration: ReportConfiguration, _ compiler: Compiler) {
    var sorter = StepSorter(compiler: compiler)
    for step in configuration.steps { sorter.sort(step) }
    guard let report = sorter.report else {
      if sorter.isSound {
        let name = configuration.name
        compiler.problems.report(name.problem("the report \"\(name.value)\" has no report step"))
      }
      return nil
    }
    guard sorter.isSound, let input = report.input else { return nil }
    selections = sorter.selections
    self.report = report.step
    self.input = input
    plugin = report.plugin
    transforms = sorter.transforms
  }
}

private struct StepSorter {
  let compiler: Compiler
  var selections: [StepConfiguration] = []
  var report: (step: StepConfiguration, input: StepInput?, plugin: any ReportPlugin)?
  var transforms: [(step: StepConfiguration, input: StepInput, plugin: any TransformPlugin)] = []
  var isSound = true

  init(compiler: Compiler) {
    self.compiler = compiler
  }

  mutating func sort(_ step: StepConfiguration) {
    let name = step.name.value
    if name == StepConfiguration.select {
      if report != nil { compiler.problems.report(step.name.problem("select must stand before the report")) }
      selections.append(step)
    } else if let plugin = compiler.registry.report(named: name) {
      add(step, plugin)
    } else if let plugin = compiler.registry.transform(named: name) {
      add(step, plugin)
    } else {
      refuse(step, "unknown plugin \"\(name)\"" + didYouMean(name, among: compiler.registry.stepNames))
    }
  }

  private mutating func add(_ step: StepConfiguration, _ plugin: any ReportPlugin) {
    let input = compiler.input(of: step, plugin.reportManifest)
    if let report {
      refuse(step, "a pipeline has one report; \"\(report.step.name.value)\" is there already")
    } else {
      report = (step, input, plugin)
    }
    if input == nil { isSound = false }
  }

  private mutating func add(_ step: StepConfiguration, _ plugin: any TransformPlugin) {
    if report == nil { refuse(step, "the transform \"\(step.name.value)\" must stand behind a report") }
    if let input = compiler.input(of: step, plugin.manifest) {
      transforms.append((step, input, plugin))
    } else {
      isSound = false
    }
  }

  private mutating func refuse(_ step: StepConfiguration, _ message: String) {
    compiler.problems.report(step.name.problem(message))
    isSound = false
  }
}
