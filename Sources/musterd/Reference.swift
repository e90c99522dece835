import ArgumentParser
import ManualPages
import MusterAPI

/// Prints what is installed or kept beside the program that it describes.
struct Reference: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a reference page, a manual page, or the completions of a shell.",
    discussion: """
      The configuration, the plugins and the dataset are described in Markdown; manual is musterd(8), and configuration-manual is
      musterd.yaml(5).
      """)

  enum Page: String, ExpressibleByArgument, CaseIterable {
    case configuration, plugins, dataset, manual
    case configurationManual = "configuration-manual"
    case bash, zsh, fish
  }

  @ArgumentParser.Argument(help: "What to print: \(Page.allCases.map(\.rawValue).joined(separator: ", ")).")
  var page: Page

  func run() throws {
    let text =
      switch page {
      case .configuration: ConfigurationReference.document.markdown
      case .plugins: PluginReference.document.markdown
      case .dataset: DatasetReference.document.markdown
      case .manual: try manual.text
      case .configurationManual: ConfigurationReference.manual.text
      // It is sourced, never run.
      case .bash: String(Musterd.completionScript(for: .bash).trimmingPrefix("#!/bin/bash\n")) + "\n"
      case .zsh: Musterd.completionScript(for: .zsh) + "\n"
      case .fish: Musterd.completionScript(for: .fish) + "\n"
      }
    print(text, terminator: "")
  }

  private var manual: ManualPage {
    get throws {
      ManualPage(
        of: try CommandDescription(dump: Musterd._dumpHelp()), section: 8, date: musterReleaseDate,
        version: "Muster \(musterVersion)",
        introduction: [
          """
          `musterd` holds a dataset and the reports on it, and answers over Varlink on a local socket those who ask, such \
          as muster(1). A report is a pipeline of plugins, which musterd.yaml(5) describes.
          """,
          """
          Configuration and dataset are loaded together, as one generation. A reload puts a new one in its place at once \
          when nothing in it is wrong; otherwise the old one goes on serving. Running calls end with the one that they \
          began with.
          """,
        ],
        files: SystemFiles.daemon,
        sections: [
          (
            "JOURNAL",
            """
            Under systemd each event is an entry of the journal with the identifier `musterd`, and has what belongs to it in \
            these fields, by which journalctl(1) finds it: `journalctl -u musterd MUSTER_REPORT=bloc-aggregate`. Calls that \
            went well are told with `--log-level debug`.
            """,
            SystemFiles.journalFields
          )
        ],
        seeAlso: [
          ("journalctl", 1), ("muster", 1), ("musterd.yaml", 5), ("systemd.service", 5), ("systemd.socket", 5),
          ("systemd.timer", 5),
        ])
    }
  }
}
