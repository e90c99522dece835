// Some of the types of Glibc are seen through this module when all files are compiled together.
internal import CLinux
internal import Glibc
internal import PluginLaunch
internal import Posix

/// Moves bytes between a process and its caller, and holds it to its limits.
struct ProcessLoop {
  private let process: Spawned
  private let state: ProcessState
  private let limits: PluginLimits
  private var input: Int32?
  private var output: Int32?
  private var standardError: Int32?
  private var outputCount = 0
  private var standardErrorCount = 0
  private var standardErrorTail: [UInt8] = []
  private var reports: [UInt8] = []
  private var known = ProcessEnd()
  /// Nanoseconds in which the program was at work.
  private var workedTime: Int64 = 0
  /// Those of them in which it waited for cores that others used, as far as is known.
  private var waitedTime: Int64 = 0
  /// When to think that the supervisor, who has been asked how long that was, has no answer.
  private var answerTime: Int64?
  /// When to kill the supervisor too; set when it has been told to stop.
  private var lastResort: Int64?

  /// So much of standard error is shown.
  static let standardErrorTailSize = 8 << 10
  init(_ process: Spawned, state: ProcessState, limits: PluginLimits) {
    self.process = process
    self.state = state
    self.limits = limits
    input = process.input
    output = process.output
    standardError = process.standardError
  }

  /// Returns when everything below the process is gone and it has nothing left to do: `reap` is to follow.
  mutating func run() -> ProcessEnd {
    while step() {}
    // What stands in the pipes still counts.
    while readOutput() {}
    while readStandardError() {}
    for descriptor in [input, output, standardError, process.report] { if let descriptor { close(descriptor) } }
    return end()
  }

  /// Waits until the process itself is gone. The kernel may take longer for its namespaces than for all else.
  func reap() {
    while waitpid(process.pid, nil, 0) < 0, errno == EINTR {}
  }

  /// How long the supervisor may take to end everything below it, in nanoseconds. It answers at once unless the machine
  /// is busy. Where there is no namespace that ends with it, what it has not found yet would outlive it.
  private var supervisorPatience: Int64 {
    known.isolation?.contains(.processes) == true ? 1_000_000_000 : 10_000_000_000
  }

  /// What to wait for, as of now.
  private struct Wish {
    var wakeDescriptor: Int32
    var hasInput: Bool
    var closesInput: Bool
    var readsOutput: Bool
    var isAtWork: Bool
    var isStopped: Bool
  }

  /// Waits for something and acts on it. False when the supervisor is gone.
  private mutating func step() -> Bool {
    let start = monotonicNanoseconds()
    let wish = state.update { values in
      Wish(
        wakeDescriptor: values.wakeDescriptor, hasInput: !values.input.isEmpty,
        closesInput: values.isInputClosed && values.input.isEmpty,
        readsOutput: !values.isOutputFull || values.stop != nil, isAtWork: !values.isWaitingForCaller,
        isStopped: values.stop != nil)
    }
    if wish.closesInput || wish.isStopped { closeInput() }
    if wish.isStopped, lastResort == nil {
      kill(process.pid, SIGTERM)
      lastResort = monotonicNanoseconds() + supervisorPatience
    }

    var requests = [
      pollfd(fd: wish.wakeDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: process.report, events: Int16(POLLIN), revents: 0),
      pollfd(fd: standardError ?? -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: wish.readsOutput ? output ?? -1 : -1, events: Int16(POLLIN), revents: 0),
      // Without a wish to write, it still tells when the program has closed its end.
      pollfd(fd: input ?? -1, events: wish.hasInput ? Int16(POLLOUT) : 0, revents: 0),
    ]
    let count = poll(&requests, nfds_t(requests.count), timeout(wish, at: start))
    if count > 0 {
      if requests[0].revents != 0 { drainWakeUps(wish.wakeDescriptor) }
      if requests[4].revents != 0 { writeInput() }
      if requests[3].revents != 0 { _ = readOutput() }
      if requests[2].revents != 0 { _ = readStandardError() }
      if requests[1].revents != 0, !readReport() { return false }
    }
    if wish.isAtWork, !wish.isStopped { workedTime += monotonicNanoseconds() - start }
    // Once: to be stopped wakes this thread, which would be at it again until the process is gone.
    if !wish.isStopped, remainingTime <= 0, isTimeUp() { state.stop(.timeLimit) }
    if let time = lastResort, case let now = monotonicNanoseconds(), now >= time {
      kill(-process.pid, SIGKILL)
      kill(process.pid, SIGKILL)
      lastResort = now + 100_000_000
    }
    return true
  }

