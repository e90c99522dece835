internal import Glibc

/// What comes of this process, as the kernel lists it. Whose parent has ended is its child, as it takes care of orphans.
enum Descendants {
  /// Whether the kernel tells who is whose child.
  static var areKnown: Bool { access("/proc/self/task/\(getpid())/children", R_OK) == 0 }

  /// How many threads they have.
  static var threadCount: Int {
    var count = 0
    forEach { count += threads(of: $0).count }
    return count
  }

  /// What they have used of cores, those included whose parents have waited for them, and how long they waited for one.
  static var use: LaunchReport {
    var ended = rusage()
    getrusage(RUSAGE_CHILDREN.rawValue, &ended)
    var cores =
      (ended.ru_utime.tv_sec + ended.ru_stime.tv_sec) * 1000 + (ended.ru_utime.tv_usec + ended.ru_stime.tv_usec) / 1000
    var longest = 0
    forEach { process in
      // proc(5): utime, stime, cutime and cstime are the 12th to the 15th field behind the name, in hundredths of a second.
      let fields = readLine(of: "/proc/\(process)/stat").utf8.split(separator: UInt8(ascii: ")")).last
      let times = fields?.split(separator: UInt8(ascii: " ")).dropFirst(11).prefix(4) ?? []
      cores += times.reduce(0) { $0 + 10 * (Int(String(decoding: $1, as: UTF8.self)) ?? 0) }
      for thread in threads(of: process) { longest = max(longest, waitingTime(of: process, thread)) }
    }
    // Its start was work for it, too.
    let own = getpid()
    longest += waitingTime(of: own, own)
    return .used(cores: Int32(clamping: cores), waited: Int32(clamping: longest))
  }

  /// For how many milliseconds a thread has waited for a core: the second figure of `sched-stats` of the kernel, in nanoseconds.
  private static func waitingTime(of process: pid_t, _ thread: pid_t) -> Int {
    let times = readLine(of: "/proc/\(process)/task/\(thread)/schedstat").split(separator: " ").compactMap { Int($0) }
    return times.count > 1 ? times[1] / 1_000_000 : 0
  }

  /// Kills all that are there now.
  ///
  /// By their numbers: before one is given to somebody else, all others are given out.
  static func kill() { forEach { _ = Glibc.kill($0, SIGKILL) } }

  private static func forEach(_ body: (pid_t) -> Void) {
    var rest = [getpid()]
    while let parent = rest.popLast() {
      for thread in threads(of: parent) {
        let children = children(of: parent, thread)
        for child in children { body(child) }
        rest += children
      }
    }
  }
}
