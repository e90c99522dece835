/// The wire types of `org.muster.Reports`. What each field means stands in the interface's text.
public enum Reports {
  public static let interface = "org.muster.Reports"

  public struct Column: Codable, Hashable, Sendable {
    public var name: String
    public var title: String
    public var kind: String
    public var unit: String?
    public var description: String?

    public init(name: String, title: String, kind: String, unit: String? = nil, description: String? = nil) {
      self.name = name
      self.title = title
      self.kind = kind
      self.unit = unit
      self.description = description
    }
  }

  public struct CellReference: Codable, Hashable, Sendable {
    public var row: Int
    public var column: String

    public init(row: Int, column: String) {
      self.row = row
      self.column = column
    }
  }

  public struct Note: Codable, Hashable, Sendable {
    public var kind: String
    public var text: String
    public var cells: [CellReference]

    public init(kind: String, text: String, cells: [CellReference]) {
      self.kind = kind
      self.text = text
      self.cells = cells
    }
  }

  public struct Parameter: Codable, Hashable, Sendable {
    public var name: String
    public var summary: String
    public var kind: String
    public var `default`: String?
    public var choices: [String]?

    public init(name: String, summary: String, kind: String, default: String? = nil, choices: [String]? = nil) {
      self.name = name
      self.summary = summary
      self.kind = kind
      self.default = `default`
      self.choices = choices
    }
  }

  public struct Step: Codable, Hashable, Sendable {
    public var name: String
    public var summary: String
    public var parameters: [String: String]

    public init(name: String, summary: String, parameters: [String: String] = [:]) {
      self.name = name
      self.summary = summary
      self.parameters = parameters
    }
  }

  public struct Format: Codable, Hashable, Sendable {
    public var name: String
    public var summary: String
    public var mediaType: String
    public var fileExtensions: [String]
    public var isText: Bool
    public var parameters: [Parameter]

    public init(
      name: String, summary: String, mediaType: String, fileExtensions: [String], isText: Bool, parameters: [Parameter]
    ) {
      self.name = name
      self.summary = summary
      self.mediaType = mediaType
      self.fileExtensions = fileExtensions
      self.isText = isText
      self.parameters = parameters
    }
  }

  public struct Code: Codable, Hashable, Sendable {
    public var id: String
    public var name: String

    public init(id: String, name: String) {
      self.id = id
      self.name = name
    }
  }

  public struct Dimension: Codable, Hashable, Sendable {
    public var name: String
    public var title: String
    public var codes: [Code]

    public init(name: String, title: String, codes: [Code]) {
      self.name = name
      self.title = title
      self.codes = codes
    }
  }

  public struct ListDimensionsReply: Codable, Hashable, Sendable {
    public var revision: String
    public var dimensions: [Dimension]

    public init(revision: String, dimensions: [Dimension]) {
      self.revision = revision
      self.dimensions = dimensions
    }
  }

  public struct ReportSummary: Codable, Hashable, Sendable {
    public var name: String
    public var title: String
    public var summary: String

    public init(name: String, title: String, summary: String) {
      self.name = name
      self.title = title
      self.summary = summary
    }
  }

  public struct ListReply: Codable, Hashable, Sendable {
    public var revision: String
    public var reports: [ReportSummary]

    public init(revision: String, reports: [ReportSummary]) {
      self.revision = revision
      self.reports = reports
    }
  }

  public struct DescribeParameters: Codable, Hashable, Sendable {
    public var report: String

    public init(report: String) {
      self.report = report
    }
  }

  public struct DescribeReply: Codable, Hashable, Sendable {
    public var revision: String
    public var name: String
    public var title: String
    public var summary: String
    public var steps: [Step]
    public var parameters: [Parameter]
    public var columns: [Column]
    public var formats: [Format]

    public init(
      revision: String, name: String, title: String, summary: String, steps: [Step], parameters: [Parameter],
      columns: [Column], formats: [Format]
    ) {
      self.revision = revision
      self.name = name
      self.title = title
      self.summary = summary
      self.steps = steps
      self.parameters = parameters
      self.columns = columns
      self.formats = formats
    }
  }

  public struct Narrowing: Codable, Hashable, Sendable {
    public var dimension: String
    public var codes: [String]

    public init(dimension: String, codes: [String]) {
      self.dimension = dimension
      self.codes = codes
    }
  }

  public struct RunParameters: Codable, Hashable, Sendable {
    public var report: String
    public var parameters: [String: String]?
    public var `where`: [Narrowing]?
    public var format: String?
    public var formatParameters: [String: String]?

    public init(
      report: String, parameters: [String: String]? = nil, where narrowing: [Narrowing]? = nil,
      format: String? = nil, formatParameters: [String: String]? = nil
    ) {
      self.report = report
      self.parameters = parameters
      self.where = narrowing
      self.format = format
      self.formatParameters = formatParameters
    }
  }

  /// A reply to `Run` with a format; the fields of a run without one are left out.
  public struct RunContentReply: Codable, Hashable, Sendable {
    public var revision: String
    public var mediaType: String?
    public var content: String?
    public var base64: String?

    public init(revision: String, mediaType: String? = nil, content: String? = nil, base64: String? = nil) {
      self.revision = revision
      self.mediaType = mediaType
      self.content = content
      self.base64 = base64
    }
  }

  public struct WatchReply: Codable, Hashable, Sendable {
    public var generation: Int
    public var revision: String

    public init(generation: Int, revision: String) {
      self.generation = generation
      self.revision = revision
    }
  }
}
