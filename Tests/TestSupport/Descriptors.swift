internal import Glibc
internal import Synchronization

/// Keeps programs from being started while descriptors are made that they must not inherit.
public func withoutSpawning<Result>(_ body: () -> Result) -> Result { spawning.withLock { _ in body() } }

private let spawning = Mutex(())

/// The same descriptor, which programs that are started do not inherit.
public func closingOnExec(_ descriptor: Int32) -> Int32 {
  _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  return descriptor
}

/// The two ends of a pipe, which programs that are started do not inherit.
public func makePipe() throws -> (read: Int32, write: Int32) {
  var pipe: [Int32] = [-1, -1]
  let code = withoutSpawning {
    defer { for descriptor in pipe { _ = closingOnExec(descriptor) } }
    return Glibc.pipe(&pipe)
  }
  if code != 0 { throw TestFailure("no pipe") }
  return (pipe[0], pipe[1])
}
