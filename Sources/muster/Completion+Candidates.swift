import ArgumentParser
import Base
import JSON
import MusterAPI

/// What is completed, each by one question to musterd.
enum Candidates {
  @Sendable static func reports(_ service: Connection, _ command: TypedCommand) throws -> [Candidate] {
    let reply: Reports.ListReply = try ask(service, "\(Reports.interface).List")
    return reply.reports.map { Candidate($0.name, $0.title) }
  }

  @Sendable static func dimensions(_ service: Connection, _ command: TypedCommand) throws -> [Candidate] {
    try askDimensions(service).map { Candidate($0.name, $0.title) }
  }

  /// The first texts of the rows that the report has.
  @Sendable static func rows(_ service: Connection, _ command: TypedCommand) throws -> [Candidate] {
    guard let report = command.arguments.first else { return [] }
    let selection = try SelectionOptions.parse(
      ["--set", "--where"].flatMap { option in (command.options[option] ?? []).flatMap { [option, $0] } })
    let parameters = Reports.RunParameters(
      report: report, parameters: selection.parameters, where: selection.where)
    var candidates: [Candidate] = []
    let start = ContinuousClock.now
    do {
      try service.stream("\(Reports.interface).Run", parameters) { (reply: Reports.RunReply) in
        candidates += (reply.rows ?? []).compactMap { row in
          let texts = row.members.compactMap(\.value.stringValue)
          return texts.first.map { Candidate($0, texts.dropFirst().first) }
        }
        if ContinuousClock.now - start > .milliseconds(500) { throw EnoughRows() }
      }
    } catch is EnoughRows {}
    return candidates
  }

  /// Whoever pressed a key has waited for long enough.
  private struct EnoughRows: Error {}

  @Sendable static func columns(_ service: Connection, _ command: TypedCommand) throws -> [Candidate] {
    try describe(service, command)?.columns.map { Candidate($0.name, $0.title) } ?? []
  }

  @Sendable static func formats(_ service: Connection, _ command: TypedCommand) throws -> [Candidate] {
    try describe(service, command)?.formats.map { Candidate($0.name, $0.summary) } ?? []
  }

  @Sendable static func exports(_ service: Connection, _ command: TypedCommand) throws -> [Candidate] {
    let reply: Exports.ListReply = try ask(service, "\(Exports.interface).List")
    return reply.exports.filter { !command.arguments.contains($0.name) }.map { Candidate($0.name, $0.file) }
  }

  @Sendable static func plugins(_ service: Connection, _ command: TypedCommand) throws -> [Candidate] {
    let reply: Manage.PluginsReply = try ask(service, "\(Manage.interface).Plugins")
    return reply.plugins.map { Candidate($0.name, $0.summary) }
  }

  @Sendable static func parameters(_ service: Connection, _ command: TypedCommand) throws -> [Candidate] {
    settings(of: try describe(service, command)?.parameters ?? [], command, "--set")
  }

  /// Those of the format that is named, or else of every one.
  @Sendable static func formatParameters(_ service: Connection, _ command: TypedCommand) throws -> [Candidate] {
    let formats = try describe(service, command)?.formats ?? []
    let format = command.last("--format")
    var names: Set<String> = []
    let parameters = formats.filter { format == nil || $0.name == format }.flatMap(\.parameters)
      .filter { names.insert($0.name).inserted }
    return settings(of: parameters, command, "--format-set")
  }

  /// Codes one by one, each behind those that stand there already.
  @Sendable static func filters(_ service: Connection, _ command: TypedCommand) throws -> [Candidate] {
    let dimensions = try askDimensions(service)
    // By bytes, here and below: a code may begin with a mark that makes one character of itself and the sign before it.
    let name = text(command.prefix.utf8.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "!") })
    guard command.prefix.utf8.contains(UInt8(ascii: "!")), let dimension = dimensions.first(where: { $0.name == name })
    else {
      return completed(dimensions.map { Candidate($0.name, $0.title) }, command, "--where") { name in
        codes(dimensions.first { $0.name == name }, command)
      }
    }
    return codes(dimension, command).map { Candidate("\(name)!=\($0.text)", $0.summary) }
  }

  /// Each code behind what of the items is there already.
  private static func codes(_ dimension: Reports.Dimension?, _ command: TypedCommand) -> [Candidate] {
    let typed = command.prefix.utf8.drop { $0 != UInt8(ascii: "=") }.dropFirst()
    // The last item that can be told from those before it: a comma may be a part of it.
    let commas = typed.indices.filter { typed[$0] == UInt8(ascii: ",") }.map { text(typed[...$0]) }
    let before = commas.last { (try? splitCommaSeparated($0)) != nil } ?? ""
    let used = (try? splitCommaSeparated(before)) ?? []
    let item = typed.dropFirst(before.utf8.count)
    // What stands before a code within an item: the beginning of a range, or that what the code contains is meant.
    let range = item.firstRange(of: Array("..".utf8))
    let opening = range.map { text(item[..<$0.upperBound]) } ?? (item.starts(with: "under:".utf8) ? "under:" : "")
    return (dimension?.codes ?? []).filter { !used.contains($0.id) }.map {
      Candidate(before + commaSeparated(opening + $0.id), $0.name)
    }
  }
}

extension Candidates {
  private static func ask<Reply: Decodable>(_ service: Connection, _ method: String) throws -> Reply {
    try service.decode(service.call(method), of: method)
  }

  private static func askDimensions(_ service: Connection) throws -> [Reports.Dimension] {
    let reply: Reports.ListDimensionsReply = try service.decode(
      service.dimensions(), of: Connection.dimensionsMethod)
    return reply.dimensions
  }

  /// Of the report that is typed already; nil when there is none.
  private static func describe(_ service: Connection, _ command: TypedCommand) throws -> Reports.DescribeReply? {
    guard let report = command.arguments.first else { return nil }
    let method = "\(Reports.interface).Describe"
    return try service.decode(service.call(method, Reports.DescribeParameters(report: report)), of: method)
  }

  private static func settings(
    of parameters: [Reports.Parameter], _ command: TypedCommand, _ option: String
  ) -> [Candidate] {
    completed(parameters.map { Candidate($0.name, $0.summary) }, command, option) { name in
      guard let parameter = parameters.first(where: { $0.name == name }) else { return [] }
      let values = parameter.choices ?? (parameter.kind == .boolean ? ["true", "false"] : [parameter.default ?? ""])
      return values.filter { !$0.isEmpty }.map { Candidate($0) }
    }
  }

  /// Names with an equals sign behind; once only one is meant, that with its values. What is given already is left out.
  private static func completed(
    _ names: [Candidate], _ command: TypedCommand, _ option: String, values: (String) -> [Candidate]
  ) -> [Candidate] {
    let given = Set((command.options[option] ?? []).map { text($0.utf8.prefix { $0 != UInt8(ascii: "=") }) })
    let prefix = command.prefix.utf8
    let meant = names.filter { name in
      let whole = "\(name.text)=".utf8
      return (whole.starts(with: prefix) || prefix.starts(with: whole)) && !given.contains(name.text)
    }
    guard meant.count == 1, let name = meant.first else { return meant.map { Candidate("\($0.text)=", $0.summary) } }
    let pairs = values(name.text).map { Candidate("\(name.text)=\($0.text)", $0.summary) }
    return pairs.isEmpty ? [Candidate("\(name.text)=", name.summary)] : pairs
  }
}

private func text(_ bytes: Substring.UTF8View) -> String { String(Substring(bytes)) }
