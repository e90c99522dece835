import JSON
import TestSupport
import Testing
import Varlink

/// Random clients against the state machine, which must keep its promises whatever the pieces and the timing are.
@Suite struct ServerStateMachineRandomTests {
  /// Plays the event loop: it obeys the actions and checks them.
  private struct Model {
    var machine = ServerStateMachine(limits: .init(messageByteCount: 4096, readAheadByteCount: 128))
    var started: [Call] = []
    var running: Call?
    var replyCounts: [Int] = []
    var isReading = true
    var isHungUp = false
    var closings: [ServerStateMachine.CloseReason] = []
    var isCancelled = false
    var finishCount = 0

    mutating func obey(_ actions: [ServerStateMachine.Action]) {
      for action in actions {
        #expect(finishCount == 0, "nothing may follow the end")
        switch action {
        case .start(let call):
          #expect(running == nil, "two calls at a time")
          #expect(closings.isEmpty, "a call after the close")
          #expect(!isHungUp || call.mode == .oneway, "a call that nobody awaits")
          running = call
          started.append(call)
          replyCounts.append(0)
        case .write:
          #expect(running.map { $0.mode != .oneway } ?? false, "an answer to nobody")
          #expect(!isHungUp)
          replyCounts[replyCounts.count - 1] += 1
        case .cancel:
          #expect(running != nil)
          isCancelled = true
        case .stopReading:
          #expect(isReading)
          isReading = false
        case .resumeReading:
          #expect(!isReading)
          isReading = true
        case .close(let reason, _): closings.append(reason)
        case .finish:
          #expect(running == nil)
          finishCount += 1
        case .deliver, .deliverEnd: Issue.record("nothing was upgraded")
        }
      }
    }

    mutating func endCall() throws {
      if running == nil { return }
      obey(try machine.replied([0], continues: false))
      running = nil
      obey(machine.callEnded())
    }
  }

  private static func calls(_ random: inout SplitMix) -> [Call] {
    (0..<Int.random(in: 1...40, using: &random)).map { index in
      let mode = [Call.Mode.single, .oneway, .more].randomElement(using: &random) ?? .single
      let padding = String(repeating: "x", count: Int.random(in: 0...100, using: &random))
      return Call("a.M\(index)", ["p": .string(padding)], mode: mode)
    }
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func everyPipelinedCallIsAnsweredInOrder(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    var model = Model()
    let calls = Self.calls(&random)
    var rest = try calls.flatMap { try $0.encoded() }[...]
    let pieceLimit = seed == 0 ? 1 : Int.random(in: 1...300, using: &random)
    var isWritable = true

    while !rest.isEmpty || model.running != nil || !isWritable {
      switch Int.random(in: 0..<4, using: &random) {
      case 0 where model.isReading && !rest.isEmpty:
        let piece = Array(rest.prefix(Int.random(in: 1...pieceLimit, using: &random)))
        rest = rest.dropFirst(piece.count)
        model.obey(model.machine.received(piece))
        #expect(model.machine.bufferedByteCount <= 128 + pieceLimit + 200, "the buffer is bounded")
      case 1: try model.endCall()
      case 2:
        if model.running?.mode == .more { model.obey(try model.machine.replied([0], continues: true)) }
      default:
        isWritable.toggle()
        model.obey(model.machine.writabilityChanged(isWritable))
      }
    }
    while model.running != nil { try model.endCall() }
    model.obey(model.machine.inputEnded())
    while model.running != nil { try model.endCall() }
    model.obey(model.machine.hungUp())

    #expect(model.started == calls)
    #expect(zip(calls, model.replyCounts).allSatisfy { ($0.mode == .oneway) == ($1 == 0) })
    #expect(model.closings == [.completed])
    #expect(!model.isCancelled)
    #expect(model.finishCount == 1)
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func aHangUpAtAnyMomentEndsInOrder(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    var model = Model()
    let calls = Self.calls(&random)
    let stream = try calls.flatMap { try $0.encoded() }
    var rest = stream.prefix(Int.random(in: 0...stream.count, using: &random))
    while !rest.isEmpty {
      let piece = Array(rest.prefix(Int.random(in: 1...300, using: &random)))
      rest = rest.dropFirst(piece.count)
      model.obey(model.machine.received(piece))
      if Bool.random(using: &random) { try model.endCall() }
    }
    if Bool.random(using: &random) { model.obey(model.machine.inputEnded()) }
    let runningBefore = model.running
    model.isHungUp = true
    model.obey(model.machine.hungUp())
    #expect(model.isCancelled == (runningBefore.map { $0.mode != .oneway } ?? false))
    while model.running != nil { try model.endCall() }

    #expect(model.started == Array(calls.prefix(model.started.count)))
    #expect(model.finishCount == 1)
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func garbageNeverDoesMoreThanClose(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    var model = Model()
    var stream = try Self.calls(&random).flatMap { try $0.encoded() }
    for _ in 0..<Int.random(in: 1...5, using: &random) {
      stream[Int.random(in: 0..<stream.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
    }
    var rest = stream[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(Int.random(in: 1...100, using: &random)))
      rest = rest.dropFirst(piece.count)
      model.obey(model.machine.received(piece))
      while model.running != nil { try model.endCall() }
    }
    model.obey(model.machine.inputEnded())
    while model.running != nil { try model.endCall() }
    #expect(model.closings.count == 1)
    model.obey(model.machine.hungUp())
    #expect(model.finishCount == 1)
  }
}
