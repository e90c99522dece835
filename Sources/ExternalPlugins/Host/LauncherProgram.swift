internal import Glibc
internal import PluginLaunch
internal import Posix

/// The program by which plugins are started. It is opened once, so that an upgrade which replaces its file meets no
/// running daemon of another version.
public final class LauncherProgram: Sendable {
  private let descriptor: Int32
  /// A path for posix_spawn(3), which looks it up in the child.
  let path: String

  /// Nil when there is no such program.
  public convenience init?(opening path: String) { self.init(opening: RawPath(path)) }

  private init?(opening path: RawPath) {
    guard path.isExecutable else { return nil }
    let file = path.withCString { open($0, O_RDONLY | O_CLOEXEC) }
    guard file >= 0 else { return nil }
    defer { close(file) }
    // Beyond the descriptors that the child is given before it looks the path up.
    descriptor = fcntl(file, F_DUPFD_CLOEXEC, LaunchReport.descriptor + 1)
    guard descriptor >= 0 else { return nil }
    self.path = "/proc/self/fd/\(descriptor)"
  }

  deinit { close(descriptor) }

  /// The one that was built or installed with the running program; nil when there is none.
  public static func installed() -> LauncherProgram? {
    // A lazy sequence's `first` would open the program twice, and trap if it is there the first time alone.
    for folder in installationFolders {
      if let program = LauncherProgram(opening: folder.appending(PluginLauncher.name)) { return program }
    }
    return nil
  }

  /// Where it is looked for: beside the program, and in `libexec/muster` beside its folder.
  static let installationFolders: [RawPath] = {
    guard let folder = programFolder() else { return [] }
    return [folder, folder.folder.appending("libexec/muster")]
  }()

  /// Why `installed()` gave none, and what to do.
  public static var absence: String {
    """
    \(PluginLauncher.name), by which external plugins are started, is neither in \
    \(installationFolders.map(\.description).joined(separator: " nor in ")); install it with musterd
    """
  }
}
