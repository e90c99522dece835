import ArgumentParser
import ExternalPlugins
import Pipeline
import ReportKit

/// Prints the reference pages, which are kept beside what they describe.
struct Reference: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the reference of the configuration or of the plugins, as Markdown.")

  enum Page: String, ExpressibleByArgument, CaseIterable {
    case configuration, plugins
  }

  @ArgumentParser.Argument(help: "What to describe: configuration or plugins.") var page: Page

  func run() {
    switch page {
    case .configuration: print(configurationReference, terminator: "")
    case .plugins: print(pluginReference, terminator: "")
    }
  }
}

private var configurationReference: String {
  var text = """
    # Configuration

    `musterd --config FILE` reads one YAML file and those that it includes. Relative paths are relative to the file that
    names them. Sizes are such as `64KiB` or `1MiB`, durations such as `10s`, `15min` or `1h`. `musterd check` lists every
    problem with file, line and column. This page is printed by `musterd reference configuration`.


    """
  for place in Configuration.Key.Place.allCases {
    text += "## \(place.title)\n\n"
    text += row(["Key", "Takes", "Without it", "Meaning"]) + row(["---", "---", "---", "---"])
    for key in Configuration.keys where key.place == place {
      text += row(["`\(key.name)`", key.type, key.default ?? "**required**", key.summary])
    }
    text += "\n"
  }
  return text + """
    ## Steps

    A step is the name of a plugin, alone or with parameters. A single value or a list stands for the plugin's first
    parameter. `select` takes dimensions with the codes that are looked at. What each plugin takes stands in
    [Plugins/REFERENCE.md](../Plugins/REFERENCE.md).

    ```yaml
    reports:
      released-by-alliance:
        title: Released, by alliance of the home country
        pipeline:
          - select: { disposition: released, source: [attachment_1, attachment_4] }
          - bloc-aggregate: { scheme: alliances_1955 }
          - share: { of: released }
          - sort: { by: released, descending: true }
          - top: 10
    ```

    """
}

private var pluginReference: String {
  let registry = PluginRegistry.shipped
  var text = """
    # Plugins

    The plugins that come with musterd, and what a manifest of an external one may say. This page is printed by
    `musterd reference plugins`; `muster describe REPORT` shows the same for one report with the dataset's own choices.


    """
  text += section("Reports", registry.reports.map(\.reportManifest))
  text += section("Transforms", registry.transforms.map(\.manifest))
  text += "## Formats\n\n"
  for exporter in registry.exporters {
    let endings = exporter.fileExtensions.map { "`.\($0)`" }.joined(separator: ", ")
    text += entry(exporter.manifest, note: "\(exporter.mediaType); \(endings)\(exporter.isText ? "" : "; not text")")
  }
  text += "## Manifests of external plugins\n\n"
  for place in ExternalManifest.Key.Place.allCases {
    text += "### \(place == .manifest ? "The file" : "`\(place.rawValue)`")\n\n"
    text += row(["Key", "Of", "Takes", "Without it", "Meaning"]) + row(["---", "---", "---", "---", "---"])
    for key in ExternalManifest.keys where key.place == place {
      let fallback =
        switch key.default {
        case .required: "**required**"
        case .value(let value): "`\(value)`"
        case .none: "none"
        }
      let kinds = key.kinds.count == 3 ? "all" : key.kinds.map(\.rawValue).joined(separator: ", ")
      text += row(["`\(key.name)`", kinds, key.type, fallback, key.summary])
    }
    text += "\n"
  }
  return String(text.dropLast())
}

private func section(_ title: String, _ manifests: [Manifest]) -> String {
  "## \(title)\n\n" + manifests.map { entry($0, note: nil) }.joined()
}

private func entry(_ manifest: Manifest, note: String?) -> String {
  var text = "### `\(manifest.name)`\n\n\(manifest.summary).\(note.map { " (\($0))" } ?? "")\n\n"
  if manifest.parameters.isEmpty { return text }
  text += row(["Parameter", "Takes", "Without it", "Meaning"]) + row(["---", "---", "---", "---"])
  for parameter in manifest.parameters {
    let fallback =
      switch parameter.default {
      case .required: "**required**"
      case .value(let value): value.description.isEmpty ? "nothing" : "`\(value)`"
      case .firstChoice: "the first there is"
      case .secondChoice: "the second there is"
      case .optional: "nothing"
      }
    text += row(["`\(parameter.name)`", parameter.kind.words, fallback, parameter.summary])
  }
  return text + "\n"
}

private func row(_ cells: [String]) -> String {
  "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
}

extension Parameter.Kind {
  /// What may stand there, for people.
  fileprivate var words: String {
    switch self {
    case .text: "text"
    case .integer(let range):
      "integer from \(range.lowerBound)\(range.upperBound == .max ? "" : " to \(range.upperBound)")"
    case .boolean: "`true` or `false`"
    case .choice(let choices): choices.map { "`\($0)`" }.joined(separator: ", ")
    case .scheme: "a classification scheme of the dataset"
    case .dimension: "a dimension of the dataset"
    case .source: "a source of the dataset, or `all`"
    case .column: "a column"
    case .columns: "columns: a list, or one"
    case .columnOrder: "columns: a list, or a mapping to `ascending` or `descending`"
    case .columnTexts: "a mapping of columns to texts"
    case .conditions: "a mapping of columns to conditions"
    case .texts: "texts: a list, or one"
    }
  }
}
