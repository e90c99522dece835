internal import CLinux
internal import Glibc
internal import Synchronization

/// What the task that uses a process and the thread that looks after it share.
final class ProcessState: Sendable {
  /// So much is held of either stream: of input so that the program does not wait for its caller, of output until the
  /// caller takes it.
  static let bufferSize = 256 << 10

  struct Values {
    var input = PendingInput()
    /// The caller has no more.
    var isInputClosed = false
    /// The program closed its end, or its end was found.
    var isInputOver = false
    var output: [UInt8] = []
    var stop: ProcessEnd.Stop?
    var end: ProcessEnd?
    var waiter: CheckedContinuation<PluginProcess.Event, Never>?
    /// Wakes the thread; -1 when there is none any more.
    var wakeDescriptor: Int32 = -1

    var wantsInput: Bool { !isInputClosed && !isInputOver && stop == nil && input.count < bufferSize / 4 }
    var isOutputFull: Bool { output.count >= bufferSize }
    /// The program cannot be blamed for time that passes now.
    var isWaitingForCaller: Bool {
      isOutputFull || (input.isEmpty && !isInputClosed && !isInputOver)
    }

    /// The next event for the caller, taken out.
    fileprivate mutating func takeEvent() -> PluginProcess.Event? {
      if stop == nil, !output.isEmpty {
        defer { output = [] }
        return .output(output)
      }
      if let end { return .ended(end) }
      return wantsInput ? .inputWanted : nil
    }
  }

  private let values = Mutex(Values())

  init(limits: PluginLimits) {
    values.withLock { $0.wakeDescriptor = linux_eventfd() }
  }

  /// Reads and changes the values, resumes the caller if there is something for it, and gives what `body` gives.
  @discardableResult
  func update<Result>(_ body: (inout Values) -> sending Result) -> sending Result {
    values.withLock { values in
      let result = body(&values)
      if values.waiter != nil, let event = values.takeEvent() {
        values.waiter?.resume(returning: event)
        values.waiter = nil
      }
      return result
    }
  }

  func await(_ continuation: CheckedContinuation<PluginProcess.Event, Never>) {
    update { values in
      values.waiter = continuation
      // Output that was taken makes room.
      values.wake()
    }
  }

  func write(_ bytes: [UInt8]) {
    update { values in
      if values.isInputClosed || values.isInputOver { return }
      values.input.append(bytes)
      values.wake()
    }
  }

  func closeInput() {
    update { values in
      values.isInputClosed = true
      values.wake()
    }
  }

  func stop(_ reason: ProcessEnd.Stop) {
    update { values in
      guard values.stop == nil, values.end == nil else { return }
      values.stop = reason
      values.wake()
    }
  }
}

extension ProcessState.Values {
  fileprivate func wake() {
    var one: UInt64 = 1
    if wakeDescriptor >= 0 { _ = Glibc.write(wakeDescriptor, &one, MemoryLayout.size(ofValue: one)) }
  }
}

/// Bytes that wait to be written. What was written goes when more comes, so that nothing is moved for each write.
struct PendingInput {
  private var bytes: [UInt8] = []
  private var writtenCount = 0

  var count: Int { bytes.count - writtenCount }
  var isEmpty: Bool { count == 0 }

  mutating func append(_ more: [UInt8]) {
    bytes.removeFirst(writtenCount)
    writtenCount = 0
    bytes += more
  }

  /// Gives the waiting bytes to `write`, which says how many of them it took, or a negative number for a failure.
  mutating func write(_ write: (UnsafeRawBufferPointer) -> Int) -> Int {
    let count = bytes[writtenCount...].withUnsafeBytes(write)
    if count > 0 { writtenCount += count }
    return count
  }
}
