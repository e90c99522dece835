internal import Base
internal import ExternalPlugins
internal import Pipeline
internal import TestSupport
internal import YAML

extension FuzzEntry {
  /// A text is read or has a problem, with a place in it and without anything that a terminal obeys; it is read as a
  /// configuration and as the manifest of a plugin, too.
  static let yaml = FuzzEntry(name: "yaml") { bytes throws(FuzzFinding) in
    let problems = ProblemCollector()
    let node = loadYAML(file: "fuzz.yaml", contents: bytes, problems: problems)
    try require(node != nil || !problems.isEmpty, "there is neither a node nor a problem")
    try check(problems.problems, of: bytes)
    guard let node else { return }

    // What is wrong already, as an unknown tag, is not told again by those who read on.
    let isTold = !problems.isEmpty
    let ofManifest = ProblemCollector()
    let manifest = ExternalManifest(from: node, problems: ofManifest)
    try require(manifest != nil || isTold || !ofManifest.isEmpty, "there is neither a manifest nor a problem")
    try check(ofManifest.problems, of: bytes)

    // Other files are not what is tried here, and whoever tries may not read any.
    if node["include"] != nil || node["plugins"] != nil { return }
    guard let folder = try? TemporaryFolder(), (try? folder.write(bytes, to: "fuzz.yaml")) != nil else { return }
    let ofConfiguration = ProblemCollector()
    let configuration = Configuration.load(path: "\(folder.path)/fuzz.yaml", problems: ofConfiguration)
    try require(configuration != nil || !ofConfiguration.isEmpty, "there is neither a configuration nor a problem")
    try check(ofConfiguration.problems, of: bytes)
  }
}

private func check(_ problems: ProblemList, of text: [UInt8]) throws(FuzzFinding) {
  let lineCount = text.count { $0 == UInt8(ascii: "\n") } + 1
  try requireSafe(problems)
  for problem in problems.problems {
    if case .text(let line, let column) = problem.position {
      // libyaml may tell of a place behind the end.
      let isInside = (1...lineCount + 1).contains(line) && (1...text.count + 2).contains(column)
      try require(isInside, "a problem is at \(line):\(column): \(problem.message)")
    }
  }
}
