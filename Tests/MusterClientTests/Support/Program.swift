import TestSupport

extension Program {
  /// The program that was built together with this test.
  static let path = "\(buildFolder)/muster"

  /// Starts `muster`, or a program that starts it.
  convenience init(
    _ arguments: [String], environment: [String: String] = [:], program: String = Program.path, output: Int32? = nil,
    terminal: Terminal? = nil, folder: String? = nil
  ) throws {
    try self.init(
      program, arguments, environment: environment, output: output, terminal: terminal, folder: folder)
  }
}

/// Runs it to its end.
func muster(
  _ arguments: String..., environment: [String: String] = [:], program: String = Program.path, folder: String? = nil
) async throws -> Outcome {
  try await Program(arguments, environment: environment, program: program, folder: folder).wait()
}
