import JSON
import Testing
import Varlink

private typealias Action = ServerStateMachine.Action

private func bytes(_ calls: Call...) throws -> [UInt8] { try calls.flatMap { try $0.encoded() } }

private let single = Call("a.B")
private let oneway = Call("a.B", mode: .oneway)
private let more = Call("a.B", mode: .more)
private let upgrade = Call("a.B", mode: .upgrade)
private let reply: [UInt8] = Array("{}\0".utf8)

@Suite struct ServerStateMachineTests {
  private var machine = ServerStateMachine()

  // MARK: Order

  @Test mutating func theNextCallStartsAfterTheFinalReply() throws {
    #expect(machine.received(try bytes(single, more)) == [.start(single)])
    #expect(try machine.replied(reply, continues: false) == [.write(reply)])
    #expect(machine.callEnded() == [.start(more)])
    #expect(try machine.replied(reply, continues: true) == [.write(reply)])
    #expect(try machine.replied(reply, continues: false) == [.write(reply)])
    #expect(machine.callEnded() == [])
  }

  @Test mutating func aCallStartsAtItsNULAndNotBefore() throws {
    for byte in try bytes(single).dropLast() { #expect(machine.received([byte]) == []) }
    #expect(machine.isAwaitingRestOfMessage)
    #expect(machine.received([0]) == [.start(single)])
    #expect(!machine.isAwaitingRestOfMessage)
  }

  @Test mutating func aOnewayCallIsNeverAnswered() throws {
    #expect(machine.received(try bytes(oneway, single)) == [.start(oneway)])
    #expect(try machine.replied(reply, continues: false) == [])
    #expect(machine.callEnded() == [.start(single)])
  }

  @Test(arguments: [single, oneway, upgrade])
  func onlyACallWithMoreTakesRepliesThatContinue(call: Call) throws {
    var machine = machine
    _ = machine.received(try bytes(call))
    #expect(throws: MessageError.continuesWithoutMore) { try machine.replied(reply, continues: true) }
  }

  @Test mutating func aReplyWithoutACallIsRefused() {
    #expect(throws: MessageError.unexpectedReply) { try machine.replied(reply, continues: false) }
  }

  // MARK: End of input

  @Test mutating func afterAHalfCloseWhatWasPipelinedIsAnswered() throws {
    #expect(machine.received(try bytes(single, single)) == [.start(single)])
    #expect(machine.inputEnded() == [])
    #expect(try machine.replied(reply, continues: false) == [.write(reply)])
    #expect(machine.callEnded() == [.start(single)])
    #expect(try machine.replied(reply, continues: false) == [.write(reply)])
    #expect(machine.callEnded() == [.close(.completed, flushing: true)])
    #expect(machine.hungUp() == [.finish])
  }

  @Test mutating func aHalfCloseWithNothingToDoCloses() {
    #expect(machine.inputEnded() == [.close(.completed, flushing: true)])
    #expect(machine.inputEnded() == [])
  }

  @Test mutating func theEndInsideAMessageIsAViolation() {
    #expect(machine.received(Array("{\"me".utf8)) == [])
    #expect(machine.inputEnded() == [.close(.violation(.truncated(byteCount: 4)), flushing: true)])
  }

  // MARK: Hang-up

  @Test mutating func aHangUpCancelsTheCallAndForgetsTheOthers() throws {
    #expect(machine.received(try bytes(single, single, oneway)) == [.start(single)])
    #expect(machine.hungUp() == [.cancel])
    #expect(try machine.replied(reply, continues: false) == [])
    #expect(machine.callEnded() == [.finish])
    #expect(machine.hungUp() == [])
  }

  @Test mutating func callsThatWantNoAnswerOutliveTheirClient() throws {
    #expect(machine.received(try bytes(oneway, oneway, single, oneway)) == [.start(oneway)])
    #expect(machine.inputEnded() == [])
    #expect(machine.hungUp() == [])
    #expect(machine.callEnded() == [.start(oneway)])
    #expect(machine.callEnded() == [.finish])
  }

  @Test mutating func aHangUpOfAnIdleClientEndsIt() {
    #expect(machine.hungUp() == [.finish])
    #expect(machine.received(Array("x".utf8)) == [])
  }

  // MARK: Back-pressure

  @Test mutating func readingStopsWhileACallRunsAndTheBufferIsFull() throws {
    machine = ServerStateMachine(limits: .init(readAheadByteCount: 40))
    let call = try bytes(single)
    #expect(machine.received(call) == [.start(single)])
    #expect(machine.received(call + call) == [])
    #expect(machine.received(call) == [.stopReading])
    #expect(machine.received(call) == [], "what the kernel still had is taken")
    #expect(try machine.replied(reply, continues: false) == [.write(reply)])
    #expect(machine.callEnded() == [.start(single)])
    #expect(machine.callEnded() == [.start(single), .resumeReading])
  }

  @Test mutating func noCallStartsWhileTheClientDoesNotRead() throws {
    #expect(machine.received(try bytes(single, single)) == [.start(single)])
    #expect(machine.writabilityChanged(false) == [])
    #expect(try machine.replied(reply, continues: false) == [.write(reply)])
    #expect(machine.callEnded() == [])
    #expect(!machine.isAwaitingRestOfMessage)
    #expect(machine.writabilityChanged(true) == [.start(single)])
  }

  @Test mutating func aMessageBeyondTheReadAheadIsStillReadWhenIdle() throws {
    machine = ServerStateMachine(limits: .init(messageByteCount: 1000, readAheadByteCount: 10))
    #expect(
      machine.received(try bytes(single) + Array(repeating: UInt8(ascii: " "), count: 500)) == [
        .start(single), .stopReading,
      ])
    #expect(machine.callEnded() == [.resumeReading])
    #expect(
      machine.received(Array(repeating: UInt8(ascii: " "), count: 501))
        == [.close(.violation(.tooLong(limit: 1000)), flushing: true)])
  }

  // MARK: Violations

  @Test(arguments: [
    ("{}\0", MessageError.methodMissing),
    ("[]\0", .notAnObject(kind: "array")),
    ("{\"method\":\"a.B\",\"more\":1}\0", .flagNotABool("more", kind: "integer")),
    ("{\"method\":\"a.B\",\"x\":1}\0", .unknownKey("x")),
  ])
  func aMalformedCallClosesWithoutAReply(text: String, error: MessageError) throws {
    var machine = machine
    #expect(machine.received(Array(text.utf8)) == [.close(.violation(error), flushing: true)])
    #expect(machine.received(try bytes(single)) == [])
    #expect(machine.hungUp() == [.finish])
  }

  @Test mutating func whatCameBeforeAMalformedCallIsAnswered() throws {
    #expect(machine.received(try bytes(single) + Array("{}\0".utf8)) == [.start(single)])
    #expect(try machine.replied(reply, continues: false) == [.write(reply)])
    #expect(machine.callEnded() == [.close(.violation(.methodMissing), flushing: true)])
  }

  // MARK: Upgrade

  @Test mutating func anUpgradeHandsOverTheBytesBehindTheNUL() throws {
    let raw = Array("{}\0raw".utf8)
    #expect(machine.received(try bytes(upgrade) + raw) == [.start(upgrade)])
    #expect(try machine.upgraded(reply) == [.write(reply), .deliver(raw)])
    #expect(machine.received(Array("x\0".utf8)) == [.deliver(Array("x\0".utf8))])
    #expect(machine.sentRawBytes([1, 0, 2]) == [.write([1, 0, 2])])
    #expect(machine.rawBytesWanted(false) == [.stopReading])
    #expect(machine.rawBytesWanted(true) == [.resumeReading])
    #expect(machine.inputEnded() == [.deliverEnd])
    #expect(machine.sentRawBytes([3]) == [.write([3])])
    #expect(machine.callEnded() == [.close(.completed, flushing: true)])
    #expect(machine.hungUp() == [.finish])
  }

  @Test mutating func anUpgradeThatFailsLeavesVarlink() throws {
    #expect(machine.received(try bytes(upgrade, single)) == [.start(upgrade)])
    #expect(try machine.replied(reply, continues: false) == [.write(reply)])
    #expect(machine.callEnded() == [.start(single)])
  }

  @Test mutating func aHalfCloseBeforeTheUpgradeEndsTheRawBytes() throws {
    #expect(machine.received(try bytes(upgrade) + [7]) == [.start(upgrade)])
    #expect(machine.inputEnded() == [])
    #expect(try machine.upgraded(reply) == [.write(reply), .deliver([7]), .deliverEnd])
  }

  @Test mutating func aHangUpEndsTheRawBytesAndCancels() throws {
    #expect(machine.received(try bytes(upgrade)) == [.start(upgrade)])
    _ = try machine.upgraded(reply)
    #expect(machine.hungUp() == [.deliverEnd, .cancel])
    #expect(machine.sentRawBytes([1]) == [])
    #expect(machine.callEnded() == [.finish])
  }

  @Test mutating func onlyACallThatAsksForItIsUpgraded() throws {
    _ = machine.received(try bytes(single))
    #expect(throws: MessageError.unexpectedReply) { try machine.upgraded(reply) }
  }

  // MARK: Shutdown

  @Test mutating func shutdownLetsTheRunningCallFinish() throws {
    #expect(machine.received(try bytes(single, single)) == [.start(single)])
    #expect(machine.shutdown() == [])
    #expect(try machine.replied(reply, continues: false) == [.write(reply)])
    #expect(machine.callEnded() == [.close(.shutdown, flushing: true)])
  }

  @Test mutating func shutdownClosesAnIdleConnection() throws {
    #expect(machine.received(try bytes(single)) == [.start(single)])
    #expect(try machine.replied(reply, continues: false) == [.write(reply)])
    #expect(machine.callEnded() == [])
    #expect(machine.shutdown() == [.close(.shutdown, flushing: true)])
  }

  @Test mutating func shutdownWaitsForTheFirstCallOfAClientThatHasJustConnected() throws {
    #expect(machine.shutdown() == [])
    #expect(machine.received(try bytes(single, single)) == [.start(single)])
    #expect(machine.firstCallIsOverdue() == [])
    #expect(try machine.replied(reply, continues: false) == [.write(reply)])
    #expect(machine.callEnded() == [.close(.shutdown, flushing: true)])
  }

  @Test mutating func shutdownDoesNotWaitForAFirstCallForEver() {
    #expect(machine.shutdown() == [])
    #expect(machine.firstCallIsOverdue() == [.close(.shutdown, flushing: true)])
  }

  @Test mutating func shutdownEndsWithAClientThatLeavesWithoutACall() {
    #expect(machine.shutdown() == [])
    #expect(machine.hungUp() == [.finish])
    #expect(machine.firstCallIsOverdue() == [])
  }

  @Test mutating func theEndOfPatienceCancelsTheRunningCall() throws {
    #expect(machine.received(try bytes(single)) == [.start(single)])
    #expect(machine.shutdown() == [])
    #expect(machine.abort(.shutdown) == [.cancel, .close(.shutdown, flushing: false)])
    #expect(machine.hungUp() == [])
    #expect(try machine.replied(reply, continues: false) == [])
    #expect(machine.callEnded() == [.finish])
  }

  @Test mutating func onewayCallsOfAClientThatIsGoneAreCancelledToo() throws {
    #expect(machine.received(try bytes(oneway, oneway)) == [.start(oneway)])
    #expect(machine.hungUp() == [])
    #expect(machine.abort(.shutdown) == [.cancel])
    #expect(machine.callEnded() == [.finish])
  }
}
