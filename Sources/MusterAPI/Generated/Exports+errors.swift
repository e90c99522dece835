// Written by varlink-generator from the interface's description: change that, then run "make generate".
// What has no comment there says enough by its name.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

extension Exports {
  /// There is no export of that name.
  public struct NoSuchExport: ServiceError {
    public static let name = "org.muster.Exports.NoSuchExport"
    public var name: String
    /// The nearest names, best first
    public var suggestions: [String]

    public init(name: String, suggestions: [String]) {
      self.name = name
      self.suggestions = suggestions
    }
  }

  /// There is nothing to hold the file against.
  public struct NotVerifiable: ServiceError {
    public static let name = "org.muster.Exports.NotVerifiable"
    public var name: String
    public var reason: String

    public init(name: String, reason: String) {
      self.name = name
      self.reason = reason
    }
  }

  /// A limit of the configuration was reached.
  public struct LimitReached: ServiceError {
    public static let name = "org.muster.Exports.LimitReached"
    /// The key of the limit
    public var limit: String
    /// What it is set to: a number, bytes, or microseconds
    public var value: Int64
    public var reason: String

    public init(limit: String, value: Int64, reason: String) {
      self.limit = limit
      self.value = value
      self.reason = reason
    }
  }

  /// Nothing is served, since the configuration or the dataset had problems at the start. A service that was started for a
  /// socket that waits tells whoever called, and ends; the next call starts it anew.
  public struct InvalidConfiguration: ServiceError {
    public static let name = "org.muster.Exports.InvalidConfiguration"
    /// As file:line:column: message, as many as are listed
    public var problems: [String]
    /// How many there are in all
    public var total: Int64

    public init(problems: [String], total: Int64) {
      self.problems = problems
      self.total = total
    }
  }

  /// Something went wrong inside the service; its log says what.
  public struct InternalError: ServiceError {
    public static let name = "org.muster.Exports.InternalError"

    public init() {}
  }
}
