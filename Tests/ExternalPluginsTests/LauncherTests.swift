import ExternalPlugins
import Foundation
import TestSupport
import Testing

@Suite("The program by which plugins are started", .blocking, .timeLimit(.minutes(10)))
struct LauncherTests {
  @Test func itHasNoSharedLibraries() throws {
    // The kernel starts a program with an interpreter, the dynamic linker, by a header of type 3 (elf(5), PT_INTERP).
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(buildFolder)/muster-launcher")).prefix(4096))
    #expect(bytes.prefix(5) == [0x7f, 0x45, 0x4c, 0x46, 2], "ELF, of 64 bits")
    let (start, size, count) = (Int(bytes[32]), Int(bytes[54]), Int(bytes[56]))
    let types = (0..<count).map { bytes[start + $0 * size] }
    #expect(types.contains(1), "something is loaded")
    #expect(!types.contains(3))
  }

  @Test func byHandItTellsWhatItIsFor() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "\(buildFolder)/muster-launcher")
    process.arguments = ["--help"]
    let pipe = Pipe()
    process.standardError = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 64)
    #expect(text == "muster-launcher: musterd starts external plugins by it; there is nothing to be done by hand\n")
  }

  @Test func withoutItAPluginFailsWithTheReason() async throws {
    let workshop = try Workshop()
    let manifest = try workshop.transform("tail -n +2")
    #expect(LauncherProgram(opening: "\(workshop.folder)/none") == nil)
    let error = await #expect(throws: PluginFailure.self) {
      try await run(manifest, on: PluginHost(launcher: nil), table([[]]))
    }
    #expect(
      error?.description
        == "the plugin \"test-plugin\" cannot be started: cannot find muster-launcher: No such file or directory")
  }
}
