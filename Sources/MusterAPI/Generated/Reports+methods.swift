// Written by varlink-generator from the interface's description: change that, then run "make generate".
// What has no comment there says enough by its name.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import JSON

extension Reports {
  /// What `List` answers.
  ///
  /// Lists the reports in alphabetical order of their names.
  public struct ListReply: Codable, Hashable, JSONWritable, Sendable {
    /// The digest of the dataset
    public var revision: String
    public var reports: [ReportSummary]

    public init(revision: String, reports: [ReportSummary]) {
      self.revision = revision
      self.reports = reports
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("revision", self.revision, to: &bytes)
        writeJSONMember("reports", self.reports, to: &bytes)
      }
    }
  }

  /// What `Describe` takes.
  ///
  /// Describes one report.
  public struct DescribeParameters: Codable, Hashable, JSONWritable, Sendable {
    public var report: String

    public init(report: String) {
      self.report = report
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("report", self.report, to: &bytes)
      }
    }
  }

  /// What `Describe` answers.
  public struct DescribeReply: Codable, Hashable, JSONWritable, Sendable {
    public var revision: String
    public var name: String
    public var title: String
    public var summary: String
    /// What makes the report, in order
    public var steps: [Step]
    public var parameters: [Parameter]
    /// The columns that it has with the parameters' defaults
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

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("revision", self.revision, to: &bytes)
        writeJSONMember("name", self.name, to: &bytes)
        writeJSONMember("title", self.title, to: &bytes)
        writeJSONMember("summary", self.summary, to: &bytes)
        writeJSONMember("steps", self.steps, to: &bytes)
        writeJSONMember("parameters", self.parameters, to: &bytes)
        writeJSONMember("columns", self.columns, to: &bytes)
        writeJSONMember("formats", self.formats, to: &bytes)
      }
    }
  }

  /// What `ListDimensions` answers.
  ///
  /// Lists the dimensions of the dataset, by which a run can be narrowed. With 'more' they come in several replies where they
  /// are many: the codes of the last dimension of one reply may go on in the next one, under the same name.
  public struct ListDimensionsReply: Codable, Hashable, JSONWritable, Sendable {
    public var revision: String
    public var dimensions: [Dimension]

    public init(revision: String, dimensions: [Dimension]) {
      self.revision = revision
      self.dimensions = dimensions
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("revision", self.revision, to: &bytes)
        writeJSONMember("dimensions", self.dimensions, to: &bytes)
      }
    }
  }

  /// What `Run` takes.
  ///
  /// Runs a report. Without a format the reply has columns, rows, totals and notes; with a format it has mediaType, and
  /// content or base64. With 'more' these come in several replies, to be put together in their order: parameters, where,
  /// columns and mediaType come in the first one, coverage with the rows that it is about or behind them, totals and notes
  /// behind the last rows, in one reply or in several. A note
  /// on many cells goes on in the next reply, with the same kind and text and further cells. With 'upgrade' and a format the
  /// reply has parameters, where and mediaType, and behind it come the bytes of the format in chunks, each behind its length
  /// in four bytes, the most significant one first; then a length of zero and an object with its NUL: rows, bytes and sha256,
  /// or error and parameters as an error reply has them. A stream without that object was cut off.
  /// [Supports 'upgrade' flag]
  public struct RunParameters: Codable, Hashable, JSONWritable, Sendable {
    public var report: String
    /// Values of parameters by name, in place of their defaults
    public var parameters: [String: String]?
    /// What is looked at of what the report selects; it never widens that
    public var `where`: [Filter]?
    public var format: String?
    /// Values of the format's parameters by name, in place of their defaults
    public var formatParameters: [String: String]?

    public init(
      report: String, parameters: [String: String]? = nil, `where`: [Filter]? = nil, format: String? = nil,
      formatParameters: [String: String]? = nil
    ) {
      self.report = report
      self.parameters = parameters
      self.where = `where`
      self.format = format
      self.formatParameters = formatParameters
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("report", self.report, to: &bytes)
        writeJSONMember("parameters", self.parameters, to: &bytes)
        writeJSONMember("where", self.where, to: &bytes)
        writeJSONMember("format", self.format, to: &bytes)
        writeJSONMember("formatParameters", self.formatParameters, to: &bytes)
      }
    }
  }

  /// What `Run` answers.
  public struct RunReply: Codable, Hashable, JSONWritable, Sendable {
    /// The digest of the dataset that the result is computed from; the same in all replies
    public var revision: String
    /// The values of all parameters
    public var parameters: [String: String]?
    /// What the run was narrowed to
    public var `where`: [Filter]?
    public var columns: [Column]?
    /// One object for each row, keyed by column name; null where a number is missing
    public var rows: [JSONObject]?
    public var totals: [Total]?
    /// Of the cells of rows and totals that have any
    public var coverage: [CellCoverage]?
    public var notes: [Note]?
    public var mediaType: String?
    /// Text of the format
    public var content: String?
    /// In place of content, where the format is no text: its bytes as RFC 4648 writes them, each reply by itself
    public var base64: String?

    public init(
      revision: String, parameters: [String: String]? = nil, `where`: [Filter]? = nil, columns: [Column]? = nil,
      rows: [JSONObject]? = nil, totals: [Total]? = nil, coverage: [CellCoverage]? = nil, notes: [Note]? = nil,
      mediaType: String? = nil, content: String? = nil, base64: String? = nil
    ) {
      self.revision = revision
      self.parameters = parameters
      self.where = `where`
      self.columns = columns
      self.rows = rows
      self.totals = totals
      self.coverage = coverage
      self.notes = notes
      self.mediaType = mediaType
      self.content = content
      self.base64 = base64
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("revision", self.revision, to: &bytes)
        writeJSONMember("parameters", self.parameters, to: &bytes)
        writeJSONMember("where", self.where, to: &bytes)
        writeJSONMember("columns", self.columns, to: &bytes)
        writeJSONMember("rows", self.rows, to: &bytes)
        writeJSONMember("totals", self.totals, to: &bytes)
        writeJSONMember("coverage", self.coverage, to: &bytes)
        writeJSONMember("notes", self.notes, to: &bytes)
        writeJSONMember("mediaType", self.mediaType, to: &bytes)
        writeJSONMember("content", self.content, to: &bytes)
        writeJSONMember("base64", self.base64, to: &bytes)
      }
    }
  }

  /// What `Watch` answers.
  ///
  /// Replies with the generation that is served, at once and whenever a reload has brought another one. Of several that
  /// come before the client reads, the last one is told. The last reply, when the daemon stops, repeats the one before.
  public struct WatchReply: Codable, Hashable, JSONWritable, Sendable {
    public var generation: Int64
    /// The digest of the dataset
    public var revision: String

    public init(generation: Int64, revision: String) {
      self.generation = generation
      self.revision = revision
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("generation", self.generation, to: &bytes)
        writeJSONMember("revision", self.revision, to: &bytes)
      }
    }
  }

  /// What `Explain` takes.
  ///
  /// Tells how one cell of a report came about. With 'more' the evidence and the notes come in several replies where they are
  /// many, to be put together in their order. Steps and stated come in the first one, all else is the same in each.
  public struct ExplainParameters: Codable, Hashable, JSONWritable, Sendable {
    public var report: String
    public var parameters: [String: String]?
    public var `where`: [Filter]?
    /// A text of the row, such as an id or a name; # and its number, from 1; or the title of a total
    public var row: String
    /// The column's name or title
    public var column: String
    /// How many observations are listed; 1000 unless told
    public var limit: Int64?

    public init(
      report: String, parameters: [String: String]? = nil, `where`: [Filter]? = nil, row: String, column: String,
      limit: Int64? = nil
    ) {
      self.report = report
      self.parameters = parameters
      self.where = `where`
      self.row = row
      self.column = column
      self.limit = limit
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("report", self.report, to: &bytes)
        writeJSONMember("parameters", self.parameters, to: &bytes)
        writeJSONMember("where", self.where, to: &bytes)
        writeJSONMember("row", self.row, to: &bytes)
        writeJSONMember("column", self.column, to: &bytes)
        writeJSONMember("limit", self.limit, to: &bytes)
      }
    }
  }

  /// What `Explain` answers.
  public struct ExplainReply: Codable, Hashable, JSONWritable, Sendable {
    public var revision: String
    public var parameters: [String: String]
    public var `where`: [Filter]
    public var title: String
    public var row: String
    /// Of a total, where it comes from
    public var total: TotalKind?
    public var column: Column
    /// The cell's value as it is shown
    public var shown: String
    /// What the added observations come to; absent when they give no number, or one that is no integer of 64 bits
    public var sum: Int64?
    /// The same with all its digits; absent when they give no number
    public var sumShown: String?
    /// What the cell has of the numbers that belong in it; absent for what is no sum
    public var coverage: Coverage?
    /// In the order of the dataset
    public var evidence: [Evidence]
    /// How many observations there are, the listed ones included
    public var evidenceTotal: Int64
    /// What sources state about the sum of exactly these observations
    public var stated: [StatedTotal]
    /// What was done, in order
    public var steps: [Step]
    /// On the cell, then on the whole report
    public var notes: [Note]

    public init(
      revision: String, parameters: [String: String], `where`: [Filter], title: String, row: String,
      total: TotalKind? = nil, column: Column, shown: String, sum: Int64? = nil, sumShown: String? = nil,
      coverage: Coverage? = nil, evidence: [Evidence], evidenceTotal: Int64, stated: [StatedTotal], steps: [Step],
      notes: [Note]
    ) {
      self.revision = revision
      self.parameters = parameters
      self.where = `where`
      self.title = title
      self.row = row
      self.total = total
      self.column = column
      self.shown = shown
      self.sum = sum
      self.sumShown = sumShown
      self.coverage = coverage
      self.evidence = evidence
      self.evidenceTotal = evidenceTotal
      self.stated = stated
      self.steps = steps
      self.notes = notes
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("revision", self.revision, to: &bytes)
        writeJSONMember("parameters", self.parameters, to: &bytes)
        writeJSONMember("where", self.where, to: &bytes)
        writeJSONMember("title", self.title, to: &bytes)
        writeJSONMember("row", self.row, to: &bytes)
        writeJSONMember("total", self.total, to: &bytes)
        writeJSONMember("column", self.column, to: &bytes)
        writeJSONMember("shown", self.shown, to: &bytes)
        writeJSONMember("sum", self.sum, to: &bytes)
        writeJSONMember("sumShown", self.sumShown, to: &bytes)
        writeJSONMember("coverage", self.coverage, to: &bytes)
        writeJSONMember("evidence", self.evidence, to: &bytes)
        writeJSONMember("evidenceTotal", self.evidenceTotal, to: &bytes)
        writeJSONMember("stated", self.stated, to: &bytes)
        writeJSONMember("steps", self.steps, to: &bytes)
        writeJSONMember("notes", self.notes, to: &bytes)
      }
    }
  }

  /// What `Reconcile` answers.
  ///
  /// Holds every stated total of the dataset against the sum of what it claims to cover, and lists the contradictions that
  /// no sum shows. Nothing is corrected. Totals come in the order of the dataset or, where they are many, first those that
  /// disagree, by the size of the difference. With 'more' the entries come in several replies where they are many, to be
  /// put together in their order; all else is the same in each.
  public struct ReconcileReply: Codable, Hashable, JSONWritable, Sendable {
    public var revision: String
    public var agreeing: Int64
    public var acknowledged: Int64
    public var unacknowledged: Int64
    public var entries: [ReconciliationEntry]
    /// What was not looked for, and how to ask for it
    public var note: String?

    public init(
      revision: String, agreeing: Int64, acknowledged: Int64, unacknowledged: Int64, entries: [ReconciliationEntry],
      note: String? = nil
    ) {
      self.revision = revision
      self.agreeing = agreeing
      self.acknowledged = acknowledged
      self.unacknowledged = unacknowledged
      self.entries = entries
      self.note = note
    }

    public func appendJSON(to bytes: inout [UInt8]) {
      writeJSONObject(to: &bytes) { bytes in
        writeJSONMember("revision", self.revision, to: &bytes)
        writeJSONMember("agreeing", self.agreeing, to: &bytes)
        writeJSONMember("acknowledged", self.acknowledged, to: &bytes)
        writeJSONMember("unacknowledged", self.unacknowledged, to: &bytes)
        writeJSONMember("entries", self.entries, to: &bytes)
        writeJSONMember("note", self.note, to: &bytes)
      }
    }
  }
}
