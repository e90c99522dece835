internal import PluginLaunch

/// One run of a plugin's program, as its caller sees it. Used by one task at a time. Letting go of it ends the program.
final class PluginProcess: Sendable {
  enum Event: Sendable {
    /// What the program wrote, in order; never empty.
    case output([UInt8])
    /// The program has read nearly all that it was given: `write` more, or `closeInput`.
    case inputWanted
    /// It ended and everything of it is gone. Comes after all output, and again whenever it is asked for.
    case ended(ProcessEnd)
  }

  private let state: ProcessState

  /// Starts the program. A failure to start it is its end.
  init(
    launcher: LauncherProgram?, command: [String], limits: PluginLimits, permit: Permit?, trace: ProcessTraces.Trace
  ) {
    state = ProcessState(limits: limits)
    ProcessThread.start(state, launcher: launcher, command: command, limits: limits, permit: permit, trace: trace)
  }

  deinit {
    state.stop(.abandoned)
  }

  /// What happens next. When the task is cancelled, the program is killed and its end comes within milliseconds.
  func next() async -> Event {
    await withTaskCancellationHandler {
      await withCheckedContinuation { state.await($0) }
    } onCancel: {
      state.stop(.cancelled)
    }
  }

  /// Takes bytes for the program's standard input; they are dropped once it does not read any more.
  func write(_ bytes: [UInt8]) { state.write(bytes) }

  /// Lets the program find the end of its standard input.
  func closeInput() { state.closeInput() }

  /// Kills the program; its end comes within milliseconds.
  func stop(_ reason: ProcessEnd.Stop) { state.stop(reason) }
}

/// How a program ended.
struct ProcessEnd: Sendable {
  /// Why it was killed.
  enum Stop: Hashable, Sendable {
    case timeLimit
    case outputLimit
    case standardErrorLimit
    /// What it wrote is of no use.
    case refused
    case cancelled
    case abandoned
  }

  /// Nil when it ended by itself. The first reason stands.
  var stop: Stop?
  /// What could not be done to start it, and the error number.
  var failure: (step: String, code: Int32)?
  /// Of waitpid(2); nil when it was killed or not started.
  var status: Int32?
  /// How many processes and threads it had, if more than its limit, so that it was killed.
  var processCount: Int?
  /// The last bytes of its standard error, as text.
  var standardError = ""
  /// Nil when it did not come so far.
  var isolation: Isolation?
}
