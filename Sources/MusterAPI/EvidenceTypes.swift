/// The wire types of `Explain` and `Reconcile`. What each field means stands in the interface's text.
extension Reports {
  public struct Evidence: Codable, Hashable, Sendable {
    public var use: String
    public var value: Int64?
    public var printed: String
    public var missing: String?
    public var codes: [String: String]
    public var id: String?
    public var source: String
    public var locus: String?
    public var quote: String?
    public var caveats: [String]

    public init(
      use: String, value: Int64? = nil, printed: String, missing: String? = nil, codes: [String: String],
      id: String? = nil, source: String, locus: String? = nil, quote: String? = nil, caveats: [String]
    ) {
      self.use = use
      self.value = value
      self.printed = printed
      self.missing = missing
      self.codes = codes
      self.id = id
      self.source = source
      self.locus = locus
      self.quote = quote
      self.caveats = caveats
    }
  }

  public struct StatedTotal: Codable, Hashable, Sendable {
    public var value: Int64?
    public var shown: String
    public var source: String?
    public var locus: String?
    public var quote: String?
    public var agrees: Bool
    public var explanations: [String]

    public init(
      value: Int64? = nil, shown: String, source: String? = nil, locus: String? = nil, quote: String? = nil,
      agrees: Bool, explanations: [String]
    ) {
      self.value = value
      self.shown = shown
      self.source = source
      self.locus = locus
      self.quote = quote
      self.agrees = agrees
      self.explanations = explanations
    }
  }

  public struct ExplainParameters: Codable, Hashable, Sendable {
    public var report: String
    public var parameters: [String: String]?
    public var `where`: [Narrowing]?
    public var row: String
    public var column: String
    public var limit: Int?

    public init(
      report: String, parameters: [String: String]? = nil, where narrowing: [Narrowing]? = nil, row: String,
      column: String, limit: Int? = nil
    ) {
      self.report = report
      self.parameters = parameters
      self.where = narrowing
      self.row = row
      self.column = column
      self.limit = limit
    }
  }

  public struct ExplainReply: Codable, Hashable, Sendable {
    public var revision: String
    public var parameters: [String: String]
    public var `where`: [Narrowing]
    public var title: String
    public var row: String
    public var total: String?
    public var column: Column
    public var shown: String
    public var sum: Int64?
    public var evidence: [Evidence]
    public var evidenceTotal: Int
    public var stated: [StatedTotal]
    public var steps: [Step]
    public var notes: [Note]

    public init(
      revision: String, parameters: [String: String], where narrowing: [Narrowing], title: String, row: String,
      total: String? = nil, column: Column, shown: String, sum: Int64? = nil, evidence: [Evidence], evidenceTotal: Int,
      stated: [StatedTotal], steps: [Step], notes: [Note]
    ) {
      self.revision = revision
      self.parameters = parameters
      self.where = narrowing
      self.title = title
      self.row = row
      self.total = total
      self.column = column
      self.shown = shown
      self.sum = sum
      self.evidence = evidence
      self.evidenceTotal = evidenceTotal
      self.stated = stated
      self.steps = steps
      self.notes = notes
    }
  }

  public struct ReconciliationEntry: Codable, Hashable, Sendable {
    public var id: String?
    public var status: String
    public var subject: String
    public var isTotal: Bool
    public var stated: Int64?
    public var computed: Int64?
    public var difference: Int64?
    public var locus: String?
    public var statements: String?
    public var explanation: String?
    public var candidates: String?

    public init(
      id: String? = nil, status: String, subject: String, isTotal: Bool, stated: Int64? = nil, computed: Int64? = nil,
      difference: Int64? = nil, locus: String? = nil, statements: String? = nil, explanation: String? = nil,
      candidates: String? = nil
    ) {
      self.id = id
      self.status = status
      self.subject = subject
      self.isTotal = isTotal
      self.stated = stated
      self.computed = computed
      self.difference = difference
      self.locus = locus
      self.statements = statements
      self.explanation = explanation
      self.candidates = candidates
    }
  }

  public struct ReconcileReply: Codable, Hashable, Sendable {
    public var revision: String
    public var agreeing: Int
    public var acknowledged: Int
    public var unacknowledged: Int
    public var entries: [ReconciliationEntry]

    public init(revision: String, agreeing: Int, acknowledged: Int, unacknowledged: Int, entries: [ReconciliationEntry])
    {
      self.revision = revision
      self.agreeing = agreeing
      self.acknowledged = acknowledged
      self.unacknowledged = unacknowledged
      self.entries = entries
    }
  }
}
