import Glibc
import JSON
import TestSupport
import Testing
import Varlink
import VarlinkServer

@Suite(.blocking, .timeLimit(.minutes(10))) struct ListeningTests {
  private func status(_ path: String) -> stat? {
    var status = stat()
    return lstat(path, &status) == 0 ? status : nil
  }

  private func expectServed(_ address: Address) async throws {
    try await onThread { try Client(connectingTo: address).call("org.example.test.Echo") }
  }

  @Test func missingDirectoriesAreMadeAndTheSocketGetsItsMode() async throws {
    try await withFolder { folder in
      let path = "\(folder)/a/b/socket"
      let mask = umask(0o077)
      defer { umask(mask) }
      let server = makeServer([.address(.unix(path: path))], configure: { $0.socketMode = 0o660 })
      try await server.start()
      #expect(status("\(folder)/a").map { $0.st_mode & 0o7777 } == 0o755)
      #expect(status("\(folder)/a/b").map { $0.st_mode & 0o7777 } == 0o755)
      #expect(status(path)?.st_mode == S_IFSOCK | 0o660)
      try await expectServed(.unix(path: path))
      await server.shutdown(within: .zero)
      #expect(namesInFolder("\(folder)/a/b") == [])
      rmdir("\(folder)/a/b")
      rmdir("\(folder)/a")
    }
  }

  @Test func aStaleSocketIsReplaced() async throws {
    try await withFolder { folder in
      let path = "\(folder)/socket"
      let dead = try bindSocket(path)
      close(dead)
      let server = makeServer([.address(.unix(path: path))])
      try await server.start()
      try await expectServed(.unix(path: path))
      await server.shutdown(within: .zero)
    }
  }

  @Test func aSecondServerIsRefusedAndTheFirstUndisturbed() async throws {
    try await withServer { test in
      let second = makeServer([.address(.unix(path: test.path))])
      let error = await #expect(throws: ListenError.self) { try await second.start() }
      #expect(error?.description == "cannot listen on unix:\(test.path): another process serves it")
      try await expectServed(.unix(path: test.path))
    }
  }

  @Test func aSocketThatSomebodyElseServesIsLeftAlone() async throws {
    try await withFolder { folder in
      let path = "\(folder)/socket"
      let other = try bindSocket(path)
      defer { close(other) }
      listen(other, 0)
      let server = makeServer([.address(.unix(path: path))])
      let error = await #expect(throws: ListenError.self) { try await server.start() }
      #expect(error?.problem == .served)
      #expect(namesInFolder(folder) == ["socket"])
    }
  }

  @Test func ofServersThatStartAtTheSameTimeOneServes() async throws {
    try await withFolder { folder in
      let path = "\(folder)/socket"
      close(try bindSocket(path))
      let servers = (0..<8).map { _ in makeServer([.address(.unix(path: path))]) }
      let started = await withTaskGroup(of: Bool.self) { group in
        for server in servers {
          group.addTask { (try? await server.start()) != nil }
        }
        return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(started == 1)
      try await expectServed(.unix(path: path))
      for server in servers { await server.shutdown(within: .zero) }
      #expect(namesInFolder(folder) == [])
    }
  }

  @Test func aServerThatIsJustStartingHasTheSocketToItself() async throws {
    try await withFolder { folder in
      let path = "\(folder)/socket"
      close(try bindSocket(path))
      let lock = open("\(path).lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
      #expect(flock(lock, LOCK_EX) == 0)
      let server = makeServer([.address(.unix(path: path))])
      let error = await #expect(throws: ListenError.self) { try await server.start() }
      #expect(error?.problem == .served)
      #expect(namesInFolder(folder) == ["socket", "socket.lock"])
      close(lock)

      let next = makeServer([.address(.unix(path: path))])
      try await next.start()
      try await expectServed(.unix(path: path))
      await next.shutdown(within: .zero)
      #expect(namesInFolder(folder) == [])
    }
  }

  @Test func aFileThatIsNoSocketIsNeverRemoved() async throws {
    try await withFolder { folder in
      let path = "\(folder)/data"
      close(open(path, O_CREAT | O_WRONLY, 0o644))
      let server = makeServer([.address(.unix(path: path))])
      let error = await #expect(throws: ListenError.self) { try await server.start() }
      #expect(
        error?.description == "cannot listen on unix:\(path): there is a file that is no socket; it was left alone")
      #expect(namesInFolder(folder) == ["data"])
    }
  }

  @Test func theSocketOfASuccessorIsNotRemoved() async throws {
    try await withFolder { folder in
      let path = "\(folder)/socket"
      let server = makeServer([.address(.unix(path: path))])
      try await server.start()
      unlink(path)
      let successor = try bindSocket(path)
      defer { close(successor) }
      await server.shutdown(within: .zero)
      #expect(namesInFolder(folder) == ["socket"])
    }
  }

  @Test func aSocketCanBeServedAgainAfterTheShutdown() async throws {
    try await withFolder { folder in
      let path = "\(folder)/socket"
      for _ in 0..<3 {
        let server = makeServer([.address(.unix(path: path))])
        try await server.start()
        try await expectServed(.unix(path: path))
        await server.shutdown(within: .zero)
        #expect(namesInFolder(folder) == [])
      }
    }
  }

  @Test func anAbstractSocketIsServedByOne() async throws {
    let address = Address.abstract(name: "varlink-test-\(getpid())-\(UInt64.random(in: 0 ... .max))")
    let server = makeServer([.address(address)])
    try await server.start()
    try await expectServed(address)
    let second = makeServer([.address(address)])
    let error = await #expect(throws: ListenError.self) { try await second.start() }
    #expect(error?.problem == .served)
    await server.shutdown(within: .zero)
  }

  @Test func whatCannotBeListenedOnIsSaid() async throws {
    let error = await #expect(throws: ListenError.self) {
      try await makeServer([.address(.exec(path: "/bin/true"))]).start()
    }
    #expect(error?.description == "cannot listen on exec:/bin/true: it is an address for clients")
    let denied = await #expect(throws: ListenError.self) {
      try await makeServer([.address(.unix(path: "/proc/varlink/socket"))]).start()
    }
    #expect(
      denied?.description
        == "cannot listen on unix:/proc/varlink/socket: cannot make the directory /proc/varlink: No such file or directory"
    )
  }

  @Test func ofSeveralEndpointsAllAreServedOrNone() async throws {
    try await withFolder { folder in
      let good = Endpoint.address(.unix(path: "\(folder)/good"))
      let server = makeServer([good, .address(.unix(path: "/proc/varlink/socket"))])
      await #expect(throws: ListenError.self) { try await server.start() }
      #expect(namesInFolder(folder) == [])
      await server.waitUntilClosed()
    }
  }

  private func bindSocket(_ path: String) throws -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    if result != 0 { throw TestFailure("no owner: \(errno)") }
    return descriptor
  }
}
