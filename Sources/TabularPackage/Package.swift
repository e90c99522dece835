public import Base
import Posix

/// A data package whose descriptor and data are all in order.
public struct Package: Sendable {
  /// What the package says of itself.
  public let descriptor: PackageDescriptor
  /// By the name of the resource.
  public let tables: [String: Table]
  /// `sha256:` and a digest of the descriptor and all files.
  public let revision: String

  /// Reads a package and checks everything in it.
  ///
  /// - Parameter path: the path of `datapackage.json`.
  /// - Throws: every problem of the descriptor and of the data, in a fixed order.
  public static func load(_ path: String, threads: Int? = nil) throws(ProblemList) -> Package {
    var problems = ProblemList()
    let descriptor = PackageDescriptor.read(path, into: &problems)
    let package = descriptor?.loadTables(threads: threads, into: &problems)
    guard let package, problems.isEmpty else { throw problems }
    return package
  }
}

extension PackageDescriptor {
  /// Reads a descriptor, and of a broken one what can be understood; nil when that is nothing.
  public static func read(_ path: String, into problems: inout ProblemList) -> PackageDescriptor? {
    let contents: [UInt8]
    do throws(Problem) {
      let file = try DataFile(resolvedPath: (try? resolvedPath(RawPath(path))) ?? RawPath(path), displayPath: path)
      guard file.size <= DescriptorReader.maximumSize else {
        throw Problem(file: path, message: "the descriptor is larger than \(DescriptorReader.maximumSize >> 20) MiB")
      }
      guard let bytes = file.paddedBytes(from: 0, count: file.size) else {
        throw Problem(file: path, message: "the file changed while it was being read")
      }
      contents = Array(bytes.dropLast(recordPadding))
    } catch {
      problems.append(error)
      return nil
    }
    return read(path, contents: contents, into: &problems)
  }

  /// As above, of a file that says `contents`.
  package static func read(
    _ path: String, contents: [UInt8], into problems: inout ProblemList
  ) -> PackageDescriptor? {
    var reader = DescriptorReader(file: path, folder: FileLocation.folder(of: path), text: contents)
    let descriptor = reader.readPackage()
    problems.append(contentsOf: reader.problems)
    return descriptor
  }

  /// Reads and checks all tables that could be understood.
  ///
  /// - Parameters:
  ///   - requests: by the name of the resource, what to keep as columns.
  ///   - threads: how many threads parse; by default as many as there are cores.
  public func loadTables(
    requests: [String: TableRequest] = [:], threads: Int? = nil, into problems: inout ProblemList
  ) -> Package {
    loadTables(requests: requests, threads: threads, chunkSize: nil, into: &problems)
  }

  /// - Parameter chunkSize: how many bytes one thread reads at a time. The revision depends on it.
  package func loadTables(
    requests: [String: TableRequest] = [:], threads: Int?, chunkSize: Int?, into problems: inout ProblemList
  ) -> Package {
    var loader = PackageLoader(descriptor: self, requests: requests, threads: threads, chunkSize: chunkSize)
    let (tables, revision, found) = loader.load()
    problems.append(contentsOf: found)
    return Package(descriptor: self, tables: tables, revision: revision)
  }
}
