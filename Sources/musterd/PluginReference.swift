import ExternalPlugins
import ManualPages
import Pipeline
import ReportKit
import YAML

/// What plugins take, from their manifests, and what the manifests of external ones may say.
enum PluginReference {
  /// For Plugins/REFERENCE.md.
  static var document: ReferenceDocument {
    func title(_ text: String) -> ReferenceDocument { ReferenceDocument([.heading(level: 2, text)]) }
    return ReferenceDocument([
      .heading(level: 1, "Plugins"),
      .paragraph(
        """
        The plugins that come with musterd, and what a manifest of an external one may say. This page is printed by
        `musterd reference plugins`; `muster describe REPORT` shows the same for one report with the dataset's own choices.
        """),
    ]) + title("Reports") + reports + title("Transforms") + transforms + title("Formats") + formats
      + title("Manifests of external plugins") + manifests
  }

  static var reports: ReferenceDocument { document(of: PluginRegistry.shipped.reports.map(\.reportManifest)) }

  static var transforms: ReferenceDocument { document(of: PluginRegistry.shipped.transforms.map(\.manifest)) }

  static var formats: ReferenceDocument {
    ReferenceDocument(
      PluginRegistry.shipped.exporters.flatMap { exporter in
        let endings = exporter.fileExtensions.map { "`.\($0)`" }.joined(separator: ", ")
        return entry(
          exporter.manifest, note: "\(exporter.mediaType); \(endings)\(exporter.isText ? "" : "; not text")")
      })
  }

  static var manifests: ReferenceDocument {
    ReferenceDocument(
      ExternalManifest.Key.Place.allCases.flatMap { place -> [ReferenceDocument.Block] in
        [
          .heading(level: 3, place == .manifest ? "The file" : "`\(place.rawValue)`"),
          .table(
            header: ["Key", "Of", "Takes", "Without it", "Meaning"],
            rows: ExternalManifest.keys.filter { $0.place == place }.map { key in
              let kinds = key.kinds.count == 3 ? "all" : key.kinds.map(\.rawValue).joined(separator: ", ")
              let words = key.description
              return ["`\(words.name)`", kinds, words.type, words.quotedFallback, words.summary]
            }),
        ]
      })
  }

  private static func document(of manifests: [Manifest]) -> ReferenceDocument {
    ReferenceDocument(manifests.flatMap { entry($0, note: nil) })
  }

  private static func entry(_ manifest: Manifest, note: String?) -> [ReferenceDocument.Block] {
    let blocks: [ReferenceDocument.Block] = [
      .heading(level: 3, "`\(manifest.name)`"), .paragraph("\(manifest.summary).\(note.map { " (\($0))" } ?? "")"),
    ]
    if manifest.parameters.isEmpty { return blocks }
    let rows = manifest.parameters.map {
      ["`\($0.name)`", $0.kind.words, $0.fallback, $0.summary]
    }
    return blocks + [.table(header: ["Parameter", "Takes", "Without it", "Meaning"], rows: rows)]
  }
}

extension KeyDescription {
  fileprivate var quotedFallback: String {
    switch `default` {
    case .required: "**required**"
    case .value(let value): "`\(value)`"
    case .words(let words): words
    }
  }
}

extension ParameterDeclaration {
  fileprivate var fallback: String {
    switch `default` {
    case .required: "**required**"
    case .value(let value): value.description.isEmpty ? "nothing" : "`\(value)`"
    case .firstChoice: "the first there is"
    case .secondChoice: "the second there is"
    case .optional: "nothing"
    }
  }
}

extension ParameterDeclaration.Kind {
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
    case .measure: "a measure of the dataset"
    case .column: "a column"
    case .columns: "columns: a list, or one"
    case .columnOrder: "columns: a list, or a mapping to `ascending` or `descending`"
    case .columnTexts: "a mapping of columns to texts"
    case .conditions: "a mapping of columns to conditions"
    case .texts: "texts: a list, or one"
    }
  }
}
