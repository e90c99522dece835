internal import JSON
internal import Varlink

extension FuzzEntry {
  /// Server and client find the same messages, and the same end, in whatever pieces the bytes come, and whether calls end
  /// at once or later.
  static let varlink = FuzzEntry(name: "varlink") { bytes throws(FuzzFinding) in
    let whole = try serve([bytes], isSlow: false)
    let pieces = bytes.pieces
    try require(try serve(pieces, isSlow: false) == whole, "the server finds other calls in pieces")
    try require(try serve(pieces, isSlow: true) == whole, "the server finds other calls while one runs")
    for call in whole.calls {
      guard let written = try? call.encoded() else { continue }
      try require((try? Call(parsing: written.dropLast())) == call, "the call \(call) is written as another")
    }

    let replies = receive([bytes])
    try require(receive(pieces) == replies, "the client finds other replies in pieces")
    for reply in replies.replies {
      guard let written = try? reply.encoded() else { continue }
      try require((try? Reply(parsing: written.dropLast())) == reply, "the reply \(reply) is written as another")
    }
  }
}

private struct Served: Equatable {
  var calls: [Call] = []
  var raw: [UInt8] = []
  var end: ServerStateMachine.CloseReason?
  var isFinished = false
}

/// - Parameter isSlow: whether no call ends before all bytes are there.
private func serve(_ pieces: [[UInt8]], isSlow: Bool) throws(FuzzFinding) -> Served {
  var served = Served()
  var machine = ServerStateMachine(limits: .init(messageByteCount: 512, readAheadByteCount: 64))
  var running: Call?
  func take(_ actions: [ServerStateMachine.Action]) throws(FuzzFinding) {
    for action in actions {
      switch action {
      case .start(let call):
        try require(running == nil && served.end == nil, "a call begins beside another, or after the end")
        running = call
        served.calls.append(call)
      case .deliver(let bytes): served.raw += bytes
      case .close(let reason, _):
        try require(served.end == nil, "it is closed twice")
        served.end = reason
      case .finish:
        try require(!served.isFinished, "it is finished twice")
        served.isFinished = true
      case .cancel, .write, .stopReading, .resumeReading, .deliverEnd: break
      }
    }
  }
  var upgraded = false
  func endCalls() throws(FuzzFinding) {
    while let call = running, !upgraded {
      do {
        if call.mode == .upgrade {
          upgraded = true
          try take(try machine.upgraded([0]))
          return
        }
        if call.mode == .more { try take(try machine.replied([0], continues: true)) }
        try take(try machine.replied([0], continues: false))
      } catch let finding as FuzzFinding {
        throw finding
      } catch {
        throw FuzzFinding(description: "a reply is refused: \(error)")
      }
      running = nil
      try take(machine.callEnded())
    }
  }
  for piece in pieces {
    try take(machine.received(piece))
    if !isSlow { try endCalls() }
  }
  try endCalls()
  try take(machine.inputEnded())
  try endCalls()
  if upgraded {
    running = nil
    try take(machine.callEnded())
  }
  try take(machine.hungUp())
  try require(served.isFinished, "it is never finished")
  try require(machine.bufferedByteCount == 0, "\(machine.bufferedByteCount) bytes are kept")
  return served
}

private struct Received: Equatable {
  var replies: [Reply] = []
  var raw: [UInt8] = []
  var error: MessageError?
}

private func receive(_ pieces: [[UInt8]]) -> Received {
  var received = Received()
  var machine = ClientStateMachine(limit: 512)
  do throws(MessageError) {
    for mode in [Call.Mode.single, .oneway, .more, .single, .upgrade] { try machine.send(mode) }
    for piece in pieces {
      if machine.isUpgraded {
        received.raw += piece
        continue
      }
      piece.withUnsafeBytes { machine.received($0) }
      while let reply = try machine.nextReply() { received.replies.append(reply) }
      if machine.isUpgraded { received.raw += machine.takeRemaining() }
    }
    try machine.inputEnded()
  } catch {
    received.error = error
  }
  return received
}
