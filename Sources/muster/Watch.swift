import Base
import Glibc
import Posix
import Synchronization

/// What goes on beside the one thing that the program does: it shows on a terminal that it waits for more than a
/// second, and removes a temporary file when a signal ends the program.
///
/// A thread waits for the signals, which all others block, so that cleaning up may do what a signal handler may not.
final class Watch: Sendable {
  private struct State {
    /// What is waited for; nil when nothing is to be shown.
    var task: String?
    var startedAt = ContinuousClock.now
    var shownLine = ""
    var receivedByteCount = 0
    /// Says of a musterd that does not come to what it was asked where that one is; nil for none.
    var unread: (@Sendable () -> String?)?
    /// Removes the temporary file; nil when there is none.
    var removal: (@Sendable () -> Void)?
    var thread: pthread_t?
  }

  /// Whether there is a terminal to show anything on.
  let isShown = isatty(STDERR_FILENO) == 1 && !Terminal.isDumb
  private let state = Mutex(State())

  /// From now on this is waited for.
  func begin(_ task: String) {
    if !isShown { return }
    state.withLock {
      // Who has waited for a second already sees at once what comes next.
      let isGoingOn = !$0.shownLine.isEmpty
      ($0.task, $0.startedAt, $0.receivedByteCount) = (printable(task), .now, 0)
      if isGoingOn { show(&$0) }
      if let thread = $0.thread { pthread_kill(thread, Self.wakingSignal) } else { startThread(&$0) }
    }
  }

  /// From now on that tells whether musterd has not come to what it was asked, and where that one is.
  func asks(_ unread: @escaping @Sendable () -> String?) {
    state.withLock { $0.unread = unread }
  }

  /// So many bytes of the result have come.
  func received(byteCount: Int) {
    state.withLock { $0.receivedByteCount += byteCount }
  }

  /// Removes the line about waiting, and shows none any more.
  func endProgress() {
    state.withLock {
      eraseLine(&$0)
      $0.task = nil
    }
  }

  /// Removes the line about waiting until there is something new to say in it.
  func eraseProgress() {
    state.withLock { eraseLine(&$0) }
  }

  /// Creates a temporary file, and removes it when a signal ends the program.
  ///
  /// - Parameter create: gives what removes it, too; nil if nothing is to be removed.
  func createTemporary<File: Sendable, Failure: Error>(
    _ create: () throws(Failure) -> (File, removal: (@Sendable () -> Void)?)
  ) throws(Failure) -> File {
    try state.withLock { state throws(Failure) in
      startThread(&state)
      let (file, removal) = try create()
      state.removal = removal
      return file
    }
  }

  /// Gives the temporary file its final name, as `rename` does it.
  func renameTemporary<Failure: Error>(_ rename: () throws(Failure) -> Void) throws(Failure) {
    try state.withLock { state throws(Failure) in
      try rename()
      state.removal = nil
    }
  }

  /// Does what no signal is to end halfway.
  func completing<Failure: Error>(_ body: () throws(Failure) -> Void) throws(Failure) {
    try state.withLock { _ throws(Failure) in try body() }
  }

  /// Removes the temporary file if it is still there.
  func removeTemporary() {
    state.withLock { removeTemporary(&$0) }
  }

  private func removeTemporary(_ state: inout State) {
    state.removal?()
    state.removal = nil
  }
}

extension Watch {
  /// After so many seconds it is worth knowing that musterd has not come to the call.
  private static let patience = 3

  /// Has the thread look again; by default it does nothing.
  private static var wakingSignal: Int32 { SIGURG }

  /// The signals that end the program, but those that whoever started it wants ignored, as nohup(1) does.
  private static func endingSignals() -> sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGHUP, SIGINT, SIGTERM] {
      var action = sigaction()
      sigaction(signal, nil, &action)
      if unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) != unsafeBitCast(SIG_IGN, to: Int.self) {
        sigaddset(&signals, signal)
      }
    }
    return signals
  }

  private static func awaitedSignals() -> sigset_t {
    var signals = endingSignals()
    sigaddset(&signals, wakingSignal)
    return signals
  }

  private func startThread(_ state: inout State) {
    if state.thread != nil { return }
    var signals = Self.awaitedSignals()
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self)
    let code = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Watch>.fromOpaque(context).takeRetainedValue().watch() }
        return nil
      }, context.toOpaque())
    if code == 0 {
      pthread_detach(thread)
      state.thread = thread
    } else {
      // Signals then end the program as they do by default, at the price of a temporary file left behind.
      context.release()
      pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }
  }

  private func watch() {
    var signals = Self.awaitedSignals()
    while true {
      var pause = timespec(tv_sec: 0, tv_nsec: 250_000_000)
      let signal =
        state.withLock { $0.task != nil } ? sigtimedwait(&signals, nil, &pause) : sigwaitinfo(&signals, nil)
      if signal > 0, signal != Self.wakingSignal { end(by: signal) }
      state.withLock { showProgress(&$0) }
    }
  }

  /// Ends the program as the signal does by default, so that the shell sees what it was. The lock is never given back:
  /// nothing is to be renamed any more.
  private func end(by signal: Int32) {
    state.withLock {
      removeTemporary(&$0)
      eraseLine(&$0)
      Glibc.signal(signal, SIG_DFL)
      var signals = sigset_t()
      sigemptyset(&signals)
      sigaddset(&signals, signal)
      pthread_sigmask(SIG_UNBLOCK, &signals, nil)
      kill(getpid(), signal)
      // Whoever blocked the signal before we were started gets this.
      _exit(128 + signal)
    }
  }

  private func showProgress(_ state: inout State) {
    if state.startedAt.duration(to: .now) >= .seconds(1) { show(&state) }
  }

  private func show(_ state: inout State) {
    // In the background the terminal belongs to others.
    guard let task = state.task, tcgetpgrp(STDERR_FILENO) == getpgrp() else { return }
    let seconds = state.startedAt.duration(to: .now).components.seconds
    let size = state.receivedByteCount > 0 ? ", \(sizeText(bytes: Int64(state.receivedByteCount)))" : ""
    let rest = " … \(seconds) s\(size)"
    // A line that is broken could not be removed any more.
    let width = (Terminal(descriptor: STDERR_FILENO).width ?? 80) - 1 - TerminalText.width(of: rest)
    var text = task
    if seconds >= Self.patience, let address = state.unread?() {
      // What to do first: the rest may be cut.
      text = printable("waiting for musterd, which starts or hangs (systemctl status musterd), at \(address)")
    }
    let line = TerminalText.cut(text, to: max(0, width)) + rest
    if line == state.shownLine { return }
    try? writeAll(Array("\r\u{1B}[K\(line)".utf8), to: STDERR_FILENO)
    state.shownLine = line
  }

  private func eraseLine(_ state: inout State) {
    if state.shownLine.isEmpty { return }
    try? writeAll(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO)
    state.shownLine = ""
  }
}
