import ArgumentParser
import JSON
import MusterAPI
import Posix

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Hold exported files against what they would be now.",
    discussion: """
      EXAMPLES
        muster verify blocs
        muster verify /var/lib/muster-exports/blocs.csv
        muster verify copies/blocs.csv --limit 100

      A name is that of an export, the file of which musterd reads. Whatever holds a point or a slash is a file of
      yours, such as a copy or a version that was kept; its manifest must stand beside it, under the file's name with
      .muster.json behind it. The report is computed anew, and what differs is told: the data, the configuration, the
      plugins or the file itself, and which cells. The exit status is 0 when all files are identical, and 65 otherwise. One
      that cannot be verified keeps no other from it; the status then says why it cannot.

      \(ConnectionOptions.environmentHelp)

      \(ExitStatus.help)
      """)

  /// What a manifest's name has behind that of its file.
  private static let manifestSuffix = ".muster.json"
  /// Bytes of a manifest beyond which musterd takes it for none.
  private static let manifestLimit = 4 << 20
  /// Bytes of a file beyond which musterd takes no text of it.
  private static let textLimit = 256 << 10

  @Argument(
    help: ArgumentHelp("Files, or names of exports.", valueName: "file"), completion: .filesAnd(Candidates.exports))
  var subjects: [String]

  @Option(help: ArgumentHelp("How many differences to show.", valueName: "number"))
  var limit: Int64 = 20

  @OptionGroup var reply: ReplyOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func validate() throws {
    if !(0...10_000).contains(limit) { throw ValidationError("--limit takes a number from 0 to 10000") }
    if reply.json, subjects.count > 1 { throw ValidationError("--json takes one file at a time") }
  }

  func run() throws {
    let service = try connection.open(for: "verify")
    defer { service.close() }
    var worst: ExitStatus?
    for (index, subject) in subjects.enumerated() {
      service.watch.begin("verify \(subjects.count > 1 ? "\(index + 1) of \(subjects.count): " : "")\(subject)")
      let status: ExitStatus?
      do {
        status = try verify(subject, service) ? nil : .badData
      } catch let failure as Failure where subjects.count > 1 && service.isOpen && failure.status.isOfOneSubject {
        service.watch.eraseProgress()
        printError(failure.lines)
        status = failure.status
      }
      worst = [worst, status].compactMap(\.self).max { $0.severity < $1.severity }
    }
    service.watch.endProgress()
    if let worst { throw Ended(status: worst) }
  }

  /// Shows what came of it, and returns whether the file is identical.
  private func verify(_ subject: String, _ service: Connection) throws -> Bool {
    let isFile = subject.unicodeScalars.contains { $0 == "/" || $0 == "." }
    let parameters = isFile ? try fileParameters(subject) : Exports.VerifyParameters(name: subject, limit: limit)
    let method = "\(Exports.interface).Verify"
    let answer = try service.call(method, parameters)
    service.watch.eraseProgress()
    let result: Exports.VerifyReply = try service.decode(answer, of: method)
    try reply.show(answer) { $0.verification(result, of: subject) }
    return result.identical
  }

  private func fileParameters(_ path: String) throws(Failure) -> Exports.VerifyParameters {
    let raw = try rawPath(ofArgument: path)
    let rawManifest = RawPath(bytes: raw.bytes + Self.manifestSuffix.utf8)
    let file = try InputFile(raw, path: path, textLimit: Self.textLimit)
    let manifest = try InputFile(rawManifest, path: path + Self.manifestSuffix, textLimit: Self.manifestLimit)
    guard let text = manifest.text, let value = try? JSONValue(parsing: text), value.pathToNUL == nil,
      let object = value.objectValue
    else {
      throw Failure(
        status: .badData,
        message: "cannot verify: \(path): \(path + Self.manifestSuffix) is no manifest, or damaged")
    }
    return Exports.VerifyParameters(manifest: object, sha256: file.sha256, text: file.text, limit: limit)
  }
}

extension ExitStatus {
  /// Whether the next file may fare better.
  fileprivate var isOfOneSubject: Bool {
    switch self {
    case .usage, .badData, .noSuchReport, .timedOut, .denied: true
    default: false
    }
  }

  /// A file that is not what it should be may stay unseen behind one that was not looked at, so the latter counts more.
  fileprivate var severity: Int {
    switch self {
    case .badData: 0
    case .noSuchReport: 1
    case .timedOut: 2
    default: 3
    }
  }
}
