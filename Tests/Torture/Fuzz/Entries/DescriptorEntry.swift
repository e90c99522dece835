internal import Base
internal import TabularPackage
internal import TestSupport

extension FuzzEntry {
  /// A descriptor beside the tables of a dataset is read or has problems, and so are the tables by what it says.
  static let descriptor = FuzzEntry(name: "descriptor") { bytes throws(FuzzFinding) in
    var problems = ProblemList()
    let descriptor = PackageDescriptor.read("\(harboursFolder)/datapackage.json", contents: bytes, into: &problems)
    try require(descriptor != nil || !problems.isEmpty, "there is neither a descriptor nor a problem")
    if let descriptor {
      var requests: [String: TableRequest] = [:]
      for resource in descriptor.resources {
        var request = TableRequest()
        for (index, field) in (resource.schema?.fields ?? []).enumerated() {
          switch field.type {
          case .number: request.decimals.updateValue(index % 2 == 0 ? nil : 2, forKey: field.name)
          case .integer where index % 2 == 0: request.integers.insert(field.name)
          default: request.openVocabularies.insert(field.name)
          }
        }
        requests[resource.name] = request
      }
      _ = descriptor.loadTables(requests: requests, threads: 1, into: &problems)
    }
    try requireSafe(problems)
  }
}
