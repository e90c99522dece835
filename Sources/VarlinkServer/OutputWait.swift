/// Is told when a call waits for its client to read, which may last as long as the client likes.
public protocol OutputObserver: Sendable {
  /// The call begins to wait.
  func willWait()
  /// The client has read. The call goes on when this returns, and fails with what it throws.
  func didWait() async throws
}

/// Who is told that a task's call waits for its client.
public enum OutputWait {
  /// Nil for nobody.
  @TaskLocal public static var observer: (any OutputObserver)?
}
