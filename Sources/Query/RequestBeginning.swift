/// The time in which a request takes most of the memory that it will have: until it has its first rows, or waits for a plugin,
/// a disk or its reader. How much that is, nobody knows before; so few are in it at one time.
public enum RequestBeginning {
  /// Who wants to know that it is over; nil for nobody.
  @TaskLocal public static var observer: (any RequestBeginningObserver)?

  /// To be called by the request's task, as often as it finds that it is over. An engine calls it before it waits for what may
  /// not come, as a disk or a server: others, who need none of that, wait until it is over.
  public static func end() { observer?.endBeginning() }
}

/// Lets the next request begin.
public protocol RequestBeginningObserver: Sendable {
  /// The beginning is over; it may have been before.
  func endBeginning()
}
