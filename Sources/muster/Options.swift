import ArgumentParser
import Glibc
import JSON
import Posix
import Varlink

/// Where musterd is; the same options before and after the verb.
struct ConnectionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Ask the musterd that listens there.", valueName: "address"))
  var address: String?

  @Option(
    help: ArgumentHelp("Start a private musterd with this configuration and ask that one.", valueName: "config"),
    completion: .file(extensions: ["yaml", "yml"]))
  var standalone: String?

  @Option(
    help: ArgumentHelp(
      "Give up when no answer comes for so many seconds (default: never; export: 3600 for each export).",
      valueName: "seconds"))
  var timeout: Double?

  static let defaultAddress = "/run/musterd/org.muster.Reports"

  static let environmentHelp = """
    ENVIRONMENT
      MUSTER_ADDRESS  where musterd listens, unless --address says it: unix:/path,
                      unix:@name, exec:/path or /path
                      (default: \(defaultAddress))
      NO_COLOR        when set, nothing is coloured
    """

  func validate() throws {
    if address != nil, standalone != nil {
      throw ValidationError("--address and --standalone exclude each other")
    }
    if let timeout, !(0.001...31_536_000).contains(timeout) {
      throw ValidationError("--timeout takes a number of seconds from 0.001 to 31536000")
    }
  }

  /// Whether another program than musterd is started to be asked.
  var startsProgram: Bool {
    guard standalone == nil, case .exec? = try? resolvedAddress() else { return false }
    return true
  }

  /// Connects to musterd, or starts a private one.
  ///
  /// - Parameters:
  ///   - task: what is done there, in the words of the command line; nil when nobody wants to see it go on.
  ///   - timeout: how long an answer is waited for when the user does not say it; nil for ever.
  func open(
    for task: String? = nil, watch: Watch = Watch(), timeout defaultTimeout: Duration? = nil
  ) throws(Failure) -> Connection {
    let timeout = timeout.map { Duration.seconds($0) } ?? defaultTimeout
    if let task { watch.begin(task) }
    do {
      if let standalone { return try Connection(standalone: standalone, timeout: timeout, watch: watch) }
      return try Connection(address: resolvedAddress(), timeout: timeout, watch: watch)
    } catch {
      watch.endProgress()
      throw error
    }
  }

  private func resolvedAddress() throws(Failure) -> Address {
    let variable = environmentValue("MUSTER_ADDRESS")
    if let address { _ = try textPath(ofArgument: address, "the address") }
    if variable != nil, address == nil, environmentPath("MUSTER_ADDRESS")?.text == nil {
      throw Failure(
        status: .usage, message: "MUSTER_ADDRESS is not UTF-8: \(variable ?? ""); rename the file, or give a link to it"
      )
    }
    let origin = address != nil ? "--address" : variable != nil ? "MUSTER_ADDRESS" : "the default address"
    do {
      return try Address(parsing: address ?? variable ?? Self.defaultAddress)
    } catch {
      throw Failure(status: .usage, message: "\(origin): \(error)")
    }
  }
}

/// How verbs show what musterd answered.
struct ReplyOptions: ParsableArguments {
  @Flag(help: "Print musterd's reply as one JSON document.")
  var json = false

  /// Prints the reply, or what `render` makes of it for people.
  func show(_ reply: JSONObject, _ render: (Rendering) throws -> String) throws {
    if json { return try StandardOutput.write(.object(reply)) }
    try StandardOutput.write(try render(Rendering(Terminal(descriptor: STDOUT_FILENO))) + "\n")
  }
}
