internal import Exports

extension FuzzEntry {
  /// A manifest that was read is written as what is read as the same; two of them, parted by U+0001, are compared.
  static let exportManifest = FuzzEntry(name: "export-manifest") { bytes throws(FuzzFinding) in
    let parts = bytes.split(separator: 1, maxSplits: 1, omittingEmptySubsequences: false)
    var manifests: [ExportManifest] = []
    for part in parts {
      guard let manifest = ExportManifest(parsing: Array(part)) else { continue }
      try require(ExportManifest(parsing: manifest.encoded) == manifest, "what was written is read as something else")
      manifests.append(manifest)
    }
    guard let one = manifests.first, let other = manifests.last else { return }
    for (old, new) in [(one, other), (other, one)] {
      _ = old.contradictions(to: new)
      var difference = TableDifference(limit: 20)
      do { try difference.compare(old.table, new.table) } catch { throw FuzzFinding(description: "\(error)") }
      try require(!difference.lines.contains { $0.utf8.contains(0) }, "a difference has U+0000 in it")
      if manifests.count > 1 { continue }
      try require(difference.lines.isEmpty, "a table differs from itself: \(difference.lines)")
    }
  }
}
