import Base
import Columnar
import Model
import TestDatasets
import TestSupport
import Testing

/// What a small dataset is about, by configuration alone.
struct DatasetModelTests {
  private let model: DatasetModel

  init() async throws {
    let engine = try await harbourDataset().load(place: "port", breakdown: "season", measure: "ships")
    model = engine.model
  }

  @Test("dimensions, measure and kinds of nothing come from the package")
  func structure() throws {
    #expect(model.name == "test")
    #expect(model.dimensions.map(\.id) == ["log", "port", "season"])
    #expect(model.place.id == "port" && model.breakdown.id == "season")
    #expect(model.place.title == "Port")
    #expect(model.place.codes.ids == ["akra", "bergen", "cadiz", "dover"])
    #expect(model.place.codes.names == ["Akra", "Bergen", "Cádiz", "dover"])
    #expect(model.breakdown.codes.attributeNames == ["name", "note"])
    #expect(model.breakdown.codes.attribute("note") == ["cold", nil])
    #expect(model.breakdown.codes.attribute("nope") == nil)
    #expect(model.measure.name == "ships" && model.measure.title == "Ships" && model.measure.unit == "ships")
    #expect(model.missingReasons.map(\.value) == ["-", ""])
    #expect(model.missingReasons.map(\.label) == ["a dash", "left out"])
    #expect(model.revision.hasPrefix("sha256:"))
  }

  @Test("unknown names come with the nearest one")
  func names() throws {
    #expect(try model.dimension("season") == 2)
    #expect(try model.place.code("cadiz") == 2)
    #expect(throws: UnknownName(kind: "dimension", name: "ports", suggestions: ["port"])) {
      try model.dimension("ports")
    }
    let error = #expect(throws: UnknownName.self) { try model.place.code("bergn") }
    #expect(error?.description == "unknown port \"bergn\"; did you mean \"bergen\"?")
  }

  @Test("a selection is made of names, and every unknown one is reported with its place")
  func selections() throws {
    let south = try model.selection([
      SelectionTerm("port", ["akra", "cadiz"]), SelectionTerm("season", ["winter"]),
    ])
    #expect(south == Selection().restricting(1, to: [0, 2]).restricting(2, to: [0]))
    #expect(south.contains([1, 2, 0]) && !south.contains([1, 1, 0]))
    let terms = [
      SelectionTerm("prot", ["akra"]),
      SelectionTerm("season", items: [.text("wintr"), .text("summer"), .text("spring")], without: [.text("sumer")]),
    ]
    let error = #expect(throws: SelectionErrors.self) { try model.selection(terms) }
    #expect(
      error?.errors.map(\.description) == [
        "unknown dimension \"prot\"; did you mean \"port\"?", "unknown season \"wintr\"; did you mean \"winter\"?",
        "unknown season \"spring\"", "unknown season \"sumer\"; did you mean \"summer\"?",
      ])
    #expect(error?.errors.map(\.term) == [0, 1, 1, 1])
    #expect(error?.errors.map(\.part) == [nil, .item(0), .item(2), .without(0)])
    let first = #expect(throws: SelectionErrors.self) { try model.selection(terms, errorLimit: 1) }
    #expect(first?.errors.count == 1)
  }

  @Test("all but some is selected, and several terms of one dimension narrow it")
  func narrowing() throws {
    func ports(_ terms: SelectionTerm...) throws -> [Int]? { try model.selection(terms)[1].map(Array.init) }
    let notAkra = SelectionTerm("port", items: nil, without: [.text("akra")])
    #expect(try ports(notAkra) == [1, 2, 3])
    #expect(try ports(SelectionTerm("port", ["akra", "bergen"]), notAkra) == [1])
    #expect(try ports(SelectionTerm("port", items: [.text("akra"), .text("dover")], without: [.text("akra")])) == [3])
    #expect(try ports(SelectionTerm("port", [])) == [], "who asks for nothing gets nothing")
  }

  @Test("a selection of nothing is refused")
  func nothing() throws {
    func messages(_ terms: SelectionTerm...) throws -> [String] {
      let error = #expect(throws: SelectionErrors.self) { try model.selection(terms) }
      return error?.errors.map(\.description) ?? []
    }
    #expect(
      try messages(SelectionTerm("port", ["akra"]), SelectionTerm("port", ["dover"]))
        == ["this leaves nothing of the port that is selected before it"])
    #expect(
      try messages(SelectionTerm("season", items: nil, without: [.text("summer"), .text("winter")]))
        == ["this leaves out all of the season that it selects"])
  }

  @Test("more ranges than anybody writes are refused, once")
  func ranges() throws {
    let terms = [SelectionTerm("port", Array(repeating: "akra..dover", count: 1000))]
    let error = #expect(throws: SelectionErrors.self) { try model.selection(terms) }
    #expect(error?.errors.count == SelectionTerm.rangeLimit + 1)
    #expect(error?.errors.last?.description == "more than 100 ranges in one selection are too many")
  }

  @Test("selections are told in the words of the dataset")
  func words() {
    #expect(model.words(for: .all) == "everything")
    #expect(
      model.words(for: Selection().restricting(1, to: [2, 0]).restricting(2, to: [1]))
        == "Port: Akra, Cádiz; season: Summer")
    #expect(model.words(for: Selection().restricting(2, to: [0, 1])) == "everything")
    #expect(model.words(for: Selection().restricting(2, to: [])) == "season: none")
  }

  @Test("a scheme puts places into blocs, and may leave some out")
  func blocs() throws {
    #expect(model.schemes.map(\.id) == ["sea"])
    let scheme = model.schemes[0]
    #expect(scheme.title == "Seas" && scheme.asOf == "1900" && scheme.basis == "charts")
    #expect(scheme.groups.map(\.name) == ["North Sea", "Southern seas"])
    #expect(scheme.groupOfCode == [1, 0, 1, nil])
    #expect((0..<4).map(scheme.basis) == [nil, "lies there", "chart 5", nil])
    #expect(scheme.group(of: 9) == nil)
    #expect(scheme.memberships.filter { $0.group == 1 }.map(\.code) == [0, 2])
  }

  @Test("stated totals have the scope that they claim")
  func statedTotals() throws {
    let total = model.statedTotals[0]
    #expect(total.value == .number(19) && total.source == nil && total.locus == "p. 9" && total.quote == "nineteen")
    #expect(total.scope[1] == [0, 2] && total.scope[2] == [0] && total.scope[0] == nil)
    #expect(model.statedTotals[1].value == .missing(reason: 0))
    #expect(model.statedTotals[1].scope == .all)
  }

  @Test("the ledger names the statements that disagree")
  func discrepancies() {
    let ledger = model.discrepancies
    #expect(ledger.map(\.title) == ["Nineteen or eighteen"])
    #expect(ledger[0].explanation == "The log miscounts")
    #expect(ledger[0].statements == [.statedTotal(0), .observation(ObservationKey("o5"))])
  }
}
