// Written by varlink-generator from the interface's description: change that, then run "make generate".
// What has no comment there says enough by its name.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

extension Reports {
  /// There is no report of that name.
  public struct NoSuchReport: ServiceError {
    public static let name = "org.muster.Reports.NoSuchReport"
    public var report: String
    /// The nearest names, best first
    public var suggestions: [String]

    public init(report: String, suggestions: [String]) {
      self.report = report
      self.suggestions = suggestions
    }
  }

  /// Something that a run is to be narrowed to is not what the dimension has, or selects nothing.
  public struct InvalidFilter: ServiceError {
    public static let name = "org.muster.Reports.InvalidFilter"
    public var dimension: String
    /// As it was given; absent where it is all that is said of the dimension
    public var item: String?
    public var reason: String

    public init(dimension: String, item: String? = nil, reason: String) {
      self.dimension = dimension
      self.item = item
      self.reason = reason
    }
  }

  /// The report has no such row or column, or several such rows.
  public struct NoSuchCell: ServiceError {
    public static let name = "org.muster.Reports.NoSuchCell"
    public var report: String
    /// What is wrong, and what there is
    public var reason: String
    /// The nearest names, best first
    public var suggestions: [String]

    public init(report: String, reason: String, suggestions: [String]) {
      self.report = report
      self.reason = reason
      self.suggestions = suggestions
    }
  }

  /// There is no format of that name.
  public struct NoSuchFormat: ServiceError {
    public static let name = "org.muster.Reports.NoSuchFormat"
    public var format: String
    /// All names that there are
    public var formats: [String]

    public init(format: String, formats: [String]) {
      self.format = format
      self.formats = formats
    }
  }

  /// The report has no parameter of that name.
  public struct NoSuchParameter: ServiceError {
    public static let name = "org.muster.Reports.NoSuchParameter"
    public var report: String
    public var parameter: String
    /// The nearest names, best first
    public var suggestions: [String]

    public init(report: String, parameter: String, suggestions: [String]) {
      self.report = report
      self.parameter = parameter
      self.suggestions = suggestions
    }
  }

  /// The format has no parameter of that name.
  public struct NoSuchFormatParameter: ServiceError {
    public static let name = "org.muster.Reports.NoSuchFormatParameter"
    public var format: String
    public var parameter: String
    /// The nearest names, best first
    public var suggestions: [String]

    public init(format: String, parameter: String, suggestions: [String]) {
      self.format = format
      self.parameter = parameter
      self.suggestions = suggestions
    }
  }

  /// The value of a format's parameter cannot be used.
  public struct InvalidFormatValue: ServiceError {
    public static let name = "org.muster.Reports.InvalidFormatValue"
    public var format: String
    public var parameter: String
    public var value: String
    /// What is wrong, and what is allowed
    public var reason: String
    /// The nearest right values, best first
    public var suggestions: [String]

    public init(format: String, parameter: String, value: String, reason: String, suggestions: [String]) {
      self.format = format
      self.parameter = parameter
      self.value = value
      self.reason = reason
      self.suggestions = suggestions
    }
  }

  /// The dataset has no dimension of that name.
  public struct NoSuchDimension: ServiceError {
    public static let name = "org.muster.Reports.NoSuchDimension"
    public var dimension: String
    /// The nearest names, best first
    public var suggestions: [String]

    public init(dimension: String, suggestions: [String]) {
      self.dimension = dimension
      self.suggestions = suggestions
    }
  }

  /// The dimension has no such code.
  public struct NoSuchCode: ServiceError {
    public static let name = "org.muster.Reports.NoSuchCode"
    public var dimension: String
    public var code: String
    /// The nearest codes, best first
    public var suggestions: [String]

    public init(dimension: String, code: String, suggestions: [String]) {
      self.dimension = dimension
      self.code = code
      self.suggestions = suggestions
    }
  }

  /// The value of a parameter cannot be used.
  public struct InvalidValue: ServiceError {
    public static let name = "org.muster.Reports.InvalidValue"
    public var report: String
    public var parameter: String
    public var value: String
    /// What is wrong, and what is allowed
    public var reason: String
    /// The nearest right values, best first
    public var suggestions: [String]

    public init(report: String, parameter: String, value: String, reason: String, suggestions: [String]) {
      self.report = report
      self.parameter = parameter
      self.value = value
      self.reason = reason
      self.suggestions = suggestions
    }
  }

  /// A reply is larger than it may be: call with 'more'. Or the result is larger than it may be, over all its replies, or a
  /// step must hold more rows than it may.
  public struct ResultTooLarge: ServiceError {
    public static let name = "org.muster.Reports.ResultTooLarge"
    public var limitBytes: Int64
    /// The key of the configuration that sets the limit
    public var limit: String
    /// The step that must hold the rows; absent when a reply or the result is too large
    public var step: String?

    public init(limitBytes: Int64, limit: String, step: String? = nil) {
      self.limitBytes = limitBytes
      self.limit = limit
      self.step = step
    }
  }

  /// A limit of the configuration was reached.
  public struct LimitReached: ServiceError {
    public static let name = "org.muster.Reports.LimitReached"
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

  /// The report could not be computed.
  public struct ReportFailed: ServiceError {
    public static let name = "org.muster.Reports.ReportFailed"
    public var report: String
    public var reason: String

    public init(report: String, reason: String) {
      self.report = report
      self.reason = reason
    }
  }

  /// Nothing is served, since the configuration or the dataset had problems at the start. A service that was started for a
  /// socket that waits tells whoever called, and ends; the next call starts it anew.
  public struct InvalidConfiguration: ServiceError {
    public static let name = "org.muster.Reports.InvalidConfiguration"
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
    public static let name = "org.muster.Reports.InternalError"

    public init() {}
  }
}
