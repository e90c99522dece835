internal import Base
internal import PluginLaunch

/// One run of a plugin on behalf of a request: input goes in when it is wanted, output comes out.
final class PluginRun {
  private let manifest: ExternalManifest
  private let host: PluginHost
  private let process: PluginProcess
  /// Set when it has ended as it should.
  private var isOver = false

  /// Starts the plugin when it is its turn.
  init(_ manifest: ExternalManifest, on host: PluginHost, arguments: [String] = []) async throws {
    self.manifest = manifest
    self.host = host
    process = try await host.start(manifest, arguments: arguments)
  }

  /// The next output; nil when the plugin has ended as it should. Meanwhile `input` is asked for more, nil at its end.
  ///
  /// - Throws: `PluginFailure`, `CancellationError`, or what `input` throws.
  func output(from input: () async throws -> [UInt8]?) async throws -> [UInt8]? {
    while let event = try await next() {
      switch event {
      case .output(let bytes): return bytes
      case .inputWanted:
        if let bytes = try await input() { process.write(bytes) } else { process.closeInput() }
      case .ended: return nil
      }
    }
    return nil
  }

  /// Gives the plugin input and takes what it writes, until it wants more.
  func write(_ input: [UInt8], output: inout [UInt8]) async throws {
    process.write(input)
    while let event = try await next() {
      switch event {
      case .output(let bytes): output += bytes
      case .inputWanted, .ended: return
      }
    }
  }

  private func next() async throws -> PluginProcess.Event? {
    if isOver { return nil }
    let event = await process.next()
    guard case .ended(let end) = event else { return event }
    host.record(end.isolation, of: manifest.name.value)
    if end.stop == .cancelled { throw CancellationError() }
    if let failure = manifest.failure(end) {
      host.record(failure, of: manifest.name.value)
      throw failure
    }
    isOver = true
    return nil
  }

  /// To be called when all output was found right.
  func succeed() {
    host.recordSuccess(of: manifest.name.value)
  }

  /// Ends a plugin whose output is of no use; the failure to throw, with what it wrote to standard error.
  func refuse(_ message: String) async -> PluginFailure {
    process.stop(.refused)
    var standardError = ""
    waiting: while true {
      if case .ended(let end) = await process.next() {
        host.record(end.isolation, of: manifest.name.value)
        standardError = end.standardError
        break waiting
      }
    }
    let failure = manifest.failure(message, standardError: standardError)
    host.record(failure, of: manifest.name.value)
    return failure
  }
}
