import Pipeline
import ReportKit
import TestDatasets
import TestSupport
import Testing

@Suite("A question becomes its answer in one way", .timeLimit(.minutes(10)))
struct DeliveryTests {
  private let generation: Generation
  private let delivery: Delivery

  init() async throws {
    let folder = try TemporaryFolder()
    try folder.write(
      harboursDataset + "reports:\n  many: { pipeline: [many-rows] }\n  arrivals: { pipeline: [country-summary] }\n",
      to: "m.yaml")
    let registry = PluginRegistry(
      reports: shipped.reports + [ManyRows()], transforms: shipped.transforms, exporters: shipped.exporters)
    generation = try await Generation.load(path: "\(folder.path)/m.yaml", registry: registry)
    delivery = Delivery(of: generation)
  }

  /// Tells a probe what it is handed. Of each row it takes it that it has a thousand bytes.
  private struct Witness: TableSink {
    let probe: Probe
    var limit: SizeLimit?
    var cancels = false

    func begin() { probe.note("begin") }

    func take(_ batch: Batch) throws {
      probe.note("take \(batch.count)")
      try limit?.check(batch.count * 1000)
      if cancels { withUnsafeCurrentTask { $0?.cancel() } }
    }

    func end(notes: [Note], totals: [TotalRow]) { probe.note("end") }
  }

  @Test func rowsComeInTheirOrderABoundedNumberAtATimeThenWhatIsBelow() async throws {
    let probe = Probe()
    let request = try generation.request(report: "many")
    let both = try await delivery.run(request) {
      Both(Witness(probe: probe), CollectedRows(of: $0))
    }
    let counts = both.second.batches.map(\.count)
    #expect(counts.allSatisfy { (1...2048).contains($0) }, "\(counts)")
    #expect(probe.events == ["begin"] + counts.map { "take \($0)" } + ["end"])
    #expect(both.second.rows.map { $0[0] } == (0..<5000).map { Cell.integer($0) })
    #expect(both.second.notes == [ManyRows.note])
    #expect(both.second.columns.map(\.name) == ["number", "text", "gap_0"])
  }

  @Test func notesAndTotalsOfThePipelineComeAtTheEnd() async throws {
    let answer = try await rows(of: "arrivals", from: generation)
    #expect(answer.rows.map { $0[0].value } == ["alby", "brok", "corre", "dun"].map { Cell.Value.text($0) })
    #expect(answer.totals.map { $0.row.cells.last?.value } == [.integer(55)])
    #expect(answer.answer.encoding == nil)
  }

  @Test func ofNoRowsThereIsABeginningAndAnEnd() async throws {
    let probe = Probe()
    let request = try generation.request(report: "many", parameters: ["count": "0"])
    _ = try await delivery.run(request) { _ in Witness(probe: probe) }
    #expect(probe.events == ["begin", "end"])
  }

  @Test("Whoever has gone away is handed nothing more, not even of the batch that was computed")
  func cancellation() async throws {
    let probe = Probe()
    let request = try generation.request(report: "many", parameters: ["batch": "5000"])
    await #expect(throws: CancellationError.self) {
      // A task of its own, for this one shall go on.
      try await Task {
        _ = try await delivery.run(request) { _ in Witness(probe: probe, cancels: true) }
      }.value
    }
    #expect(probe.events == ["begin", "take 2048"])
  }

  @Test("A sink that takes no more ends it with its own error, which names the limit")
  func limit() async throws {
    let probe = Probe()
    let limit = SizeLimit(.replySize, of: generation.configuration.limits)
    let request = try generation.request(report: "many")
    let error = await #expect(throws: SizeLimitExceeded.self) {
      _ = try await delivery.run(request) { _ in Witness(probe: probe, limit: limit) }
    }
    #expect(error?.limit == limit)
    #expect(error?.description == "the result is larger than the 1048576 bytes that limits.reply_size allows")
    #expect(probe.events == ["begin", "take 2048"])
    #expect(throws: SizeLimitExceeded.self) { try limit.check(1_048_577) }
    #expect(throws: Never.self) { try limit.check(1_048_576) }
  }

  @Test("A format's parameters are checked before there is a sink", arguments: ["delimeter", "delimiter"])
  func format(_ parameter: String) async throws {
    let probe = Probe()
    let request = try generation.request(
      report: "many", format: "csv", formatParameters: [parameter: "several letters"])
    let error = await #expect(throws: FormatParameterError.self) {
      _ = try await delivery.run(request) { _ in Witness(probe: probe) }
    }
    #expect(error?.error.parameter == parameter)
    #expect(error?.error.isUnknown == (parameter == "delimeter"))
    #expect(probe.events == [])
  }

  @Test("Bytes come in blocks of at least the size that is asked for, and are the same in any")
  func blocks() async throws {
    let request = try generation.request(report: "many", format: "csv")
    let whole = try await delivery.run(request, to: CollectedBytes(), blockSize: .max)
    #expect(whole.sink.blocks.count == 1)
    let (sink, receipt) = try await delivery.run(request, to: CollectedBytes(), blockSize: 1000)
    #expect(sink.blocks.count > 1)
    #expect(sink.blocks.dropLast().allSatisfy { $0.count >= 1000 })
    #expect(sink.bytes == whole.sink.bytes)
    #expect(receipt.rowCount == 5000)
    #expect(receipt.byteCount == sink.bytes.count)
    #expect(whole.receipt == receipt)
  }

  @Test("What asks the same is the same key, however it is said")
  func keys() throws {
    func request(
      _ report: String = "arrivals", _ parameters: [String: String] = [:],
      where filter: [(dimension: String, codes: [String])] = [], format: String? = nil,
      _ formatParameters: [String: String] = [:]
    ) throws -> ResultRequest {
      try generation.request(
        report: report, parameters: parameters, where: filter, format: format, formatParameters: formatParameters)
    }
    let filter = [(dimension: "harbour", codes: ["alby", "brok"]), (dimension: "cargo", codes: ["grain"])]
    let filterOtherwise = [(dimension: "cargo", codes: ["grain"]), (dimension: "harbour", codes: ["brok", "alby"])]
    let same = try [
      (request(), request("arrivals", ["totals": "computed"])),
      (request(where: filter), request(where: filterOtherwise)),
      (
        request(format: "csv", ["delimiter": "semicolon", "notes": "true"]),
        request(format: "csv", ["notes": "true", "delimiter": "semicolon"])
      ),
    ]
    for (one, other) in same {
      #expect(one == other)
      #expect(Set([one, other]).count == 1)
    }
    let different = try [
      request(), request("many"), request("arrivals", ["totals": "none"]), request(where: filter),
      request(format: "csv"), request(format: "json"), request(format: "csv", ["delimiter": "semicolon"]),
    ]
    #expect(Set(different).count == different.count)
  }

  @Test("What cannot be asked is told with the nearest right name")
  func refusals() {
    func message(_ body: () throws -> ResultRequest) -> String? {
      let error = #expect(throws: RequestError.self) { try body() }
      return error?.description
    }
    #expect(
      message { try generation.request(report: "arrivls") } == "no such report: arrivls; did you mean \"arrivals\"?")
    #expect(
      message { try generation.request(report: "many", format: "cvs") }?.hasPrefix("no such format: cvs; there are: ")
        == true)
    #expect(
      message { try generation.request(report: "arrivals", where: [("harbor", ["alby"])]) }?
        .contains("did you mean \"harbour\"?") == true)
    #expect(
      message { try generation.request(report: "arrivals", where: [("harbour", ["albi"])]) }?
        .contains("did you mean \"alby\"?") == true)
  }
}
