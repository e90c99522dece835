public import Base

/// Gathers the problems of one or several files while they are read, so that all can be shown at once.
public final class ProblemCollector {
  private var found: ProblemList
  private var kept: Set<Problem> = []

  /// - Parameter limit: how many problems are kept; more are counted.
  public init(limit: Int = ProblemList.defaultLimit) {
    found = ProblemList(limit: limit)
  }

  /// Whether nothing was reported, not even something that was only counted.
  public var isEmpty: Bool { found.isEmpty }

  /// Takes a problem unless it is known: what several aliases repeat is wrong once.
  public func report(_ problem: Problem) {
    if kept.contains(problem) { return }
    if found.problems.count < found.limit { kept.insert(problem) }
    found.append(problem)
  }

  /// Reports a problem at a node, unless one has been reported that makes it `unreadable`.
  public func report(_ message: String, at node: Node) {
    if case .unreadable = node.kind { return }
    report(node.problem(message))
  }

  /// Takes those that are not known, and counts those that the list only counted.
  public func report(contentsOf problems: ProblemList) {
    for problem in problems.problems { report(problem) }
    found.addUnlisted(problems.total - problems.problems.count)
  }

  /// Counts a problem without describing it.
  func reportUnlisted() {
    found.addUnlisted(1)
  }

  /// `; did you mean "x"?`, where it is worth the time: not for monstrous names, nor for problems that are not kept.
  func suggestion(for name: String, among candidates: some Sequence<String>) -> String {
    guard name.utf8.count <= 100, found.problems.count < found.limit else { return "" }
    return didYouMean(name, among: candidates)
  }

  /// The problems file by file, in the order of the text.
  public var problems: ProblemList {
    var files: [String: Int] = [:]
    let keyed = found.problems.enumerated().map { offset, problem in
      let file = files[problem.file] ?? files.count
      files[problem.file] = file
      return (key: (file, problem.position.order, offset), problem: problem)
    }
    let sorted = keyed.sorted {
      ($0.key.0, $0.key.1.0, $0.key.1.1, $0.key.2) < ($1.key.0, $1.key.1.0, $1.key.1.1, $1.key.2)
    }
    var list = ProblemList(sorted.map(\.problem), limit: found.limit)
    list.addUnlisted(found.total - found.problems.count)
    return list
  }

  /// Throws all problems, sorted as in `problems`, unless there are none.
  public func throwIfAny() throws(ProblemList) {
    try problems.throwIfAny()
  }
}

extension Problem.Position {
  fileprivate var order: (Int, Int) {
    switch self {
    case .file: (0, 0)
    case .text(let line, let column): (line, column)
    case .row(let row, _): (row, 0)
    }
  }
}
