import CLinux
import Foundation
import Glibc
import PluginLaunch
import Posix
import TestSupport
import Testing

/// What a plugin may not do, one call after the other, in each kind of confinement that the kernel lets musterd have.
@Suite("The reach of a plugin", .blocking, .timeLimit(.minutes(10)), .serialized) struct ReachTests {
  enum Mode: String, CaseIterable, Sendable, CustomTestStringConvertible {
    /// musterd runs as root: a user of its own, mounts that are read-only.
    case ownUser
    /// musterd is an ordinary user, who may make namespaces.
    case namespaces
    /// As in the shipped service: no namespaces, Landlock and the filter of calls alone, and the daemon's own user.
    case landlock

    var testDescription: String { rawValue }

    /// What comes before a program so that it is started in this mode.
    var prefix: [String] {
      switch self {
      case .ownUser: []
      case .namespaces: geteuid() == 0 ? ordinaryUser : []
      // The user keeps its number and loses all it may.
      case .landlock:
        (geteuid() == 0 ? ordinaryUser : []) + [
          "/usr/bin/unshare", "-Ur", "/bin/sh", "-c",
          """
          for kind in user net pid mnt ipc; do echo 0 > /proc/sys/user/max_${kind}_namespaces; done
          exec /usr/bin/setpriv --bounding-set=-all --inh-caps=-all "$0" "$@"
          """,
        ]
      }
    }

    /// Whom the files belong to that a plugin is kept from.
    var owner: UInt32 { self != .ownUser && geteuid() == 0 ? Self.ordinaryNumber : geteuid() }

    private var ordinaryUser: [String] {
      ["/usr/bin/setpriv", "--reuid=\(Self.ordinaryNumber)", "--regid=\(Self.ordinaryNumber)", "--clear-groups"]
    }

    private static let ordinaryNumber: UInt32 = 12_345

    /// Whether these tests can be run in this mode.
    func isPossible() async throws -> Bool {
      if self == .ownUser { return geteuid() == 0 && canMakeOwnUser() }
      let test = self == .namespaces ? prefix + ["/usr/bin/unshare", "-Ur", "/bin/true"] : prefix + ["/bin/true"]
      return try await TestSupport.run(test[0], Array(test.dropFirst())).status == 0
    }

    private func canMakeOwnUser() -> Bool {
      let map = (try? String(contentsOfFile: "/proc/self/uid_map", encoding: .utf8)) ?? ""
      return map.split(whereSeparator: \.isWhitespace) == ["0", "0", "4294967295"]
    }

    func holds(_ isolation: Isolation) -> Bool {
      switch self {
      case .ownUser: isolation.isSuperset(of: [.user, .files, .mounts, .calls])
      case .namespaces: isolation.isSuperset(of: [.userNamespace, .files, .mounts, .calls])
      case .landlock:
        isolation.isDisjoint(with: [.user, .userNamespace, .mounts, .processes])
          && isolation.isSuperset(of: [.files, .landlock, .calls, .signals, .counted])
      }
    }
  }

  /// A folder of another, with what a plugin might want to change, and a process of the same user.
  private final class Victim {
    let own: TemporaryFolder
    let outside: TemporaryFolder
    let process: Int32
    private let sockets: [Int32]

    init(_ mode: Mode) throws {
      (own, outside) = (try TemporaryFolder(), try TemporaryFolder())
      try outside.write("text", to: "file", mode: 0o666)
      mkdir("\(outside.path)/folder", 0o777)
      let folder = outside.path
      sockets = [(SOCK_DGRAM, "datagrams"), (SOCK_STREAM, "streams")].map { kind, name in
        let descriptor = socket(AF_UNIX, Int32(kind.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = "\(folder)/\(name)"
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) { pointer in
          pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
          }
        }
        #expect(result == 0)
        if kind == SOCK_STREAM { listen(descriptor, 1) }
        chmod(path, 0o777)
        return descriptor
      }
      for path in [own.path, outside.path, "\(outside.path)/file", "\(outside.path)/folder"] {
        chown(path, mode.owner, mode.owner)
        // Nobody has to be the owner to be allowed to write.
        chmod(path, path.hasSuffix("file") ? 0o666 : 0o777)
      }
      let command = (mode == .namespaces ? mode.prefix : []) + ["/bin/sleep", "1000"]
      var spawn = Spawn(
        program: command[0], arguments: command, environment: [], descriptors: [(0, .null), (1, .null), (2, .null)])
      spawn.startsSession = true
      process = try spawn.start()
    }

    deinit {
      for descriptor in sockets { close(descriptor) }
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
  }

  /// Inherited by nobody but who is given an end.
  private final class Pipe {
    private(set) var ends: [Int32] = [-1, -1]

    init() throws { try #require(linux_pipe(&ends) == 0) }

    func close(_ index: Int) {
      Glibc.close(ends[index])
      ends[index] = -1
    }

    deinit { for index in ends.indices where ends[index] >= 0 { close(index) } }
  }

  private struct Answer {
    var isolation: Isolation?
    var output = ""
    var status: Int32?
    /// How many processes it was killed for.
    var count: Int32?
  }

  /// Runs a program as the launcher starts plugins, or by itself.
  private func start(
    _ command: [String], _ mode: Mode, in folder: String, processes: Int = 32, confined: Bool = true
  ) throws -> Answer {
    let order = LaunchOrder(
      folder: folder, parent: getpid(), memory: 1 << 30, cpuTime: 10, processes: processes, fileSize: 1 << 20,
      command: command)
    let launcher = try launcher()
    let launch = ["\(launcher.path)/muster-launcher"] + order.arguments
    return try start(mode.prefix + (confined ? launch : ["/usr/bin/env", "-C", folder] + command), in: folder)
  }

  /// A folder with it.
  private func launcher() throws -> TemporaryFolder {
    // Another user may not be let into the folder that it was built in.
    let launcher = try TemporaryFolder()
    let (built, linked) = ("\(buildFolder)/muster-launcher", "\(launcher.path)/muster-launcher")
    // A copy that is being written cannot be started by anybody who was started meanwhile.
    if link(built, linked) != 0 { try FileManager.default.copyItem(atPath: built, toPath: linked) }
    return launcher
  }

  private func start(_ arguments: [String], in folder: String) throws -> Answer {
    let (input, output, report) = (try Pipe(), try Pipe(), try Pipe())
    // They are put into their places one after the other.
    try #require((input.ends + output.ends + report.ends).allSatisfy { $0 > 3 })
    var spawn = Spawn(
      program: arguments[0], arguments: arguments,
      environment: ["PATH=/usr/bin:/bin", "LANG=C.UTF-8", "TMPDIR=\(folder)"].map { Array($0.utf8) },
      descriptors: [
        (0, .descriptor(input.ends[0])), (1, .descriptor(output.ends[1])), (2, .descriptor(output.ends[1])),
        (3, .descriptor(report.ends[1])),
      ])
    spawn.blockedSignals = [SIGTERM, SIGCHLD]
    spawn.startsSession = true
    let pid = try spawn.start()
    for pipe in [output, report] { pipe.close(1) }
    var answer = Answer(output: readToEnd(output.ends[0]))
    while waitpid(pid, nil, 0) < 0, errno == EINTR {}
    let lines = readToEnd(report.ends[0])
    for line in lines.split(separator: "\n") {
      switch LaunchReport(line: line) {
      case .isolation(let isolation)?: answer.isolation = isolation
      case .ended(let status)?: answer.status = status
      case .counted(let processes)?: answer.count = processes
      default: Issue.record("the launcher reports \(line)")
      }
    }
    return answer
  }

  /// What came of each attempt, by section, as the program writes it.
  private func attempts(in output: String) -> [String: [String: String]] {
    var sections: [String: [String: String]] = [:]
    var section = ""
    for line in output.split(separator: "\n") {
      let parts = line.split(separator: "\t")
      if parts.count == 2 {
        sections[section, default: [:]][String(parts[0])] = String(parts[1])
      } else {
        section = String(line.dropFirst(3))
      }
    }
    return sections
  }

  private static let refusedSections = ["sockets", "files", "processes", "the machine"]

  private func probe() async throws -> (folder: TemporaryFolder, program: String) {
    let folder = try TemporaryFolder()
    chmod(folder.path, 0o755)
    let program = "\(folder.path)/reach"
    let built = try await TestSupport.run(
      "/usr/bin/env", ["clang", "-pthread", "-o", program, "\(repositoryRoot)/Tests/Fixtures/reach.c"],
      environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""])
    #expect(built.status == 0, "\(built.errors)")
    return (folder, program)
  }

  @Test(arguments: Mode.allCases) func endsAtItsFolder(_ mode: Mode) async throws {
    guard try await mode.isPossible() else { return }
    let (folder, program) = try await probe()
    let victim = try Victim(mode)
    let before = try status(of: "\(victim.outside.path)/file")
    let answer = try start([program, victim.outside.path, "\(victim.process)"], mode, in: victim.own.path)
    #expect(mode.holds(try #require(answer.isolation)))
    #expect(answer.status == 0, "\(answer.output)")
    let results = attempts(in: answer.output)
    for section in Self.refusedSections {
      let attempts = try #require(results[section], "no \(section) in \(answer.output)")
      #expect(attempts.filter { $0.value == "done" } == [:], "of \(section)")
    }
    #expect(try #require(results["its own"]).filter { $0.value != "done" } == [:])
    // Nothing but mounts can tell its own files from others.
    let attributes = try #require(results["attributes of its own"])
    #expect(Set(attributes.values) == (mode == .landlock ? ["EPERM"] : ["done"]))
    #expect(try status(of: "\(victim.outside.path)/file") == before)
    #expect(victim.outside.names == ["datagrams", "file", "folder", "streams"])
    _ = folder
  }

  /// Without this, each refusal could be one that everybody meets.
  @Test func wouldBeFarWithoutConfinement() async throws {
    let mode = Mode.namespaces
    guard try await mode.isPossible() else { return }
    let (folder, program) = try await probe()
    let victim = try Victim(mode)
    let answer = try start(
      [program, victim.outside.path, "\(victim.process)"], mode, in: victim.own.path, confined: false)
    let refused = attempts(in: answer.output).values.joined().filter { $0.value != "done" }
    // What takes privileges that no test has, and what this kernel or its administrator refuses everybody.
    let elsewhere: Set = [
      "mounts", "namespaces of others", "root", "more files", "more weight", "fchmodat2", "setxattrat", "io_uring",
      "trace", "open memory", "read memory", "compare", "keys", "queues", "unshare", "setxattr", "fsetxattr",
      "removexattr", "flags", "call another", "kill who looks after it", "kill the group of who looks after it",
    ]
    #expect(Set(refused.map(\.key)).subtracting(elsewhere) == [])
    _ = folder
  }

  @Test(arguments: Mode.allCases) func endsAtItsNumberOfProcesses(_ mode: Mode) async throws {
    guard try await mode.isPossible() else { return }
    let own = try TemporaryFolder()
    chown(own.path, mode.owner, mode.owner)
    let script = """
      import os, signal, threading, time
      def start():
        if os.fork() == 0:
          threading.Thread(target=signal.pause).start()
          signal.pause()
        # For whoever counts.
        time.sleep(0.05)
      for i in range(%d): start()
      print(i + 1, flush=True)
      start()
      print('more', flush=True)
      start()
      print('too many')
      """
    // Itself, and two threads of each.
    let five = try start(["/usr/bin/python3", "-c", String(format: script, 5)], mode, in: own.path, processes: 12)
    #expect(five.output.hasPrefix("5\n"))
    #expect(!five.output.contains("too many"))
    // Where the kernel does not count, all of them are killed; the number is that of a moment.
    #expect(mode == .landlock ? five.status == SIGKILL && (five.count ?? 0) > 12 : five.count == nil)
  }

  @Test(arguments: Mode.allCases) func keepsNobodyElseFromStartingProcesses(_ mode: Mode) async throws {
    guard try await mode.isPossible() else { return }
    let (storm, good) = (try TemporaryFolder(), try TemporaryFolder())
    for folder in [storm, good] { chown(folder.path, mode.owner, mode.owner) }
    let forks = """
      import os, time
      time.sleep(0.2)
      end = time.monotonic() + 2
      while time.monotonic() < end:
        try: os.fork()
        except OSError: pass
      """
    // Four processes at a time.
    let pipes = """
      i=0
      while [ $i -lt 40 ]; do
        i=$((i + 1))
        [ "$(echo a | cat | cat)" = a ] || exit 1
      done
      echo done
      """
    // Of one musterd: some begin before the first has taken all it can, some while it has.
    let musterd = """
      import os, signal, sys
      launcher, storm, good, forks, pipes = sys.argv[1:]
      def start(folder, processes, *command):
        words = [launcher, folder, str(os.getpid()), str(1 << 30), '10', str(processes), str(1 << 20), *command]
        return os.posix_spawn(launcher, words, os.environ, setsid=True, setsigmask=[signal.SIGTERM, signal.SIGCHLD])
      first = start(storm, 32, '/usr/bin/python3', '-c', forks)
      for i in range(8): os.waitpid(start(good, 8, '/bin/sh', '-ec', pipes), 0)
      os.waitpid(first, 0)
      """
    let launcher = try launcher()
    let answer = try start(
      mode.prefix + [
        "/usr/bin/python3", "-c", musterd, "\(launcher.path)/muster-launcher", storm.path, good.path, forks, pipes,
      ], in: storm.path)
    #expect(answer.output == String(repeating: "done\n", count: 8))
    #expect(mode.holds(try #require(answer.isolation)))
    #expect((answer.count ?? 0 > 32) == (mode == .landlock))
  }

  @Test(arguments: Mode.allCases) func comesAfterTheDaemonInAll(_ mode: Mode) async throws {
    guard try await mode.isPossible() else { return }
    let own = try TemporaryFolder()
    chown(own.path, mode.owner, mode.owner)
    let script = """
      import os
      print(os.sched_getscheduler(0) == os.SCHED_IDLE, open('/proc/self/oom_score_adj').read().strip())
      try: os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0)); print('weighs')
      except OSError: pass
      """
    let answer = try start(["/usr/bin/python3", "-c", script], mode, in: own.path)
    #expect(answer.output == "True 1000\n")
  }

  @Test(arguments: Mode.allCases) func leavesInterpretersWhatTheyNeed(_ mode: Mode) async throws {
    guard try await mode.isPossible() else { return }
    let scripts = [
      ["/usr/bin/python3", "-c", Self.python],
      ["/bin/sh", "-ec", "echo a > a; cat a | tr a b > c; mkdir d; mv c d; f=$(mktemp); rm $f; test $(cat d/c) = b"],
      ["/usr/bin/perl", "-e", #"open(my $f, '>', 'p') or die; print $f `echo x`; close $f; system('true') and die"#],
      ["/usr/bin/awk", #"BEGIN { print "x" | "sort"; close("sort"); "echo y" | getline z; exit z != "y" }"#],
    ]
    for script in scripts where access(script[0], X_OK) == 0 {
      let own = try TemporaryFolder()
      chown(own.path, mode.owner, mode.owner)
      let answer = try start(script, mode, in: own.path)
      #expect(answer.status == 0, "\(script[0]): \(answer.output)")
    }
  }

  private static let python = """
    import asyncio, concurrent.futures, os, shutil, socket, sqlite3, subprocess, tempfile, threading
    with tempfile.TemporaryDirectory(dir='.') as folder, tempfile.NamedTemporaryFile(dir='.') as file:
      file.write(b'x'); file.flush()
      shutil.copyfile(file.name, folder + '/copy')
      os.replace(folder + '/copy', folder + '/moved')
    for mode in ('delete', 'wal'):
      base = sqlite3.connect('base')
      base.execute('PRAGMA journal_mode=' + mode)
      base.execute('CREATE TABLE IF NOT EXISTS t (a)'); base.execute('INSERT INTO t VALUES (1)'); base.commit()
      assert base.execute('SELECT count(*) FROM t').fetchone()[0] > 0
      base.close()
    assert subprocess.run(['sort'], input=b'b\\na\\n', stdout=subprocess.PIPE).stdout == b'a\\nb\\n'
    async def run():
      process = await asyncio.create_subprocess_exec('cat', stdin=subprocess.PIPE, stdout=subprocess.PIPE)
      return (await process.communicate(b'x'))[0]
    assert asyncio.run(run()) == b'x'
    with concurrent.futures.ThreadPoolExecutor(4) as pool: assert sum(pool.map(int, range(10))) == 45
    a, b = socket.socketpair(); a.sendall(b'x'); assert b.recv(1) == b'x'
    """

  private struct Status: Equatable {
    var mode, user, group: UInt32
    var size, modified: Int
  }

  private func status(of path: String) throws -> Status {
    var status = stat()
    #expect(stat(path, &status) == 0)
    return Status(
      mode: status.st_mode, user: status.st_uid, group: status.st_gid, size: status.st_size,
      modified: status.st_mtim.tv_sec)
  }
}
