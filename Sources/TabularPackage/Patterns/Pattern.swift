/// A regular expression that decides in one pass over the text, whatever the text: a deterministic automaton.
struct Pattern: Sendable {
  let source: String
  /// Where runs of scalars of one class begin, ascending from 0, and the class of each run.
  private let runStarts: [UInt32]
  private let runClasses: [UInt16]
  private let classCount: Int
  private let asciiClasses: [UInt16]
  /// The next state, by state and class; -1 when nothing can match any more.
  private let transitions: [Int32]
  private let isAccepting: [Bool]

  static let maximumNodes = 5_000
  static let maximumStates = 1_024

  init(_ source: String) throws(PatternError) {
    self.source = source
    var automaton = NondeterministicAutomaton()
    let start = automaton.addNode()
    let end = try automaton.add(try PatternParser.parse(source), from: start)
    automaton.accepting = end

    let runs = automaton.scalarRuns()
    runStarts = runs.starts
    runClasses = runs.classes
    classCount = runs.examples.count
    asciiClasses = (0..<128).map { scalar in runs.classes[runs.starts.lastIndex { $0 <= scalar } ?? 0] }
    var states = [automaton.closure(of: [start], atStart: true)]
    var indexes: [Set<Int>: Int32] = [states[0]: 0]
    var transitions: [Int32] = []
    var accepting: [Bool] = []
    var next = 0
    while next < states.count {
      accepting.append(automaton.accepts(states[next]))
      for example in runs.examples {
        let reached = automaton.closure(of: automaton.step(states[next], on: example), atStart: false)
        if reached.isEmpty {
          transitions.append(-1)
        } else if let index = indexes[reached] {
          transitions.append(index)
        } else {
          if states.count == Self.maximumStates { throw PatternError(character: 1, message: "too complex") }
          indexes[reached] = Int32(states.count)
          transitions.append(Int32(states.count))
          states.append(reached)
        }
      }
      next += 1
    }
    self.transitions = transitions
    isAccepting = accepting
  }

  /// Whether the pattern matches the whole text, which is valid UTF-8.
  func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var state: Int32 = 0
    var offset = 0
    while offset < text.count {
      let byte = text[offset]
      let scalarClass: Int
      if byte < 0x80 {
        scalarClass = Int(asciiClasses[Int(byte)])
        offset += 1
      } else {
        let length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        var value = UInt32(byte) & (0xFF >> UInt32(length + 1))
        for index in offset + 1..<min(offset + length, text.count) { value = value << 6 | UInt32(text[index] & 0x3F) }
        scalarClass = Int(runClasses[run(of: value)])
        offset += length
      }
      state = transitions[Int(state) * classCount + scalarClass]
      if state < 0 { return false }
    }
    return isAccepting[Int(state)]
  }

  private func run(of value: UInt32) -> Int {
    var low = 0
    var high = runStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if runStarts[middle] <= value { low = middle } else { high = middle }
    }
    return low
  }
}

private struct NondeterministicAutomaton {
  private enum Edge {
    case free(Int)
    case scalars(ScalarSet, Int)
    case atStart(Int)
    case atEnd(Int)
  }

  private var edges: [[Edge]] = []
  var accepting = 0

  mutating func addNode() -> Int {
    edges.append([])
    return edges.count - 1
  }

  /// Adds what `node` matches behind `from`, and returns where it ends.
  mutating func add(_ node: PatternNode, from: Int) throws(PatternError) -> Int {
    if edges.count > Pattern.maximumNodes { throw PatternError(character: 1, message: "too complex") }
    switch node {
    case .empty: return from
    case .scalars(let set): return link(from) { .scalars(set, $0) }
    case .start: return link(from) { .atStart($0) }
    case .end: return link(from) { .atEnd($0) }
    case .sequence(let parts):
      var end = from
      for part in parts { end = try add(part, from: end) }
      return end
    case .alternatives(let alternatives):
      let end = addNode()
      for alternative in alternatives {
        let branch = link(from) { .free($0) }
        let branchEnd = try add(alternative, from: branch)
        edges[branchEnd].append(.free(end))
      }
      return end
    case .repetition(let part, let minimum, let maximum):
      var end = from
      for _ in 0..<minimum { end = try add(part, from: end) }
      guard let maximum else {
        let loop = link(end) { .free($0) }
        let loopEnd = try add(part, from: loop)
        edges[loopEnd].append(.free(loop))
        return link(loop) { .free($0) }
      }
      let last = addNode()
      edges[end].append(.free(last))
      for _ in minimum..<maximum {
        end = try add(part, from: end)
        edges[end].append(.free(last))
      }
      return last
    }
  }

  private mutating func link(_ from: Int, _ edge: (Int) -> Edge) -> Int {
    let node = addNode()
    edges[from].append(edge(node))
    return node
  }

  /// Runs of scalars that no edge tells apart, and which of the runs no edge tells apart either: those are of one
  /// class, for which one example stands.
  func scalarRuns() -> (starts: [UInt32], classes: [UInt16], examples: [UInt32]) {
    var distinct: [[ClosedRange<UInt32>]: ScalarSet] = [:]
    for case .scalars(let set, _) in edges.joined() { distinct[set.ranges] = set }
    let sets = Array(distinct.values)
    var starts: Set<UInt32> = [0]
    for range in sets.flatMap(\.ranges) {
      starts.insert(range.lowerBound)
      if range.upperBound < ScalarSet.maximum { starts.insert(range.upperBound + 1) }
    }
    let sorted = starts.sorted()
    var classOfMembership: [[Bool]: UInt16] = [:]
    var examples: [UInt32] = []
    let classes = sorted.map { start in
      let membership = sets.map { $0.contains(start) }
      if let known = classOfMembership[membership] { return known }
      let new = UInt16(truncatingIfNeeded: examples.count)
      classOfMembership[membership] = new
      examples.append(start)
      return new
    }
    return (sorted, classes, examples)
  }

  func step(_ nodes: Set<Int>, on scalar: UInt32) -> Set<Int> {
    var reached: Set<Int> = []
    for node in nodes {
      for case .scalars(let set, let target) in edges[node] where set.contains(scalar) {
        reached.insert(target)
      }
    }
    return reached
  }

  func closure(of nodes: Set<Int>, atStart: Bool, atEnd: Bool = false) -> Set<Int> {
    var reached = nodes
    var pending = Array(nodes)
    while let node = pending.popLast() {
      for edge in edges[node] {
        let target: Int
        switch edge {
        case .free(let node): target = node
        case .atStart(let node) where atStart: target = node
        case .atEnd(let node) where atEnd: target = node
        default: continue
        }
        if reached.insert(target).inserted { pending.append(target) }
      }
    }
    return reached
  }

  /// Whether a text may end in these nodes. An anchor for the start behind one for the end never holds but for the
  /// empty text, which nobody writes down as a pattern.
  func accepts(_ nodes: Set<Int>) -> Bool {
    closure(of: nodes, atStart: false, atEnd: true).contains(accepting)
  }
}
