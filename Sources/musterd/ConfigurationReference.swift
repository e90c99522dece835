import ManualPages
import MusterAPI
import Pipeline
import YAML

/// What a configuration may say, from the keys that its readers know.
enum ConfigurationReference {
  /// For Config/REFERENCE.md.
  static var document: ReferenceDocument {
    ReferenceDocument([.heading(level: 1, "Configuration")]) + introduction
      + ReferenceDocument([
        .markdownParagraph(
          """
          `musterd check` lists every problem with file, line and column. This page is printed by
          `musterd reference configuration`, and as musterd.yaml(5) by `musterd reference configuration-manual`.
          """)
      ])
      + keys + ReferenceDocument([.heading(level: 2, "Steps")]) + steps
      + ReferenceDocument([
        .markdownParagraph(
          """
          What each plugin takes stands in [Plugins/REFERENCE.md](../Plugins/REFERENCE.md), and what a dataset consists of in
          [DATASET.md](DATASET.md).
          """)
      ])
  }

  /// musterd.yaml(5).
  static var manual: ManualPage {
    var page = ManualPage(
      name: "musterd.yaml", section: 5, summary: "configuration of musterd", date: musterReleaseDate,
      version: "Muster \(musterVersion)")
    page.section("DESCRIPTION")
    page.add(introduction)
    page.paragraph(
      "`musterd check` lists every problem of a configuration with file, line and column. `muster reload` has it loaded anew."
    )
    page.section("KEYS")
    page.add(keys)
    page.section("STEPS")
    page.add(steps)
    page.section("REPORT PLUGINS")
    page.add(PluginReference.reports)
    page.section("TRANSFORM PLUGINS")
    page.add(PluginReference.transforms)
    page.section("FORMATS")
    page.add(PluginReference.formats)
    page.section("MANIFESTS OF EXTERNAL PLUGINS")
    page.paragraph("The files that `plugins` names are manifests, each of which describes a program.")
    page.add(PluginReference.manifests)
    page.section("FILES")
    page.entries(
      [
        ("/etc/muster/musterd.yaml", "The configuration that the unit names, and that is read where none is named."),
        (
          "/etc/muster/pipelines/*.yaml",
          "The files with reports and exports that it includes. One of one's own needs no change to a file of the package."
        ),
        ("/var/lib/muster-exports", "The folder of the exports, which the configuration of the package names."),
      ] + SystemFiles.schedule + [
        ("/usr/share/muster/plugins", "Examples of external plugins with their manifests.")
      ])
    page.section("EXAMPLES")
    page.paragraph("A report of its own, and a file that `muster export` writes of it:")
    page.literal(example.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    page.seeAlso([("muster", 1), ("musterd", 8)])
    return page
  }

  private static let introduction = ReferenceDocument([
    .paragraph(
      """
      `musterd --config FILE` reads one YAML file and those that it includes. Relative paths are relative to the file that
      names them. Sizes are such as `64KiB` or `1MiB`, durations such as `10s`, `15min` or `1h`.
      """),
    .paragraph(
      """
      A value is what is wanted in its place, by the core schema of YAML 1.2. Where a text, a code or a name is wanted, it is
      what is written: `010`, `1.10`, `no`, `1e3` and `2026-07-04` stay as they are, and only `null`, `~` and nothing need
      quotes. Where an integer is wanted, also for parameters on the command line, `010` and `+10` are ten, `0o12` and `0xA`,
      too; `1_000`, `1e3` and `10.0` are none. Where a boolean is wanted there are `true` and `false` alone.
      """),
  ])

  private static var keys: ReferenceDocument {
    ReferenceDocument(
      Configuration.keyTables.flatMap { table -> [ReferenceDocument.Block] in
        [
          .heading(level: 2, table.title), self.table(of: table),
        ]
      })
  }

  /// The keys of a mapping.
  static func table(of table: KeyTable) -> ReferenceDocument.Block {
    .table(
      header: ["Key", "Takes", "Without it", "Meaning"],
      rows: table.keys.map { ["`\($0.name)`", $0.type, $0.fallback, $0.summary] })
  }

  private static let steps = ReferenceDocument([
    .paragraph(
      """
      A step is the name of a plugin, alone or with parameters. A single value or a list stands for the plugin's first
      parameter. `select` takes dimensions with the codes that are looked at, and narrows what is selected before it.
      """),
    .code(
      language: "yaml",
      """
      reports:
        released-by-alliance:
          title: Released, by alliance of the home country
          pipeline:
            - select:
                disposition: released
                source: [attachment_1, attachment_4]
            - bloc-aggregate: { scheme: alliances_1955 }
            - share: { of: released }
            - sort: { by: released, descending: true }
            - top: 10
      """),
    .paragraph(
      """
      For each dimension there is one item, a list of items, or a mapping with `under`, `not` or both. What is exactly a
      code is that code, whatever else it looks like. `where` of an export takes the same.
      """),
    .table(
      header: ["Item", "Selects"],
      rows: [
        ["`poland`", "this code"],
        ["`latest`, `first`", "the last or first period of a time dimension, by its codes"],
        [
          "`2015..2024`, `2015..`, `..2024`",
          "periods with both ends; they need not be there, and a range of years covers the months in them",
        ],
        ["`{ under: asia }`", "all that a code contains, without itself; `under: [asia, europe]` of several"],
        ["`{ not: [world, arab_world] }`", "all codes but these"],
        ["`{ under: asia, not: [japan] }`", "all that the one contains but the other"],
      ]),
    .paragraph("What selects nothing is a problem."),
  ])

  private static let example = """
    dataset:
      package: /srv/arrivals/datapackage.json
      place: harbour
      breakdown: cargo
      measure: ships
    include: pipelines/*.yaml
    reports:
      largest:
        title: The five largest counts
        pipeline:
          - country-summary
          - sort: { by: total, descending: true }
          - top: 5
    exports:
      directory: /var/lib/muster-exports
      largest:
        report: largest
        exporter: csv
        file: largest.csv
        keep: 30
    access:
      export: { users: [muster] }
    """
}

extension KeyDescription {
  fileprivate var fallback: String {
    switch `default` {
    case .required: "**required**"
    case .value(let text), .words(let text): text
    }
  }
}
