import Glibc
import Posix
import Varlink

/// A private musterd that lives as long as one connection.
struct StandaloneService {
  let configuration: String
  private let program: String
  /// A file without a name that takes what musterd prints, since nobody wants to see that unless it fails.
  private let log: Int32

  init(configuration: String) throws(Failure) {
    self.configuration = try textPath(ofArgument: configuration)
    program = try Self.findProgram()
    guard let file = tmpfile() else {
      throw Failure(status: .inputOutput, message: "cannot keep what musterd prints: /tmp: \(errorText(errno))")
    }
    log = fileno(file)
    _ = fcntl(log, F_SETFD, FD_CLOEXEC)
  }

  func start() throws(ClientError) -> Client {
    try Client(
      connectingTo: .exec(path: program), arguments: ["--config", configuration, "--log-level", "error"],
      standardError: log)
  }

  /// What ended musterd, when that is why a call failed.
  func failure(of client: Client, _ error: ClientError) -> Failure? {
    switch error {
    case .connectionLost, .violation(.truncated): break
    default: return nil
    }
    switch client.serviceEnd {
    case .exited(status: ExitStatus.badData.rawValue):
      return Failure(
        status: .badData, message: "musterd refuses the configuration: \(configuration); mend what follows",
        details: logLines())
    case .exited(status: let status):
      return Failure(
        status: .unavailable, message: "musterd ended with exit status \(status): \(program) --config \(configuration)",
        details: logLines())
    case .killed(let signal):
      return Failure(
        status: .unavailable, message: "musterd was ended by signal \(signal): \(program) --config \(configuration)",
        details: logLines())
    case nil: return nil
    }
  }

  private func logLines() -> [String] {
    var bytes: [UInt8] = []
    let count = Int(lseek(log, 0, SEEK_END))
    if count > 0 {
      bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        initialized = max(0, pread(log, buffer.baseAddress, count, 0))
      }
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// The musterd that was installed together with this program, or else the first one in `PATH`.
  private static func findProgram() throws(Failure) -> String {
    let path = environmentPath("PATH") ?? RawPath("/usr/local/bin:/usr/bin:/bin")
    var folders = path.bytes.split(separator: UInt8(ascii: ":")).map { RawPath(bytes: $0) }
    if let own = programFolder() { folders.insert(own, at: 0) }
    if let program = folders.lazy.map({ $0.appending("musterd") }).first(where: \.isExecutable) {
      if let text = program.text { return text }
      throw Failure(
        status: .unavailable,
        message:
          "cannot start musterd: its path is not UTF-8: \(program); move it, or put a link to it in PATH before it")
    }
    throw Failure(
      status: .unavailable,
      message: "cannot find musterd: neither in \(folders[0]) nor in PATH; install it beside muster, or use --address")
  }
}
