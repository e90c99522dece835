import JSON
import Logging
import Varlink

/// What all connections together may hold of calls that have not come whole or are being answered.
extension ConnectionHandler {
  private static let noRoom = "unfinished calls take all the room; try again"

  /// Every connection may hold a little; what is beyond that is counted over all.
  func countUnfinished() {
    if isInternal { return }
    let count = context == nil ? 0 : max(0, stateMachine.bufferedByteCount - service.limits.readAheadByteCount)
    let growth = count - unfinishedByteCount
    if growth == 0 { return }
    unfinishedByteCount = count
    let fits = service.registry.changeUnfinished(by: growth, limit: service.limits.unfinishedByteCount)
    if !fits, growth > 0 {
      obey(stateMachine.refuseRestOfMessage())
      countUnfinished()
    }
  }

  /// The rest of the call is not read.
  func refuseForRoom() {
    reportNoRoom("closing a connection, since unfinished calls take all the room")
    refuse(service.limitNames.unfinishedByteCount, service.limits.unfinishedByteCount, Self.noRoom)
  }

  /// Counts a call that begins, which may take many times the memory of its text; the error for its answer where there is no
  /// room for it.
  func refusalForRoom(_ call: Call) -> VarlinkError? {
    if isInternal { return nil }
    let byteCount = call.method.utf8.count + call.parameters.estimatedByteCount - service.limits.readAheadByteCount
    if byteCount <= 0 { return nil }
    let (name, limit) = (service.limitNames.unfinishedByteCount, service.limits.unfinishedByteCount)
    if service.registry.takeRoom(byteCount, limit: limit) {
      runningByteCount = byteCount
      return nil
    }
    guard let error = service.limitNames.error(name, limit, Self.noRoom) else { return nil }
    reportNoRoom("refusing a call, since unfinished calls take all the room")
    return error
  }

  /// To be called when the call has ended.
  func giveRoomBack() {
    service.registry.changeUnfinished(by: -runningByteCount, limit: 0)
    runningByteCount = 0
  }

  private func reportNoRoom(_ message: Logger.Message) {
    report("out-of-room", message, nil, limit: service.limitNames.unfinishedByteCount)
  }
}
