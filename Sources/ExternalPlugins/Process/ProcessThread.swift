internal import Glibc
internal import PluginLaunch
internal import Posix

/// The thread that looks after one process from its start until nothing of it is left.
///
/// It lives as long as the process: a thread of its own can wait exactly, and one plugin cannot hold up another.
enum ProcessThread {
  private final class Context {
    let state: ProcessState
    let launcher: LauncherProgram?
    let command: [String]
    let limits: PluginLimits
    var permit: Permit?
    let trace: ProcessTraces.Trace

    init(
      _ state: ProcessState, launcher: LauncherProgram?, command: [String], limits: PluginLimits, permit: Permit?,
      trace: ProcessTraces.Trace
    ) {
      self.state = state
      self.launcher = launcher
      self.command = command
      self.limits = limits
      self.permit = permit
      self.trace = trace
    }
  }

  /// - Parameter trace: is kept until nothing of the process is left.
  static func start(
    _ state: ProcessState, launcher: LauncherProgram?, command: [String], limits: PluginLimits, permit: Permit?,
    trace: ProcessTraces.Trace
  ) {
    // Without it nobody could stop the program, nor give it anything.
    if state.update({ $0.wakeDescriptor }) < 0 {
      state.finish(ProcessEnd(failure: (step: "wait for the plugin", code: EMFILE)))
      return
    }
    let context = Context(
      state, launcher: launcher, command: command, limits: limits, permit: permit, trace: trace)
    let reference = Unmanaged.passRetained(context)
    var thread = pthread_t()
    let code = pthread_create(&thread, nil, { runProcessThread($0) }, reference.toOpaque())
    if code == 0 {
      pthread_detach(thread)
    } else {
      reference.release()
      state.finish(ProcessEnd(failure: (step: "start a thread", code: code)))
    }
  }

  /// Small enough that a plugin which is to end does so at once on a busy machine, too.
  private static let niceness: Int32 = 5

  fileprivate static func run(_ reference: UnsafeMutableRawPointer) {
    let context = Unmanaged<Context>.fromOpaque(reference).takeRetainedValue()
    // Signals are for other threads; a write to a program that is gone is noticed by its error.
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, nil)
    // This thread alone, and the launcher that it starts: whoever asks for something else goes first.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)

    do throws(SystemError) {
      guard let launcher = context.launcher else { throw SystemError("find muster-launcher", code: ENOENT) }
      let folder = try WorkingFolder()
      defer { folder.remove() }
      let limits = context.limits
      let order = LaunchOrder(
        folder: folder.path, parent: getpid(), memory: limits.memory, cpuTime: limits.cpuTime.wholeSeconds,
        processes: limits.processes, fileSize: limits.output, command: context.command)
      var loop = ProcessLoop(try Spawned(launcher: launcher, order: order), state: context.state, limits: limits)
      context.state.finish(loop.run())
      // Nobody has to wait for the rest.
      context.permit = nil
      loop.reap()
    } catch {
      context.state.finish(ProcessEnd(failure: (step: error.task, code: error.code)))
    }
  }
}

private func runProcessThread(_ reference: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let reference { ProcessThread.run(reference) }
  return nil
}

extension ProcessState {
  /// The last event. The descriptor by which the thread was woken goes with it.
  func finish(_ end: ProcessEnd) {
    update { values in
      var end = end
      end.stop = values.stop
      if values.wakeDescriptor >= 0 { close(values.wakeDescriptor) }
      values.wakeDescriptor = -1
      values.input = PendingInput()
      values.isInputOver = true
      values.end = end
    }
  }
}
