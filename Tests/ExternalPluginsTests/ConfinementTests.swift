import CLinux
import Foundation
import Testing

/// The filter of system calls by itself, in each reach that it is made for: which one a plugin gets depends on the kernel.
@Suite struct ConfinementTests {
  private struct Attempts: Sendable, Equatable {
    var socket: Int32 = 0
    var signalToOne: Int32 = 0
    var signalToThread: Int32 = 0
    var signalToHostGroup: Int32 = 0
    var signalToAll: Int32 = 0
    var signalToOwnGroup: Int32 = 0
    var raise: Int32 = 0
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

  /// The filter holds for one thread, which ends with the attempts. No signal is sent: number 0 only asks for leave.
  private func attempts(_ reach: linux_reach) async throws -> Attempts {
    let tgkill = try Self.function("tgkill", as: ThreadSignal.self)
    let prlimit = try Self.function("prlimit", as: Limits.self)
    let processRead = try Self.function("process_vm_readv", as: MemoryRead.self)
    let host = getppid()
    let hostGroup = getpgid(host)
    return try await withCheckedThrowingContinuation { continuation in
      Thread {
        _ = linux_prctl(PR_SET_NO_NEW_PRIVS, 1, 0)
        guard linux_refuse_calls(reach, host, host, hostGroup) == 0 else {
          continuation.resume(throwing: POSIXError(.init(rawValue: errno) ?? .EPERM))
          return
        }
        var result = Attempts()
        result.socket = Self.errorNumber(Int(socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)))
        result.signalToOne = Self.errorNumber(Int(kill(host, 0)))
        result.signalToThread = Self.errorNumber(Int(tgkill(host, host, 0)))
        result.signalToHostGroup = Self.errorNumber(Int(kill(-hostGroup, 0)))
        result.signalToAll = Self.errorNumber(Int(kill(-1, 0)))
        result.signalToOwnGroup = Self.errorNumber(Int(kill(0, 0)))
        result.raise = Self.errorNumber(Int(tgkill(getpid(), getpid(), 0)))
        result.tracing = Self.errorNumber(processRead(host, nil, 0, nil, 0, 0))
        result.priority = Self.errorNumber(
          Int(setpriority(0, id_t(host), getpriority(0, id_t(host)))))
        result.limitsOfHost = Self.errorNumber(Int(prlimit(host, 7, nil, nil)))
        result.ownLimits = Self.errorNumber(Int(prlimit(0, 7, nil, nil)))
        continuation.resume(returning: result)
      }.start()
    }
  }

  @Test func whoIsNotApartCanNeitherSignalNorHoldUpOthers() async throws {
    let free = Attempts(socket: EACCES)
    #expect(try await attempts(LINUX_REACH_NONE) == free)
    let withoutSignals = Attempts(socket: EACCES, tracing: EPERM, priority: EPERM, limitsOfHost: EPERM)
    #expect(try await attempts(LINUX_REACH_PROCESSES_WITHOUT_SIGNALS) == withoutSignals)
    #expect(
      try await attempts(LINUX_REACH_PROCESSES)
        == Attempts(
          socket: EACCES, signalToOne: EPERM, signalToThread: EPERM, signalToHostGroup: EPERM, signalToAll: EPERM,
          tracing: EPERM, priority: EPERM, limitsOfHost: EPERM))
  }
}
