internal import Glibc
internal import MusterAPI

/// A file that an export writes, and what stands beside it. Whoever changes any of it holds the lock.
///
/// A run may be ended at any point, by SIGKILL or a power cut, and nothing is lost:
///
/// 1. The new file and the new manifest are written under names of their own and made durable. Until here the old file
///    and its manifest stand untouched; the next run removes what was left.
/// 2. The old file and its manifest get second names, as the version that is kept. A run that was ended here does this
///    again; the second name is there already then.
/// 3. The new manifest takes its place. It knows the digest of the old file, so the old file beside the new manifest
///    is no contradiction but a run that was ended here: `verify` says so, and the next run, which finds a file of
///    another digest than the manifest's, writes both anew.
/// 4. The new file takes its place. Each of the steps 2 to 4 is durable before the next one begins, so a power cut
///    cannot reorder them.
/// 5. Versions beyond those to be kept are removed. The next run does what is left of it.
///
/// The file itself is a whole one at every point: the old one up to step 3, the new one from step 4 on.
struct ExportedFile: Sendable {
  let folder: ExportFolder
  let names: ExportNames

  init(_ file: String, in folder: ExportFolder) {
    self.folder = folder
    names = ExportNames(file)
  }

  var manifest: ExportManifest? {
    get throws(FileError) {
      try folder.contents(of: names.manifest, limit: Exports.manifestLimit).flatMap(ExportManifest.init(parsing:))
    }
  }

  /// Makes sure that nothing but regular files has the names that will be replaced.
  func checkNames() throws(FileError) {
    for name in [names.file, names.manifest] { _ = try folder.status(of: name) }
  }

  func removeLeftovers() throws(FileError) {
    for name in [names.newFile, names.newManifest, names.newLastRun] { try folder.remove(name) }
  }

  /// Whether the file is the one of that digest and its manifest says so.
  func isWhole(sha256: String, byteCount: Int) throws(FileError) -> Bool {
    guard let status = try folder.status(of: names.file), status.st_size == byteCount,
      let manifest = try manifest, manifest.sha256 == sha256
    else { return false }
    return try folder.digest(of: names.file) == sha256
  }

  /// Puts the new file, which is written already, into the place of the old one: steps 1 to 4.
  ///
  /// - Parameters:
  ///   - writtenAt: in microseconds since 1970; it becomes the file's own time.
  ///   - keepsOld: whether the old file is kept as a version.
  func install(_ manifest: ExportManifest, writtenAt: Int64, keepsOld: Bool) throws(FileError) {
    var manifest = manifest
    let old = try folder.status(of: names.file)
    manifest.writtenAt = timeText(microseconds: writtenAt)
    manifest.replaces = try folder.digest(of: names.file)
    try folder.finish(names.newFile, writtenAt: writtenAt, mode: old?.st_mode)
    try folder.write(manifest.encoded, to: names.newManifest, writtenAt: writtenAt, mode: old?.st_mode)
    if keepsOld, let old, manifest.replaces != manifest.sha256 { try keepVersion(old, sha256: manifest.replaces) }
    try folder.rename(names.newManifest, to: names.manifest)
    try folder.sync()
    try folder.rename(names.newFile, to: names.file)
    try folder.sync()
  }

  private func keepVersion(_ status: stat, sha256: String?) throws(FileError) {
    var writtenAt = status.modifiedAt
    var version = names.version(VersionStamp(microseconds: writtenAt))
    while try !folder.link(names.file, to: version) {
      writtenAt += 1
      version = names.version(VersionStamp(microseconds: writtenAt))
    }
    // A manifest that was put into place by a run that was ended is not that of the old file.
    if let old = try manifest, old.sha256 == sha256 {
      _ = try folder.link(names.manifest, to: ExportNames.manifest(of: version))
    }
    try folder.sync()
  }

  /// Removes all but the newest versions; step 5.
  func prune(keep: Int) throws(FileError) {
    var versions: [VersionStamp: [String]] = [:]
    for name in try folder.names() {
      if let stamp = names.stamp(of: name) { versions[stamp, default: []].append(name) }
    }
    // A manifest whose version is gone belongs to nothing.
    let whole = versions.filter { $0.value.contains(names.version($0.key)) }.keys.sorted()
    let kept = Set(whole.suffix(keep))
    for (stamp, files) in versions.sorted(by: { $0.key < $1.key }) where !kept.contains(stamp) {
      for file in files.sorted() { try folder.remove(file) }
    }
  }
}

extension ExportFolder {
  /// Writes a new file and makes it durable.
  func write(_ bytes: [UInt8], to name: String, writtenAt: Int64? = nil, mode: mode_t? = nil) throws(FileError) {
    let file = try create(name)
    try file.write(bytes, to: name)
    try file.finish(name, writtenAt: writtenAt, mode: mode)
  }

  /// Makes a file durable that has been written.
  func finish(_ name: String, writtenAt: Int64, mode: mode_t?) throws(FileError) {
    guard let file = try open(name) else { throw FileError("cannot write \(name)", code: ENOENT) }
    try file.finish(name, writtenAt: writtenAt, mode: mode)
  }
}

extension OwnedDescriptor {
  fileprivate func finish(_ name: String, writtenAt: Int64?, mode: mode_t?) throws(FileError) {
    if let mode, fchmod(number, mode & 0o777) != 0 { throw FileError("cannot set the mode of \(name)") }
    if let writtenAt {
      let time = timespec(tv_sec: Int(writtenAt / 1_000_000), tv_nsec: Int(writtenAt % 1_000_000 * 1000))
      if futimens(number, [time, time]) != 0 { throw FileError("cannot set the time of \(name)") }
    }
    if fsync(number) != 0 { throw FileError("cannot write \(name)") }
  }
}
