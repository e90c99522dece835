import ArgumentParser
import Glibc
import ManualPages
import MusterAPI
import Posix

/// The program: it parses the arguments, runs the verb and tells how it ended.
@main
struct Muster: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "muster",
    abstract: "Asks musterd for reports.",
    discussion: """
      EXAMPLES
        muster list
        muster run country-summary
        muster run bloc-aggregate --set scheme=region --output blocs.json
        muster why country-summary finland remaining
        muster export --all
        muster --standalone Config/musterd.yaml run country-summary

      \(ConnectionOptions.environmentHelp)

      \(ExitStatus.help)
      """,
    version: "muster \(musterVersion)",
    subcommands: namedVerb.map { [$0] } ?? verbs + [UnknownVerb.self],
    defaultSubcommand: namedVerb == nil ? UnknownVerb.self : nil)

  private static let verbs: [any ParsableCommand.Type] = [
    List.self, Describe.self, Dimensions.self, Run.self, Why.self, Reconcile.self, Export.self, ExportsList.self,
    Verify.self, Plugins.self, Status.self, Metrics.self, WatchReport.self, Reload.self, Reference.self,
  ]

  /// The verb that the command line is about, where that is plain. The argument parser looks into every verb that it is
  /// given, which takes longer than most of them do.
  private static let namedVerb: (any ParsableCommand.Type)? = {
    var words = CommandLine.arguments.dropFirst()
    while let word = words.first, ["--address", "--standalone", "--timeout"].contains(word) {
      words = words.dropFirst(2)
    }
    // The one that describes all of them has to know them.
    return verbs.first { $0 != Reference.self && $0.configuration.commandName == words.first }
  }()

  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  static func main() {
    ProgramArguments.adopt()
    occupyStandardDescriptors()
    signal(SIGPIPE, SIG_IGN)
    Glibc.exit(execute().rawValue)
  }

  private static func execute() -> ExitStatus {
    do {
      do {
        let arguments = Array(CommandLine.arguments.dropFirst())
        var command = try parseAsRoot(
          splittingMarkedValues(arguments) { try CommandDescription(dump: Muster._dumpHelp()) })
        try command.run()
        return .success
      } catch let failure as Failure {
        throw failure
      } catch let error as BrokenPipe {
        throw error
      } catch let ended as Ended {
        throw ended
      } catch  where exitCode(for: error) == .success {
        try StandardOutput.write(fullMessage(for: error) + "\n")
        return .success
      } catch {
        throw Failure(usage: error)
      }
    } catch is BrokenPipe {
      return .success
    } catch let ended as Ended {
      return ended.status
    } catch let failure as Failure {
      printError(failure.lines)
      return failure.status
    } catch {
      printError([printable("muster: \(error)")])
      return .internalError
    }
  }
}

extension Failure {
  /// What the argument parser says, on one line, with the command that helps.
  fileprivate init(usage error: any Error) {
    let message = Muster.message(for: error)
    let text = message.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }.joined(separator: " ")
    let hint = Muster.fullMessage(for: error).split(separator: "\n").last { $0.hasPrefix("  See '") }
    let command = hint?.split(separator: "'").dropFirst().first ?? "muster --help"
    self.init(
      status: .usage, message: "\(text.prefix(1).lowercased())\(text.dropFirst())".advising("see \"\(command)\""))
  }
}

/// Opens what the caller closed of standard input, output and error, or else a socket or a file of ours would take the
/// place and get our output. Writing to the replacement fails.
private func occupyStandardDescriptors() {
  for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
    if open("/dev/null", O_RDONLY) < 0 { _exit(ExitStatus.inputOutput.rawValue) }
  }
}
