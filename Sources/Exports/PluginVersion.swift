internal import Base
internal import Crypto
internal import ExternalPlugins
internal import Glibc
internal import Pipeline
internal import Posix

extension Generation {
  /// By what the plugin can be told from one that may work differently.
  func version(ofPlugin name: String, _ programVersion: String) -> String {
    guard let manifest = configuration.plugins.first(where: { $0.name.value == name }) else {
      return "musterd \(programVersion)"
    }
    let files = manifest.command.filter(isAbsolute).compactMap { path in
      digest(ofFile: path).map { "sha256:\($0)" }
    }
    return files.isEmpty ? "unknown" : files.joined(separator: " ")
  }
}

private func digest(ofFile path: String) -> String? {
  let file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
  if file < 0 { return nil }
  let descriptor = OwnedDescriptor(file, path)
  var status = stat()
  guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
  var hash = SHA256()
  do {
    try descriptor.read { bytes in
      hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
      return true
    }
    return hexadecimal(hash.finalize())
  } catch {
    return nil
  }
}
