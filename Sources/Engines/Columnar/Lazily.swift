internal import TabularPackage

/// Something that is made when it is first asked for. Whoever asks meanwhile waits, on a thread that may be held up.
final class Lazily<Value: Sendable>: Sendable {
  private let locked = Locked<Value?>(nil)

  func value(_ make: () -> Value) -> Value {
    locked.withLock { known in
      if let known { return known }
      let value = make()
      known = value
      return value
    }
  }
}
