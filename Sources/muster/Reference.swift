import ArgumentParser
import ManualPages
import MusterAPI

struct Reference: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reference",
    abstract: "Print the manual page, or the completions of a shell.",
    discussion: """
      EXAMPLES
        muster reference manual | man -l -
        source <(muster reference bash)
        muster reference fish > ~/.config/fish/completions/muster.fish

      Completions ask the musterd that the command line means, for a second at most, for names and values.
      """)

  enum Page: String, ExpressibleByArgument, CaseIterable {
    case manual, bash, zsh, fish
  }

  @Argument(help: "What to print: \(Page.allCases.map(\.rawValue).joined(separator: ", ")).") var page: Page

  func run() throws {
    let text =
      switch page {
      case .manual: try manual.text
      case .bash: bashCompletions
      case .zsh: zshCompletions
      case .fish: Muster.completionScript(for: .fish) + "\n"
      }
    try StandardOutput.write(text)
  }

  private var manual: ManualPage {
    get throws {
      ManualPage(
        of: try CommandDescription(dump: Muster._dumpHelp()), section: 1, date: musterReleaseDate,
        version: "Muster \(musterVersion)",
        introduction: [
          """
          `muster` asks musterd(8) over its socket for reports on the dataset that it holds, and has it write exports. What
          a report shows, and what it takes, is told by `muster describe`; where a number in it comes from, by `muster why`.
          """
        ],
        files: [
          (
            ConnectionOptions.defaultAddress,
            "The socket of musterd, unless another address is given. Members of the group `muster` may open it."
          ),
          ("/var/lib/muster-exports", "The files that `muster export` has musterd write, and their manifests."),
          (
            "/etc/cron.d/muster-exports",
            "Runs `muster export --all` every day as the user `muster`, whose failures cron(8) mails to root."
          ),
          (
            "muster-export@NAME.timer",
            "Runs `muster export NAME` without cron: `systemctl enable --now muster-export@blocs.timer`."
          ),
        ],
        seeAlso: [("musterd", 8), ("musterd.yaml", 5), ("systemd.timer", 5)])
    }
  }
}
