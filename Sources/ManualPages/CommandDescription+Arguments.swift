extension CommandDescription {
  /// The preferred names of this command's own options that take a value, by all their names, as they are typed.
  public var valuedNames: [String: String] {
    var names: [String: String] = [:]
    for argument in arguments ?? [] where argument.kind == .option {
      for name in argument.names ?? [] { names[name.typed] = (argument.preferredName ?? name).typed }
    }
    return names
  }
}

/// A program's arguments, the first of them not its name, for the argument parser.
///
/// That looks for the equals sign in `--name=value` among characters and finds none where a value begins with a mark, which
/// makes one character of both. Such an argument is given as two, its name and its value; no other one changes.
///
/// - Parameter program: tells what options there are. It is asked only when there is such an argument, since that takes long.
public func splittingMarkedValues(_ arguments: [String], of program: () throws -> CommandDescription) -> [String] {
  // Behind it nothing is an option.
  let options = arguments.prefix { $0 != "--" }
  guard options.contains(where: { markedEquals($0) != nil }), let program = try? program() else { return arguments }
  let names = program.alwaysValuedNames
  return options.flatMap { argument in
    guard let equals = markedEquals(argument), case let name = String(argument[..<equals]), names.contains(name)
    else { return [argument] }
    return [name, String(Substring(argument.utf8[equals...].dropFirst()))]
  } + arguments[options.endIndex...]
}

/// The equals sign behind the name of an option, where that is a part of a longer character.
private func markedEquals(_ argument: String) -> String.Index? {
  guard argument.utf8.first == UInt8(ascii: "-"), let equals = argument.utf8.firstIndex(of: UInt8(ascii: "=")),
    argument.firstIndex(of: "=") != equals
  else { return nil }
  return equals
}

extension CommandDescription {
  /// The names that are those of options with a value wherever there are such options: as a flag, a name has no value, and
  /// the parser says so.
  fileprivate var alwaysValuedNames: Set<String> {
    let commands = withSubcommands
    let flags = commands.flatMap { ($0.arguments ?? []).filter { $0.kind == .flag }.flatMap { $0.names ?? [] } }
    return Set(commands.flatMap(\.valuedNames.keys)).subtracting(flags.map(\.typed))
  }

  private var withSubcommands: [CommandDescription] { [self] + (subcommands ?? []).flatMap(\.withSubcommands) }
}
