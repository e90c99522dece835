import Base
import Posix

/// Where a resource's file is: inside the package's folder, or nowhere.
struct FileLocation {
  /// As it is written in the descriptor.
  let path: String
  /// For messages: the folder as the user wrote it, and the path.
  let displayPath: String
  /// Absolute and without links; nil when the file cannot be found.
  let resolvedPath: RawPath?

  struct Refusal: Error {
    let message: String
    /// Where the file would be, so that the rest of its description can still be checked.
    let location: FileLocation?
  }

  /// Finds the file for a path that must not lead out of the folder, neither by its words nor by links.
  static func locate(_ path: String, in folder: String) -> Result<FileLocation, Refusal> {
    if path.isEmpty { return .failure(Refusal(message: "the path is empty", location: nil)) }
    if path.utf8.contains(0) { return .failure(Refusal(message: "the path contains a NUL", location: nil)) }
    let display = join(folder, path)
    let unresolved = FileLocation(path: path, displayPath: display, resolvedPath: nil)
    func refuse(_ message: String) -> Result<FileLocation, Refusal> {
      .failure(Refusal(message: "path \(quoted(path)) \(message)", location: unresolved))
    }
    if path.contains("://") { return refuse("is an address: only files are supported") }
    if isAbsolute(path) { return refuse("is not safe: it must be relative to the descriptor") }
    if path.utf8.split(separator: UInt8(ascii: "/")).contains(where: { $0.elementsEqual("..".utf8) }) {
      return refuse("is not safe: it must not contain \"..\"")
    }
    let first = path.unicodeScalars.first
    if first == "~" || first == "%" || path.unicodeScalars.contains("$") {
      return refuse("is not safe: it must not contain variables")
    }
    let (root, resolved): (RawPath, RawPath)
    do throws(SystemError) {
      root = try Posix.resolvedPath(RawPath(folder.isEmpty ? "." : folder))
      resolved = try Posix.resolvedPath(RawPath(display))
    } catch {
      return refuse("cannot be found: \(error.reason)")
    }
    if resolved != root, !resolved.bytes.starts(with: root.appending("").bytes) {
      return refuse("is not safe: a link leads out of the package's folder")
    }
    return .success(FileLocation(path: path, displayPath: display, resolvedPath: resolved))
  }

  static func join(_ folder: String, _ path: String) -> String {
    folder.isEmpty || RawPath(folder).endsInSlash ? folder + path : folder + "/" + path
  }

  /// The folder of a path, without the last slash; empty for the current one.
  static func folder(of path: String) -> String {
    folderPrefix(of: path).isEmpty ? "" : parentFolder(of: path)
  }
}
