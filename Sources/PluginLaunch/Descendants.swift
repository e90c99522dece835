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
