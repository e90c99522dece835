internal import Glibc

/// What the launcher tells the host on a descriptor of its own, a line each.
package enum LaunchReport: Hashable {
  case isolation(Isolation)
  /// The plugin could not be started: at that step, with that error number.
  case failed(step: String, code: Int32)
  /// So many processes and threads, more than its limit, were counted, and all of them killed.
  case counted(processes: Int32)
  /// All processes together have used cores for so many milliseconds, and the one that had to wait the longest for one has
  /// waited for so many. Told when the host asks by SIGUSR1.
  case used(cores: Int32, waited: Int32)
  /// The plugin's first process ended, with that status of waitpid(2).
  case ended(status: Int32)

  /// Where the launcher finds the descriptor.
  package static let descriptor: Int32 = 3

  package var line: String {
    switch self {
    case .isolation(let isolation): "isolation \(isolation.rawValue)"
    case .failed(let step, let code): "failed \(code) \(step)"
    case .counted(let processes): "counted \(processes)"
    case .used(let cores, let waited): "used \(cores) \(waited)"
    case .ended(let status): "ended \(status)"
    }
  }

  package init?(line: some StringProtocol) {
    let words = line.split(separator: " ", maxSplits: 2)
    guard words.count >= 2, let number = Int32(words[1]) else { return nil }
    switch words[0] {
    case "isolation": self = .isolation(Isolation(rawValue: Int(number)))
    case "failed" where words.count == 3: self = .failed(step: String(words[2]), code: number)
    case "counted": self = .counted(processes: number)
    case "used" where words.count == 3:
      guard let waited = Int32(words[2]) else { return nil }
      self = .used(cores: number, waited: waited)
    case "ended": self = .ended(status: number)
    default: return nil
    }
  }
}

extension LaunchReport {
  func send() {
    var text = line + "\n"
    // Far below PIPE_BUF, so that it is written whole or not at all.
    text.withUTF8 { _ = Glibc.write(Self.descriptor, $0.baseAddress, $0.count) }
  }
}
