import ArgumentParser
import Base
import Glibc
import MusterAPI
import Posix

/// Which report is run, how, and where its result goes.
struct ReportOptions: ParsableArguments {
  @Argument(help: "The name of the report, as muster list shows it.", completion: .asking(Candidates.reports))
  var report: String

  @OptionGroup var selection: SelectionOptions

  @Option(
    name: .customLong("format-set"),
    help: ArgumentHelp(
      "Give a parameter of the format this value; once for each parameter.", valueName: "name=value"),
    completion: .asking(Candidates.formatParameters), transform: Setting.init)
  var formatSettings: [Setting] = []

  @Option(
    help: ArgumentHelp("Write the result in this format, as muster describe shows them.", valueName: "name"),
    completion: .asking(Candidates.formats))
  var format: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      """
      Write to this file, in the format of its suffix; - is standard output. A pipe, a device and what is open already, such \
      as /dev/stdout, needs no suffix.
      """, valueName: "file"),
    completion: .file())
  var output: String?

  func validate() throws {
    if output == "" { throw ValidationError("--output takes the path of a file, or -") }
    try Setting.refuseRepeated(formatSettings, of: "--format-set")
  }
}

extension ReportOptions {
  /// The file that the result goes to; nil for standard output.
  var path: String? { output == "-" ? nil : output }

  /// The name of the format that is meant, and the file that the result goes to where only opening it told which: whoever
  /// reads a pipe must not see it closed and opened again.
  func resolveFormat(_ service: Connection) throws(Failure) -> (name: String, opened: OutputFile?) {
    if let format { return (format, nil) }
    guard let path else { return (Self.defaultFormat(isTerminal: StandardOutput.isTerminal), nil) }
    return try suffixFormat(of: path, service)
  }

  private static func defaultFormat(isTerminal: Bool) -> String { isTerminal ? "table" : "csv" }

  /// Hands over the result piece by piece.
  func receive(
    _ format: String, from service: Connection, isBinaryWelcome: Bool, _ write: ([UInt8]) throws -> Void
  ) throws {
    let method = "\(Reports.interface).Run"
    let parameters = Reports.RunParameters(
      report: report, parameters: selection.parameters, where: selection.where, format: format,
      formatParameters: formatSettings.dictionary)
    var revision: String?
    var hasContent = false
    try service.stream(method, parameters) { (reply: Reports.RunReply) in
      try service.checkRevision(reply.revision, revision, method)
      revision = reply.revision
      if reply.base64 != nil, !isBinaryWelcome {
        throw Failure(
          status: .usage,
          message: "\(format) is not text: write it to a file with --output, or into a pipe, not to the terminal")
      }
      guard let bytes = try bytes(of: reply, service) else { return }
      hasContent = true
      service.watch.received(byteCount: bytes.count)
      try write(bytes)
    }
    if !hasContent { throw service.violation(of: method, "the result has no content") }
  }

  private func bytes(of reply: Reports.RunReply, _ service: Connection) throws(Failure) -> [UInt8]? {
    if let text = reply.content { return Array(text.utf8) }
    guard let text = reply.base64 else { return nil }
    guard let bytes = base64Decoded(text) else {
      throw service.violation(of: "\(Reports.interface).Run", "the content is no base64")
    }
    return bytes
  }

  /// The format that has a suffix of this file, or of standard output where it is no file that has a suffix.
  private func suffixFormat(
    of path: String, _ service: Connection
  ) throws(Failure) -> (name: String, opened: OutputFile?) {
    let method = "\(Reports.interface).Describe"
    let answer = try service.call(method, Reports.DescribeParameters(report: report))
    let description: Reports.DescribeReply = try service.decode(answer, of: method)
    let file = fileName(of: path).lowercased()
    let suffixes = description.formats.flatMap { format in
      format.fileExtensions.map { (text: ".\($0.lowercased())", format: format.name) }
    }
    // Of .json and .geo.json the longer one is meant.
    let matching = suffixes.filter { file.utf8.reversed().starts(with: $0.text.utf8.reversed()) }.max {
      $0.text.count < $1.text.count
    }
    if let matching { return (matching.format, nil) }
    if let stream = try OutputFile(streamAt: path, watch: service.watch) {
      return (Self.defaultFormat(isTerminal: stream.isTerminal), stream)
    }
    let known = suffixes.map(\.text)
    let written = file.lastIndex(of: ".").map { String(file[$0...]) } ?? ""
    throw Failure(
      status: .usage,
      message: "no format has the suffix of this file: \(path)\(didYouMean(written, among: known))"
        .advising("the suffixes are \(known.joined(separator: ", ")), or name a format with --format"))
  }
}
