import ArgumentParser
import Base
import Glibc
import ManualPages
import Posix

/// A word that may stand where one is being typed.
struct Candidate {
  var text: String
  var summary: String?

  init(_ text: String, _ summary: String? = nil) {
    self.text = text
    self.summary = summary
  }

  /// As the script of the shell wants it. Zsh and fish show summaries.
  func line(for shell: CompletionShell?) -> String {
    let summary = summary.map { printable($0) } ?? ""
    switch shell {
    case .zsh?:
      let escaped = escapingScalars(text) { $0 == "\\" || $0 == ":" ? "\\\($0)" : nil }
      return summary.isEmpty ? escaped : "\(escaped):\(summary)"
    case .fish?: return summary.isEmpty ? text : "\(text)\t\(summary)"
    default: return text
    }
  }
}

extension CompletionKind {
  /// What the musterd that the command line means has to offer. One that does not answer within a second offers nothing.
  static func asking(
    _ candidates: @escaping @Sendable (Connection, TypedCommand) throws -> [Candidate]
  ) -> CompletionKind {
    .custom { words, index, prefix in
      complete(words, index, prefix) { command in
        let service = try connect(as: command)
        defer { service.close() }
        return try candidates(service, command)
      }
    }
  }

  /// As `asking`, with files that musterd knows nothing of.
  static func filesAnd(
    _ candidates: @escaping @Sendable (Connection, TypedCommand) throws -> [Candidate]
  ) -> CompletionKind {
    .custom { words, index, prefix in
      complete(words, index, prefix) { command in
        let files = fileCandidates(command.prefix)
        guard let service = try? connect(as: command) else { return files }
        defer { service.close() }
        return ((try? candidates(service, command)) ?? []) + files
      }
    }
  }
}

private func complete(
  _ words: [String], _ index: Int, _ prefix: String, _ candidates: (TypedCommand) throws -> [Candidate]
) -> [String] {
  guard let program = try? CommandDescription(dump: Muster._dumpHelp()) else { return [] }
  let command = TypedCommand(words: words, completing: index, prefix: prefix, of: program)
  let all = (try? candidates(command)) ?? []
  let fitting = all.filter { candidate in
    // Nobody can type what may not reach a terminal.
    candidate.text.utf8.starts(with: command.prefix.utf8) && printable(candidate.text) == candidate.text
  }
  return fitting.map { $0.line(for: .requesting) }
}

/// Connecting and asking have half a second each. No program that an address names is started for a mere key.
private func connect(as command: TypedCommand) throws -> Connection {
  var arguments = ["--timeout", "0.5"]
  for option in ["--address", "--standalone"] {
    if let value = command.last(option) { arguments += [option, value] }
  }
  let options = try ConnectionOptions.parse(arguments)
  if options.startsProgram { throw Ended(status: .unavailable) }
  return try options.open()
}

/// The files in the folder that is typed already; folders with a slash behind.
private func fileCandidates(_ prefix: String) -> [Candidate] {
  let folder = String(folderPrefix(of: prefix))
  guard let entries = try? rawEntryNames(ofFolder: folder.isEmpty ? "." : folder) else { return [] }
  var paths: [String] = []
  // A name that is no UTF-8 could only be printed as another one.
  for name in [".", ".."] + entries.compactMap(\.text) {
    if name.utf8.first == UInt8(ascii: "."), fileName(of: prefix).utf8.first != UInt8(ascii: ".") { continue }
    var status = stat()
    let isFolder = stat(folder + name, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    paths.append("\(folder)\(name)\(isFolder ? "/" : "")")
  }
  return paths.sorted().map { Candidate($0) }
}
