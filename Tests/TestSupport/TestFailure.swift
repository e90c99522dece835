/// A test cannot go on.
public struct TestFailure: Error, CustomStringConvertible {
  /// Why, for people.
  public var description: String

  /// - Parameter description: why, for people.
  public init(_ description: String) { self.description = description }
}
