import ArgumentParser
import Base
import JSON
import MusterAPI

struct Dimensions: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dimensions",
    abstract: "List the dimensions of the dataset and their codes, for run --where.",
    discussion: """
      EXAMPLES
        muster dimensions
        muster dimensions country

      \(ConnectionOptions.environmentHelp)

      \(ExitStatus.help)
      """)

  @Argument(help: "The name of a dimension, for its codes alone.", completion: .asking(Candidates.dimensions))
  var dimension: String?
  @OptionGroup var reply: ReplyOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func run() throws {
    let service = try connection.open(for: "dimensions")
    defer { service.close() }
    let answer = try service.dimensions()
    service.watch.endProgress()
    let dimensions: Reports.ListDimensionsReply = try service.decode(answer, of: Connection.dimensionsMethod)
    let names = dimensions.dimensions.map(\.name)
    if let dimension, !names.contains(dimension) {
      throw Failure(
        status: .usage, message: "no such dimension: \(dimension)\(didYouMean(dimension, among: names))")
    }
    try reply.show(answer) { rendering in
      rendering.dimensions(dimensions.dimensions.filter { dimension == nil || $0.name == dimension })
    }
  }
}

extension Connection {
  static let dimensionsMethod = "\(Reports.interface).ListDimensions"

  /// All dimensions. The codes of one may go on in the next page, under its name.
  func dimensions() throws -> JSONObject {
    try collect(Self.dimensionsMethod, lists: ["dimensions"]) { dimensions, page in
      var page = page[...]
      if var last = dimensions.last?.objectValue, let next = page.first?.objectValue, last["name"] == next["name"] {
        last["codes"] = .array((last["codes"]?.arrayValue ?? []) + (next["codes"]?.arrayValue ?? []))
        dimensions[dimensions.count - 1] = .object(last)
        page = page.dropFirst()
      }
      dimensions += page
    }
  }
}
