import ArgumentParser
import Diagnostics

/// Stands in when no verb is given, or none that there is.
struct UnknownVerb: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "unknown-verb", shouldDisplay: false)

  @Argument(parsing: .captureForPassthrough) var words: [String] = []

  func run() throws {
    guard let word = words.first else {
      throw Failure(
        status: .usage, message: "no verb given",
        details: Muster.helpMessage().split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    }
    if word.hasPrefix("-") {
      let option = word.prefix { $0 != "=" }
      throw Failure(
        status: .usage, message: "unknown option or option without its verb: \(option); see \"muster --help\"")
    }
    let verbs = Muster.configuration.subcommands.compactMap {
      $0.configuration.shouldDisplay ? $0.configuration.commandName : nil
    }
    throw Failure(
      status: .usage,
      message: "unknown verb: \(word)\(didYouMean(word, among: verbs)); the verbs are \(verbs.joined(separator: ", "))")
  }
}
