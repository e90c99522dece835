public import Base
internal import JSON
internal import ReportKit
internal import YAML

extension ExternalManifest {
  /// Starts the plugin with `--describe`, if it offers that, and compares what it says with the manifest.
  ///
  /// - Returns: what differs, at the manifest's place, or why the plugin could not be asked.
  public func checkDescription(on host: PluginHost) async throws -> [Problem] {
    guard describesItself else { return [] }
    var output: [UInt8] = []
    do {
      let run = try await PluginRun(self, on: host, arguments: ["--describe"])
      while let bytes = try await run.output(from: { nil }) { output += bytes }
      run.succeed()
    } catch let failure as PluginFailure {
      return [name.problem("with --describe \(failure.sentence)", details: failure.details)]
    }
    let description: JSONValue
    do {
      description = try JSONValue(parsing: output)
    } catch {
      let text = quoted(String(decoding: output.prefix(1000), as: UTF8.self), limit: 120)
      return [name.problem("with --describe \"\(name.value)\" must print one line of JSON, not \(text): \(error)")]
    }
    return differences(from: description).map { name.problem("with --describe \"\(name.value)\" says \($0)") }
  }

  /// Each as the end of a sentence. What the description leaves out is not compared.
  private func differences(from description: JSONValue) -> [String] {
    var differences: [String] = []
    func compare(_ what: String, _ said: JSONValue?, _ expected: JSONValue) {
      guard let said, said != expected else { return }
      differences.append("\(what) \(said.text), where the manifest says \(expected.text)")
    }
    guard description.objectValue != nil else { return ["\(description.text), which is no object"] }
    compare("name", description["name"], .string(name.value))
    compare("kind", description["kind"], .string(kind.rawValue))
    compareNames("parameters", description["parameters"], parameters.map(\.name), &differences)
    for (said, parameter) in pairs(description["parameters"], parameters, \.name) {
      compare("type of the parameter \"\(parameter.name)\"", said["type"], .string(parameter.kind.typeName))
      compare("default of the parameter \"\(parameter.name)\"", said["default"], parameter.default.json)
      if case .choice(let choices) = parameter.kind {
        compare(
          "choices of the parameter \"\(parameter.name)\"", said["choices"], .array(choices.map { .string($0) }))
      }
    }
    if case .list(let columns) = columns, kind != .exporter {
      compareNames("columns", description["columns"], columns.map(\.name), &differences)
      for (said, column) in pairs(description["columns"], columns, \.name) {
        compare("kind of the column \"\(column.name)\"", said["kind"], .string(column.kind.rawValue))
      }
    }
    return differences
  }

  private func compareNames(_ what: String, _ said: JSONValue?, _ names: [String], _ differences: inout [String]) {
    guard let elements = said?.arrayValue else { return }
    let saidNames = elements.map { $0.stringValue ?? $0["name"]?.stringValue ?? $0.text }
    if saidNames == names { return }
    func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }
    differences.append("\(what) \(list(saidNames)), where the manifest says \(list(names))")
  }

  private func pairs<Element>(
    _ said: JSONValue?, _ elements: [Element], _ name: (Element) -> String
  ) -> [(JSONValue, Element)] {
    elements.compactMap { element in
      said?.arrayValue?.first { $0["name"]?.stringValue == name(element) }.map { ($0, element) }
    }
  }
}

extension ParameterDeclaration.Kind {
  /// As a manifest writes it.
  fileprivate var typeName: String {
    switch self {
    case .text, .columns, .columnOrder, .columnTexts, .conditions, .texts: "text"
    case .integer: "integer"
    case .boolean: "boolean"
    case .choice, .scheme, .dimension, .source, .measure, .column: "choice"
    }
  }
}

extension ParameterDeclaration.Default {
  fileprivate var json: JSONValue {
    if case .value(let argument) = self { argument.json } else { .null }
  }
}
