import CLinux
import Foundation
import Synchronization
import TestSupport
import Testing

/// The filter of system calls by itself, in each reach that it is made for: which one a plugin gets depends on the kernel.
@Suite(.blocking, .timeLimit(.minutes(10))) struct ConfinementTests {
  private struct Attempts: Sendable, Equatable {
    var socket: Int32 = 0
    var signalToOne: Int32 = 0
    var signalToThread: Int32 = 0
    var signalToOtherGroup: Int32 = 0
    var signalToAll: Int32 = 0
    var signalToOwnGroup: Int32 = 0
    var raise: Int32 = 0
    var signalToItself: Int32 = 0
    var tracing: Int32 = 0
    /// Of a process, PRIO_PROCESS.
    var priority: Int32 = 0
    var limitsOfHost: Int32 = 0
    var ownLimits: Int32 = 0
  }

  // What glibc shows to those alone who ask for more than POSIX.
  private typealias ThreadSignal = @convention(c) (Int32, Int32, Int32) -> Int32
  private typealias Limits = @convention(c) (Int32, Int32, UnsafeRawPointer?, UnsafeMutableRawPointer?) -> Int32
  private typealias MemoryRead = @convention(c) (Int32, UnsafeRawPointer?, UInt, UnsafeRawPointer?, UInt, UInt) -> Int

  private static func function<Type>(_ name: String, as type: Type.Type) throws -> Type {
    unsafeBitCast(try #require(dlsym(nil, name)), to: type)
  }

  private static func errorNumber(_ result: Int) -> Int32 { result == -1 ? errno : 0 }

  /// What the calls give in a thread that has the filter. No signal is sent: number 0 only asks for leave.
  private func attempts(_ reach: linux_reach) async throws -> Attempts {
    let tgkill = try Self.function("tgkill", as: ThreadSignal.self)
    let prlimit = try Self.function("prlimit", as: Limits.self)
    let processRead = try Self.function("process_vm_readv", as: MemoryRead.self)
    // A process of ours, which we could signal and hold up without the filter, whoever started us.
    let other = Process()
    other.executableURL = URL(fileURLWithPath: "/bin/sleep")
    other.arguments = ["1000"]
    // Whoever waits for the end of our output does not wait for it.
    other.standardOutput = FileHandle.nullDevice
    other.standardError = FileHandle.nullDevice
    try other.run()
    defer { kill(other.processIdentifier, SIGKILL) }
    let host = other.processIdentifier
    let hostGroup = getpgid(host)
    var confinement = linux_confinement()
    confinement.reach = reach
    confinement.itself = getpid()
    return try await inThread(confinement) {
      var attempts = Attempts()
      attempts.socket = Self.errorNumber(Int(socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)))
      attempts.signalToOne = Self.errorNumber(Int(kill(host, 0)))
      attempts.signalToThread = Self.errorNumber(Int(tgkill(host, host, 0)))
      attempts.signalToOtherGroup = Self.errorNumber(Int(kill(-hostGroup, 0)))
      attempts.signalToAll = Self.errorNumber(Int(kill(-1, 0)))
      attempts.signalToOwnGroup = Self.errorNumber(Int(kill(0, 0)))
      attempts.raise = Self.errorNumber(Int(tgkill(getpid(), getpid(), 0)))
      attempts.signalToItself = Self.errorNumber(Int(kill(getpid(), 0)))
      attempts.tracing = Self.errorNumber(processRead(host, nil, 0, nil, 0, 0))
      attempts.priority = Self.errorNumber(Int(setpriority(0, id_t(host), getpriority(0, id_t(host)))))
      attempts.limitsOfHost = Self.errorNumber(Int(prlimit(host, 7, nil, nil)))
      attempts.ownLimits = Self.errorNumber(Int(prlimit(0, 7, nil, nil)))
      return attempts
    }
  }

  /// What `body` gives in a thread that has the filter.
  private func inThread<Result: Sendable>(
    _ confinement: linux_confinement, _ body: @escaping @Sendable () -> Result
  ) async throws -> Result {
    let result = Mutex<Result?>(nil)
    let isDone = DispatchSemaphore(value: 0)
    Thread {
      _ = linux_prctl(PR_SET_NO_NEW_PRIVS, 1, 0)
      if linux_refuse_calls(confinement) == 0 { result.withLock { $0 = body() } }
      // It resumes nobody: a thread that came of that would have the filter too.
      isDone.signal()
    }.start()
    await withCheckedContinuation { continuation in
      Thread {
        isDone.wait()
        continuation.resume()
      }.start()
    }
    return try #require(result.withLock { $0 })
  }

  /// Landlock before its third version has no rule for cutting a file.
  @Test func whereLandlockIsOldNoFileIsCut() async throws {
    let folder = try TemporaryFolder()
    try folder.write("text", to: "file", mode: 0o666)
    let path = "\(folder.path)/file"
    var confinement = linux_confinement()
    confinement.reach = LINUX_REACH_NONE
    confinement.can_cut = 1
    // The last is for neither reading nor writing, which Landlock takes for no access at all.
    let modes = [O_RDONLY, O_ACCMODE]
    let results = try await inThread(confinement) {
      modes.map { Self.errorNumber(Int(open(path, $0 | O_TRUNC))) } + [Self.errorNumber(Int(truncate(path, 0)))]
    }
    #expect(results == [EACCES, EACCES, EACCES])
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "text")
  }

  @Test func whoIsNotApartCanNeitherSignalNorHoldUpOthers() async throws {
    let free = Attempts(socket: EACCES)
    #expect(try await attempts(LINUX_REACH_NONE) == free)
    let withoutSignals = Attempts(socket: EACCES, tracing: EPERM, priority: EPERM, limitsOfHost: EPERM)
    #expect(try await attempts(LINUX_REACH_PROCESSES_WITHOUT_SIGNALS) == withoutSignals)
    #expect(
      try await attempts(LINUX_REACH_PROCESSES)
        == Attempts(
          socket: EACCES, signalToOne: EPERM, signalToThread: EPERM, signalToOtherGroup: EPERM, signalToAll: EPERM,
          tracing: EPERM, priority: EPERM, limitsOfHost: EPERM))
  }
}
