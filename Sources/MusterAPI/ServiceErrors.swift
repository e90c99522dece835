internal import JSON
public import Varlink

/// The errors that the daemon answers with, built by the one end and recognised by the other.
///
/// Each is a Codable struct with the fields that its interface declares, and knows its name.
public protocol ServiceError: Codable, Hashable, Sendable, Error {
  /// The fully qualified name.
  static var name: String { get }
}

extension ServiceError {
  /// The error as a reply.
  public var varlinkError: VarlinkError {
    // Structs of strings, integers and lists always encode.
    let parameters = (try? JSONValue(encoding: self))?.objectValue
    return VarlinkError(Self.name, parameters ?? [:])
  }

  /// The error that a reply carries; nil when it carries another one, or lacks a field.
  public init?(_ error: VarlinkError) {
    guard error.name == Self.name, let decoded = try? JSONValue.object(error.parameters).decode(Self.self) else {
      return nil
    }
    self = decoded
  }
}

extension Reports {
  public struct NoSuchReport: ServiceError {
    public static let name = "org.muster.Reports.NoSuchReport"
    public var report: String
    public var suggestions: [String]

    public init(report: String, suggestions: [String]) {
      self.report = report
      self.suggestions = suggestions
    }
  }

  public struct NoSuchCell: ServiceError {
    public static let name = "org.muster.Reports.NoSuchCell"
    public var report: String
    public var reason: String
    public var suggestions: [String]

    public init(report: String, reason: String, suggestions: [String]) {
      self.report = report
      self.reason = reason
      self.suggestions = suggestions
    }
  }

  public struct NoSuchFormat: ServiceError {
    public static let name = "org.muster.Reports.NoSuchFormat"
    public var format: String
    public var formats: [String]

    public init(format: String, formats: [String]) {
      self.format = format
      self.formats = formats
    }
  }

  public struct NoSuchParameter: ServiceError {
    public static let name = "org.muster.Reports.NoSuchParameter"
    public var report: String
    public var parameter: String
    public var suggestions: [String]

    public init(report: String, parameter: String, suggestions: [String]) {
      self.report = report
      self.parameter = parameter
      self.suggestions = suggestions
    }
  }

  public struct InvalidValue: ServiceError {
    public static let name = "org.muster.Reports.InvalidValue"
    public var report: String
    public var parameter: String
    public var value: String
    public var reason: String
    public var suggestions: [String]

    public init(report: String, parameter: String, value: String, reason: String, suggestions: [String]) {
      self.report = report
      self.parameter = parameter
      self.value = value
      self.reason = reason
      self.suggestions = suggestions
    }
  }

  public struct NoSuchFormatParameter: ServiceError {
    public static let name = "org.muster.Reports.NoSuchFormatParameter"
    public var format: String
    public var parameter: String
    public var suggestions: [String]

    public init(format: String, parameter: String, suggestions: [String]) {
      self.format = format
      self.parameter = parameter
      self.suggestions = suggestions
    }
  }

  public struct InvalidFormatValue: ServiceError {
    public static let name = "org.muster.Reports.InvalidFormatValue"
    public var format: String
    public var parameter: String
    public var value: String
    public var reason: String
    public var suggestions: [String]

    public init(format: String, parameter: String, value: String, reason: String, suggestions: [String]) {
      self.format = format
      self.parameter = parameter
      self.value = value
      self.reason = reason
      self.suggestions = suggestions
    }
  }

  public struct NoSuchDimension: ServiceError {
    public static let name = "org.muster.Reports.NoSuchDimension"
    public var dimension: String
    public var suggestions: [String]

    public init(dimension: String, suggestions: [String]) {
      self.dimension = dimension
      self.suggestions = suggestions
    }
  }

  public struct NoSuchCode: ServiceError {
    public static let name = "org.muster.Reports.NoSuchCode"
    public var dimension: String
    public var code: String
    public var suggestions: [String]

    public init(dimension: String, code: String, suggestions: [String]) {
      self.dimension = dimension
      self.code = code
      self.suggestions = suggestions
    }
  }

  public struct ResultTooLarge: ServiceError {
    public static let name = "org.muster.Reports.ResultTooLarge"
    public var limitBytes: Int
    public var limit: String
    public var step: String?

    public init(limitBytes: Int, limit: String, step: String? = nil) {
      self.limitBytes = limitBytes
      self.limit = limit
      self.step = step
    }
  }

  public struct LimitReached: ServiceError {
    public static let name = "org.muster.Reports.LimitReached"
    public var limit: String
    public var value: Int64
    public var reason: String

    public init(limit: String, value: Int64, reason: String) {
      self.limit = limit
      self.value = value
      self.reason = reason
    }
  }

  public struct ReportFailed: ServiceError {
    public static let name = "org.muster.Reports.ReportFailed"
    public var report: String
    public var reason: String

    public init(report: String, reason: String) {
      self.report = report
      self.reason = reason
    }
  }
}

extension Manage {
  public struct NoSuchPlugin: ServiceError {
    public static let name = "org.muster.Manage.NoSuchPlugin"
    public var name: String
    public var suggestions: [String]

    public init(name: String, suggestions: [String]) {
      self.name = name
      self.suggestions = suggestions
    }
  }

  public struct AuditFailed: ServiceError {
    public static let name = "org.muster.Manage.AuditFailed"
    public var name: String
    public var reason: String

    public init(name: String, reason: String) {
      self.name = name
      self.reason = reason
    }
  }

  public struct SelfTestFailed: ServiceError {
    public static let name = "org.muster.Manage.SelfTestFailed"
    public var report: String
    public var reason: String

    public init(report: String, reason: String) {
      self.report = report
      self.reason = reason
    }
  }

  public struct LimitReached: ServiceError {
    public static let name = "org.muster.Manage.LimitReached"
    public var limit: String
    public var value: Int64
    public var reason: String

    public init(limit: String, value: Int64, reason: String) {
      self.limit = limit
      self.value = value
      self.reason = reason
    }
  }

  public struct ReloadFailed: ServiceError {
    public static let name = "org.muster.Manage.ReloadFailed"
    public var problems: [String]
    public var total: Int

    public init(problems: [String], total: Int) {
      self.problems = problems
      self.total = total
    }
  }
}
