import ArgumentParser
import Glibc

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a report and write its result.",
    discussion: """
      EXAMPLES
        muster run country-summary
        muster run country-summary > countries.csv
        muster run bloc-aggregate --set scheme=region --format json
        muster run bloc-aggregate --output blocs.json
        muster run country-summary --where source=attachment_1,attachment_4 --set totals=both
        muster run population --where year=2015..latest --where 'region!=world,"Europe, other"'
        muster run population --where country=under:asia --where year=latest
        muster run country-summary --output countries.csv --format-set notes=true

      On a terminal the format is table, elsewhere csv. What a terminal would obey is escaped there, in every format; files
      and pipes get each byte. A file keeps what it held until the whole result is in it,
      and its owner, group, mode, access control list and links. One that cannot be replaced so, as in a folder that may
      not be written, is written over once the result is whole. What is open already, such as /dev/stdout, is written to
      where it stands, and like pipes and devices has the format of standard output, unless a suffix says another.

      \(ConnectionOptions.environmentHelp)

      \(ExitStatus.help)
      """)

  @OptionGroup var options: ReportOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func run() throws {
    let service = try connection.open(for: "run \(options.report)")
    defer { service.close() }
    let (format, opened) = try options.resolveFormat(service)
    let file = try opened ?? options.path.map { try OutputFile(path: $0, watch: service.watch) }
    defer { file?.discard() }
    let isTerminal = file?.isTerminal ?? StandardOutput.isTerminal
    func write(_ bytes: [UInt8]) throws {
      if let file { return try file.write(bytes) }
      if isTerminal { service.watch.endProgress() }
      try StandardOutput.write(bytes)
    }
    var lines = isTerminal ? TerminalLines(format: format) : nil
    try options.receive(format, from: service, isBinaryWelcome: !isTerminal) { bytes in
      try write(lines?.safe(bytes) ?? bytes)
    }
    if let lines { try write(lines.end()) }
    try file?.commit()
  }
}
