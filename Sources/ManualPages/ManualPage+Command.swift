extension ManualPage {
  /// The page of a program, from what `--help` shows.
  ///
  /// - Parameters:
  ///   - introduction: paragraphs about the program as a whole.
  ///   - files: that it reads or writes.
  ///   - sections: of its own, behind the files: entries below a paragraph.
  public init(
    of program: CommandDescription, section number: Int, date: String, version: String, introduction: [String],
    files: [(term: String, text: String)],
    sections: [(title: String, text: String, entries: [(term: String, text: String)])] = [],
    seeAlso pages: [(name: String, section: Int)]
  ) {
    let summary = program.abstract ?? ""
    self.init(
      name: program.commandName, section: number,
      summary: summary.prefix(1).lowercased() + summary.dropFirst().prefix { $0 != "." }, date: date, version: version)
    let help = HelpText(program.discussion ?? "")
    let common = program.visibleArguments
    section("SYNOPSIS")
    synopsis(of: program)
    section("DESCRIPTION")
    for text in introduction + help.paragraphs { paragraph(text) }
    if !common.isEmpty {
      paragraph("Every command takes these options:")
      options(common)
    }
    section("COMMANDS")
    for verb in program.verbs { command(verb, of: program) }
    add(help, ["SIGNALS", "ENVIRONMENT"])
    section("FILES")
    entries(files)
    for (title, text, list) in sections {
      section(title)
      paragraph(text)
      entries(list)
    }
    add(help, ["EXIT STATUS", "EXAMPLES"])
    seeAlso(pages)
  }

  private mutating func add(_ help: HelpText, _ titles: [String]) {
    for title in titles {
      guard let content = help.sections.first(where: { $0.title == title })?.content else { continue }
      section(title)
      add(content)
    }
  }

  private mutating func add(_ content: HelpText.Content) {
    switch content {
    case .entries(let list): entries(list)
    case .lines(let lines): literal(lines.flatMap(Roff.folded))
    }
  }

  /// Options of the program stand before its verb; where there are none, each verb has a line of its own.
  private mutating func synopsis(of program: CommandDescription) {
    let common = program.visibleArguments.filter { $0.kind == .option }
    if common.isEmpty {
      for verb in program.verbs {
        line(".Nm")
        line(verb.commandName == program.defaultSubcommand ? ".Op Cm \(verb.commandName)" : ".Cm \(verb.commandName)")
        usage(of: verb.ownArguments(in: program))
      }
    } else {
      line(".Nm")
      usage(of: common)
      line(".Ar command")
      line(".Op Ar argument ...")
    }
  }

  private mutating func command(_ verb: CommandDescription, of program: CommandDescription) {
    let help = HelpText(verb.discussion ?? "")
    let own = verb.ownArguments(in: program)
    subsection("\(program.commandName) \(verb.commandName)")
    line(".Nm")
    line(".Cm \(verb.commandName)")
    usage(of: own)
    paragraph(verb.abstract ?? "")
    for text in help.paragraphs { paragraph(text) }
    if !own.isEmpty { options(own) }
    // What the program's own help has holds for all verbs.
    let known = HelpText(program.discussion ?? "").sections
    for (title, content) in help.sections where !known.contains(where: { $0.title == title && $0.content == content }) {
      if title != "EXAMPLES" { paragraph("\(title):") }
      add(content)
    }
  }

  private mutating func usage(of arguments: [CommandDescription.Argument]) {
    for argument in arguments {
      line(argument.isOptional ? ".Op \(argument.usage)" : ".\(argument.usage)")
    }
  }

  private mutating func options(_ arguments: [CommandDescription.Argument]) {
    tagged(
      arguments.map { argument in
        let fallback = argument.defaultValue.map { " The default is `\($0)`." } ?? ""
        return (argument.heading, Roff.sentences((argument.abstract ?? "") + fallback))
      })
  }
}

extension CommandDescription {
  /// What it takes beyond what every verb takes: arguments first, as they are typed.
  fileprivate func ownArguments(in program: CommandDescription) -> [Argument] {
    let common = Set(program.visibleArguments.flatMap { ($0.names ?? []).map(\.typed) })
    let own = visibleArguments.filter { argument in
      !(argument.names ?? []).contains { common.contains($0.typed) }
    }
    return own.filter { $0.kind == .positional } + own.filter { $0.kind != .positional }
  }
}

extension CommandDescription.Argument {
  fileprivate var usage: String {
    let value = valueName.map { "Ar \(Roff.argument($0))" } ?? ""
    let dots = isRepeating ? " ..." : ""
    let name = (preferredName ?? names?.first).map { "Fl \(Roff.argument(String($0.typed.dropFirst())))" } ?? ""
    switch kind {
    case .positional: return value + dots
    case .flag: return name + dots
    case .option: return "\(name) \(value)\(dots)"
    }
  }

  fileprivate var heading: String {
    let value = valueName.map { "Ar \(Roff.argument($0))" } ?? ""
    let names = (names ?? []).sorted { $0.typed.count < $1.typed.count }
      .map { "Fl \(Roff.argument(String($0.typed.dropFirst())))" }.joined(separator: " , ")
    switch kind {
    case .positional: return value
    case .flag: return names
    case .option: return "\(names) \(value)"
    }
  }
}
