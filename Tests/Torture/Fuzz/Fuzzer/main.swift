// muster-fuzz [OPTION...] [FOLDER...]: gives inputs of libFuzzer to the reader of FuzzEntries that MUSTER_FUZZ_ENTRY of the
// environment names. The command line is libFuzzer's, which starts the program again by it to merge: `-help=1` tells more.
import FuzzEntries
import Glibc

@_silgen_name("LLVMFuzzerRunDriver")
private func runLibFuzzer(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ testOneInput: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

private func say(_ line: String) {
  let bytes = Array("\(line)\n".utf8)
  _ = write(STDERR_FILENO, bytes, bytes.count)
}

private let entries = FuzzEntry.all + FuzzEntry.planted
private let entry: FuzzEntry = {
  let name = getenv("MUSTER_FUZZ_ENTRY").map { String(cString: $0) } ?? ""
  if let entry = entries.first(where: { $0.name == name }) { return entry }
  say("MUSTER_FUZZ_ENTRY of the environment must be one of")
  for entry in entries { say("  \(entry.name)") }
  exit(64)
}()

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do {
    try entry.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
  } catch {
    say("FOUND \(error)")
    // libFuzzer keeps the input of a process that ends so.
    abort()
  }
  return 0
}

private var arguments = CommandLine.unsafeArgv
private var count = CommandLine.argc
_ = entry
exit(runLibFuzzer(&count, &arguments, testOneInput))
