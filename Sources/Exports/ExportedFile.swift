internal import Base
internal import Glibc
internal import Posix

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
  let folder: Folder
  let names: ExportNames

  init(_ file: String, in folder: Folder) {
    self.folder = folder
    names = ExportNames(file)
  }

  var manifest: ExportManifest? {
    get throws(SystemError) {
      try folder.contents(of: names.manifest, limit: ExportManifest.byteLimit).flatMap(ExportManifest.init(parsing:))
    }
  }

  /// Makes sure that nothing but regular files has the names that will be replaced.
  func checkNames() throws(SystemError) {
    for name in [names.file, names.manifest] {
      _ = try folder.status(of: name)
      try folder.refuseMountPoint(name)
    }
  }

  /// The new file, which nobody can read who cannot read the old one.
  func createNew() throws(SystemError) -> OwnedDescriptor {
    try folder.create(names.newFile, toReplace: folder.rights(of: names.file))
  }

  func removeLeftovers() throws(SystemError) {
    for name in [names.newFile, names.newManifest, names.newLastRun] { try folder.remove(name) }
  }

  /// The file and its manifest as they are.
  struct State: Sendable {
    /// In hexadecimal; nil when there is no file.
    var sha256: String?
    var manifest: ExportManifest?

    /// Whether the file is the one of that digest and its manifest says so.
    func isWhole(_ digest: String) -> Bool { sha256 == digest && manifest?.sha256 == digest }
  }

  /// Throws `SystemError`, or `CancellationError` when it is interrupted.
  func state(_ interruption: Interruption) throws -> State {
    State(sha256: try folder.digest(of: names.file, interruption), manifest: try manifest)
  }

  /// Puts the new file, which is written already, into the place of the old one: steps 1 to 4.
  ///
  /// - Parameters:
  ///   - state: of before.
  ///   - writtenAt: in microseconds since 1970; it becomes the file's own time.
  ///   - keepsOld: whether the old file is kept as a version.
  func install(
    _ manifest: ExportManifest, over state: State, writtenAt: Int64, keepsOld: Bool
  ) throws(SystemError) {
    var manifest = manifest
    let old = try folder.rights(of: names.file)
    manifest.writtenAt = UTC(microseconds: writtenAt).text(fractionDigits: 6)
    manifest.replaces = state.sha256
    try folder.finish(names.newFile, writtenAt: writtenAt, like: old)
    try folder.write(manifest.encoded, to: names.newManifest, writtenAt: writtenAt, like: old?.accessAlone)
    if keepsOld, let old, manifest.replaces != manifest.sha256 { try keepVersion(old.status, state) }
    try folder.rename(names.newManifest, to: names.manifest)
    try folder.sync()
    try folder.rename(names.newFile, to: names.file)
    try folder.sync()
  }

  /// Says anew what the file is, which stays as it is: another export may have the same content.
  func replaceManifest(_ manifest: ExportManifest, of state: State) throws(SystemError) {
    guard let rights = try folder.rights(of: names.file), let old = state.manifest else { return }
    var manifest = manifest
    (manifest.writtenAt, manifest.replaces) = (old.writtenAt, old.replaces)
    try folder.write(
      manifest.encoded, to: names.newManifest, writtenAt: rights.status.modifiedAt, like: rights.accessAlone)
    try folder.rename(names.newManifest, to: names.manifest)
    try folder.sync()
  }

  private func keepVersion(_ status: stat, _ state: State) throws(SystemError) {
    if status.st_mode & 0o7000 != 0 { try folder.open(names.file)?.dropSpecialBits() }
    var version = try keptVersion(of: status) ?? ""
    if version.isEmpty { version = try linkVersion(status) }
    // A manifest that was put into place by a run that was ended is not that of the old file.
    if let manifest = state.manifest, manifest.sha256 == state.sha256 {
      _ = try folder.link(names.manifest, to: ExportNames.manifest(of: version))
    }
    try folder.sync()
  }

  /// The version that a run which was ended has made of the file.
  private func keptVersion(of status: stat) throws(SystemError) -> String? {
    if status.st_nlink < 2 { return nil }
    for stamp in try versions().keys {
      let version = names.version(stamp)
      guard let other = try? folder.status(of: version) else { continue }
      if other.isSameFile(as: status) { return version }
    }
    return nil
  }

  /// Keeps the file under the time at which it was written, or behind all that are kept if a clock was wrong once.
  private func linkVersion(_ status: stat) throws(SystemError) -> String {
    let newest = try versions().keys.max()?.microseconds ?? -1
    // At the end of all times there is room before it alone. No name has a time before 1970.
    var writtenAt = min(max(status.modifiedAt, newest + 1, 0), VersionStamp.last)
    while true {
      let version = names.version(VersionStamp(microseconds: writtenAt))
      if try folder.link(names.file, to: version) { return version }
      writtenAt -= 1
    }
  }

  /// The names of versions and of their manifests by the versions' times.
  private func versions() throws(SystemError) -> [VersionStamp: [String]] {
    var versions: [VersionStamp: [String]] = [:]
    for name in try folder.names() {
      if let stamp = names.stamp(of: name) { versions[stamp, default: []].append(name) }
    }
    return versions
  }

  /// Removes all but the newest versions, and returns how many; step 5.
  func prune(keep: Int) throws(SystemError) -> Int {
    let versions = try versions()
    // A manifest whose version is gone belongs to nothing.
    let whole = versions.filter { $0.value.contains(names.version($0.key)) }.keys.sorted()
    let kept = Set(whole.suffix(keep))
    for (stamp, files) in versions.sorted(by: { $0.key < $1.key }) where !kept.contains(stamp) {
      for file in files.sorted() { try folder.remove(file) }
    }
    return whole.count - kept.count
  }
}

extension Folder {
  /// Writes a new file and makes it durable.
  ///
  /// - Parameter old: the file whose rights it gets.
  func write(_ bytes: [UInt8], to name: String, writtenAt: Int64? = nil, like old: FileRights? = nil)
    throws(SystemError)
  {
    let file = try create(name, toReplace: old)
    try file.write(bytes)
    try file.finish(writtenAt: writtenAt)
  }

  /// Makes a file durable that has been written.
  ///
  /// - Parameter old: what it is to replace, of which somebody may have changed the rights meanwhile.
  func finish(_ name: String, writtenAt: Int64, like old: FileRights?) throws(SystemError) {
    guard let file = try open(name) else { throw SystemError("write \(path)/\(name)", code: ENOENT) }
    if let old { try file.takeRights(of: old) }
    try file.finish(writtenAt: writtenAt)
  }
}
