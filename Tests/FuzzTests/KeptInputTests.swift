import FoundationEssentials
import FuzzEntries
import TestSupport
import Testing

/// What `make fuzz` has kept and found is given to the same readers without libFuzzer.
struct KeptInputTests {
  @Test("kept inputs and earlier findings", arguments: FuzzEntry.all)
  func replay(_ entry: FuzzEntry) throws {
    let corpus = "\(repositoryRoot)/Tests/Corpus/fuzz/\(entry.name)"
    try #require(!namesInFolder(corpus).isEmpty, "there is no corpus for \(entry.name)")
    for folder in [corpus, "\(repositoryRoot)/Tests/Torture/Fuzz/findings/\(entry.name)"] {
      for name in namesInFolder(folder) {
        let input = try #require(FileManager.default.contents(atPath: "\(folder)/\(name)"))
        do {
          try entry.run(Array(input))
        } catch {
          Issue.record("\(folder)/\(name): \(error)")
        }
      }
    }
  }
}
