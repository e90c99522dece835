internal import FoundationEssentials
public import Glibc

/// A folder of its own, which everybody may read; removed with all that is in it at the end.
public final class TemporaryFolder: Sendable {
  /// Short enough for a socket to be made in it.
  public let path: String

  /// An empty one, under `/tmp`.
  public init() throws {
    var template = Array("/tmp/muster-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw TestFailure("mkdtemp: \(errno)") }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    // Plugins of root are run as nobody.
    chmod(path, 0o755)
  }

  /// With a copy of everything in a folder.
  public convenience init(copying folder: String) throws {
    try self.init()
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      try FileManager.default.copyItem(atPath: "\(folder)/\(name)", toPath: "\(path)/\(name)")
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The names in the folder, sorted; those that begin with a dot too.
  public var names: [String] { namesInFolder(path) }

  /// Writes a file anew, as editors do it: whoever has the old one open keeps it. Makes the folders that it lies in.
  public func write(_ text: String, to name: String, mode: mode_t = 0o644) throws {
    try write(Array(text.utf8), to: name, mode: mode)
  }

  /// The same, of bytes that may be no text.
  public func write(_ bytes: [UInt8], to name: String, mode: mode_t = 0o644) throws {
    if let slash = name.utf8.lastIndex(of: UInt8(ascii: "/")) {
      try FileManager.default.createDirectory(atPath: "\(path)/\(name[..<slash])", withIntermediateDirectories: true)
    }
    let new = "\(path)/\(name).new"
    let descriptor = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw TestFailure("cannot write \(name): \(errno)") }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { throw TestFailure("cannot write \(name): \(errno)") }
      rest = rest.dropFirst(count)
    }
    fchmod(descriptor, mode)
    guard rename(new, "\(path)/\(name)") == 0 else { throw TestFailure("cannot write \(name): \(errno)") }
  }

  /// What the file of that name says.
  public func read(_ name: String) throws -> String { try readFile("\(path)/\(name)") }
}

/// The names in a folder, sorted; those that begin with a dot too. None when it cannot be read.
public func namesInFolder(_ path: String) -> [String] {
  (try? FileManager.default.contentsOfDirectory(atPath: path))?.sorted() ?? []
}

/// What a file says, which may be one of `/proc`.
public func readFile(_ path: String) throws -> String {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw TestFailure("cannot read \(path): \(errno)") }
  defer { close(descriptor) }
  return readToEnd(descriptor)
}

/// What comes until the end, or until an error, which is how a terminal tells that its program has ended.
public func readToEnd(_ descriptor: Int32) -> String {
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while true {
    let count = Glibc.read(descriptor, &buffer, buffer.count)
    // A signal for another test may come to this thread.
    if count < 0, errno == EINTR { continue }
    if count <= 0 { return String(decoding: bytes, as: UTF8.self) }
    bytes += buffer[..<count]
  }
}

/// Gives a folder to `body`, and removes it then.
public func withTemporaryFolder<Result>(
  isolation: isolated (any Actor)? = #isolation, _ body: (TemporaryFolder) async throws -> Result
) async throws -> Result {
  let folder = try TemporaryFolder()
  defer { withExtendedLifetime(folder) {} }
  return try await body(folder)
}

/// The same for a body that does not wait.
public func withTemporaryFolder<Result>(_ body: (TemporaryFolder) throws -> Result) throws -> Result {
  let folder = try TemporaryFolder()
  defer { withExtendedLifetime(folder) {} }
  return try body(folder)
}