  /// In milliseconds, rounded up; -1 for none.
  private func timeout(_ wish: Wish, at time: Int64) -> Int32 {
    let remaining: Int64
    if let lastResort {
      remaining = lastResort - time
    } else if wish.isAtWork {
      remaining = answerTime.map { $0 - time } ?? remainingTime
    } else {
      return -1
    }
    return Int32(clamping: max(0, (remaining + 999_999) / 1_000_000))
  }

  private var timeLimit: Int64 { Int64(limits.time / .nanoseconds(1)) }

  /// How long the program may still be at work, in nanoseconds.
  private var remainingTime: Int64 { timeLimit - (workedTime - waitedTime) }

  /// It gives way to all others, so that it may have had next to nothing of the cores; for that it is not to blame.
  ///
  /// Asks the supervisor, whose answer `takeUse` takes, and is true when there is none for long.
  private mutating func isTimeUp() -> Bool {
    guard let answerTime else {
      kill(process.pid, SIGUSR1)
      answerTime = monotonicNanoseconds() + 100_000_000
      return false
    }
    return monotonicNanoseconds() >= answerTime
  }

  /// Takes from the time at work what the program waited for cores. What its own processes used meanwhile, it kept from
  /// itself. Whoever has next to nothing left then is not asked about again, nor is who has taken ten times his limit.
  private mutating func takeUse(cores: Int64, waited: Int64) {
    answerTime = nil
    waitedTime = workedTime - max(workedTime - waited, min(cores, workedTime))
    if remainingTime < timeLimit / 100 || workedTime >= 10 * timeLimit { state.stop(.timeLimit) }
  }

  private func drainWakeUps(_ descriptor: Int32) {
    var count: UInt64 = 0
    _ = read(descriptor, &count, MemoryLayout.size(ofValue: count))
  }

  private mutating func closeInput() {
    if let input { close(input) }
    input = nil
    state.update { $0.isInputOver = true }
  }

  private mutating func writeInput() {
    guard let input else { return }
    let isOver = state.update { values in
      while !values.input.isEmpty {
        if values.input.write({ write(input, $0.baseAddress, $0.count) }) >= 0 { continue }
        if errno == EAGAIN { return false }
        if errno != EINTR { return true }
      }
      var request = pollfd(fd: input, events: 0, revents: 0)
      return poll(&request, 1, 0) > 0
    }
    if isOver { closeInput() }
  }

  /// Reads once; false when there is nothing to read.
  private mutating func readOutput() -> Bool {
    guard let descriptor = output, let bytes = readBytes(&output, from: descriptor) else { return false }
    outputCount += bytes.count
    if outputCount > limits.output {
      state.stop(.outputLimit)
    } else {
      state.update { if $0.stop == nil { $0.output += bytes } }
    }
    return true
  }

  private mutating func readStandardError() -> Bool {
    guard let descriptor = standardError, let bytes = readBytes(&standardError, from: descriptor) else { return false }
    standardErrorCount += bytes.count
    standardErrorTail += bytes
    standardErrorTail.removeFirst(max(0, standardErrorTail.count - Self.standardErrorTailSize))
    if standardErrorCount > limits.standardError { state.stop(.standardErrorLimit) }
    return true
  }

  /// Some bytes; nil when there are none now, or at the end, which closes the descriptor.
  private func readBytes(_ slot: inout Int32?, from descriptor: Int32) -> [UInt8]? {
    var end = false
    let bytes = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
      let result = read(descriptor, buffer.baseAddress, buffer.count)
      count = max(0, result)
      end = result == 0 || (result < 0 && errno != EAGAIN && errno != EINTR)
    }
    if end {
      close(descriptor)
      slot = nil
    }
    return bytes.isEmpty ? nil : bytes
  }

  /// False at the end, when the supervisor is gone.
  private mutating func readReport() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 4096)
    let count = read(process.report, &chunk, chunk.count)
    guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
    reports += chunk[..<count]
    while let end = reports.firstIndex(of: UInt8(ascii: "\n")) {
      if let report = LaunchReport(line: String(decoding: reports[..<end], as: UTF8.self)) { take(report) }
      reports.removeFirst(end + 1)
    }
    return true
  }

  private mutating func take(_ report: LaunchReport) {
    switch report {
    case .isolation(let isolation): known.isolation = isolation
    case .failed(let step, let code): known.failure = (step, code)
    case .counted(let processes): known.processCount = Int(processes)
    case .used(let cores, let waited): takeUse(cores: Int64(cores) * 1_000_000, waited: Int64(waited) * 1_000_000)
    case .ended(let status): known.status = status
    }
  }

  private func end() -> ProcessEnd {
    var end = known
    // U+0000 can be in no text that is sent or kept.
    let text = standardErrorTail.flatMap { $0 == 0 ? Array("\u{FFFD}".utf8) : [$0] }
    end.standardError = String(decoding: text, as: UTF8.self)
    return end
  }
}
