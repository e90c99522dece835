import ArgumentParser
import Base

/// Stands in when no verb is given, or none that there is.
struct UnknownVerb: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "unknown-verb", shouldDisplay: false, helpNames: [])

  @Argument(parsing: .allUnrecognized) var words: [String] = []

  func run() throws {
    guard let word = words.first else {
      throw Failure(
        status: .usage, message: "no verb given",
        details: Muster.helpMessage().split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    }
    if word == "-h" || word == "--help" { throw CleanExit.helpRequest() }
    if word.hasPrefix("-") {
      let option = String(word.prefix { $0 != "=" })
      let near = didYouMean(option, among: ["--address", "--standalone", "--timeout", "--help", "--version"])
      throw Failure(
        status: .usage, message: "unknown option before the verb: \(option)\(near)".advising("see \"muster --help\""))
    }
    let verbs = Muster.configuration.subcommands.compactMap {
      $0.configuration.shouldDisplay ? $0.configuration.commandName : nil
    }
    throw Failure(
      status: .usage,
      message: "unknown verb: \(word)\(didYouMean(word, among: verbs))"
        .advising("the verbs are \(verbs.joined(separator: ", "))"))
  }
}
