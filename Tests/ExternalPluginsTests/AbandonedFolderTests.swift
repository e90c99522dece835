import ExternalPlugins
import Glibc
import TestSupport
import Testing

@Suite("Folders that a musterd left", .blocking, .timeLimit(.minutes(10))) struct AbandonedFolderTests {
  private func make(_ name: String, in folder: TemporaryFolder) -> String {
    let path = "\(folder.path)/\(name)"
    #expect(mkdir(path, 0o700) == 0)
    return path
  }

  @Test func areRemovedWithAllInThem() throws {
    let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
    try other.write("text", to: "kept")
    let left = make("muster-plugin-run-aaaaaa", in: folder)
    try folder.write("text", to: "muster-plugin-run-aaaaaa/a/b/file")
    #expect(symlink(other.path, "\(left)/link") == 0)
    #expect(symlink("\(other.path)/kept", "\(left)/a/link") == 0)
    #expect(PluginHost.removeAbandonedFolders(in: folder.path) == 1)
    #expect(folder.names == [])
    #expect(other.names == ["kept"])
    #expect(PluginHost.removeAbandonedFolders(in: "\(folder.path)/none") == 0)
  }

  @Test func stayWhenTheyAreInUseOrOthers() throws {
    let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
    try other.write("text", to: "kept")
    let used = open(make("muster-plugin-run-used00", in: folder), O_RDONLY | O_CLOEXEC)
    defer { close(used) }
    #expect(flock(used, LOCK_EX | LOCK_NB) == 0)
    _ = make("muster-plugin-run-other", in: folder)
    _ = make("something-else-aaaaaa", in: folder)
    try folder.write("text", to: "muster-plugin-run-afile0")
    #expect(symlink(other.path, "\(folder.path)/muster-plugin-run-alink0") == 0)
    if geteuid() == 0 { chown(make("muster-plugin-run-foreig", in: folder), 12_345, 12_345) }
    let names = folder.names
    #expect(PluginHost.removeAbandonedFolders(in: folder.path) == 0)
    #expect(folder.names == names)
    #expect(other.names == ["kept"])
  }

  @Test func areNotThoseOfRunsThatGoOn() async throws {
    let workshop = try Workshop()
    let gate = try TemporaryFolder()
    let path = "\(gate.path)/gate"
    #expect(mkfifo(path, 0o644) == 0)
    // Whoever opens the pipe waits until the other does: it runs then, and looks for its folder when it is let through.
    let manifest = try workshop.transform("read -r go < \(path); [ -d $HOME ] && tail -n +2")
    let running = Task { try await run(manifest, on: .test(), table([rows(2)])) }
    var descriptor: Int32 = -1
    try await waitUntil("it runs") {
      descriptor = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
      return descriptor >= 0
    }
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    #expect(namesInFolder(parent).contains { $0.hasPrefix("muster-plugin-run-") })
    _ = PluginHost.removeAbandonedFolders(in: parent)
    #expect(write(descriptor, "go\n", 3) == 3)
    close(descriptor)
    #expect(try await running.value.count == 2)
  }
}
