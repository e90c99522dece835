import Posix
import TestSupport
import Testing

@Suite("What memory the process may have is what its control groups and its address space leave it")
struct AllowedMemoryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func find(addressSpace: Int? = nil) -> AllowedMemory? {
    AllowedMemory.find(below: RawPath(folder.path), addressSpace: addressSpace)
  }

  private func write(_ text: String, to path: String) throws {
    try folder.write(text, to: path)
  }

  @Test func nothingLimitsWhereNothingIsSaid() throws {
    #expect(find() == nil)
    try write("", to: "proc/self/cgroup")
    #expect(find() == nil)
    try write("0::/a\n1:memory:/a\nnonsense\n2\n", to: "proc/self/cgroup")
    try write("max\n", to: "sys/fs/cgroup/a/memory.max")
    try write("9223372036854771712\n", to: "sys/fs/cgroup/memory/a/memory.limit_in_bytes")
    #expect(find() == nil)
    try write("many\n", to: "sys/fs/cgroup/a/memory.max")
    #expect(find() == nil)
  }

  @Test func theLeastOfAllGroupsThatTheProcessLiesInHolds() throws {
    try write("0::/system.slice/a:b.service\n", to: "proc/self/cgroup")
    try write("4096\n", to: "sys/fs/cgroup/system.slice/a:b.service/memory.max")
    #expect(
      find() == AllowedMemory(byteCount: 4096, origin: "memory.max of the control group /system.slice/a:b.service"))
    try write("2048\n", to: "sys/fs/cgroup/system.slice/memory.max")
    try write("1\n", to: "sys/fs/cgroup/other.slice/memory.max")
    #expect(find() == AllowedMemory(byteCount: 2048, origin: "memory.max of the control group /system.slice"))
    #expect(find(addressSpace: 2047) == AllowedMemory(byteCount: 2047, origin: "RLIMIT_AS"))
    #expect(find(addressSpace: 2049)?.byteCount == 2048)
  }

  @Test("In version 1, the hierarchy of memory counts alone", arguments: ["memory", "cpu,memory"])
  func firstVersion(_ controllers: String) throws {
    try write("12:pids:/p\n4:\(controllers):/a/b\n1:name=systemd:/s\n", to: "proc/self/cgroup")
    try write("1\n", to: "sys/fs/cgroup/memory/p/memory.limit_in_bytes")
    try write("2\n", to: "sys/fs/cgroup/memory/s/memory.limit_in_bytes")
    #expect(find() == nil)
    try write("70\n", to: "sys/fs/cgroup/memory/a/b/memory.limit_in_bytes")
    #expect(find() == AllowedMemory(byteCount: 70, origin: "memory.limit_in_bytes of the control group /a/b"))
  }

  /// As in a container, where the path is that outside of it.
  @Test func whereThePathLeadsNowhereTheRootHolds() throws {
    try write("0::/docker/1\n", to: "proc/self/cgroup")
    try write("512\n", to: "sys/fs/cgroup/memory.max")
    #expect(find() == AllowedMemory(byteCount: 512, origin: "memory.max of the control group /"))
    try write("0::/\n", to: "proc/self/cgroup")
    #expect(find()?.byteCount == 512)
  }
}
