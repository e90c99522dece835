internal import Glibc

/// The folder of the working copy that these tests were built from, without a slash at its end.
public let repositoryRoot = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

/// The folder of the dataset that tests may change a copy of: other names and dimensions than the shipped one.
public let harboursFolder = "\(repositoryRoot)/Tests/Fixtures/harbours"

/// The folder of the shipped dataset.
public let memorandumFolder = "\(repositoryRoot)/Config/datasets/repatriation-1955"

/// The folder of the programs that were built together with these tests, beside whose bundle they lie.
public let buildFolder: String = {
  guard let own = realpath("/proc/self/exe", nil) else { return "\(repositoryRoot)/.build/debug" }
  defer { free(own) }
  return String(cString: own).split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
}()
