internal import Glibc

/// Tries to have that many threads at one time, and lets them end again.
///
/// Swift's tasks, libdispatch and NIO take it for granted that there is another thread: where there is none they wait for
/// ever, or trap. To be called while there is one thread.
package func tryThreads(_ count: Int) throws(SystemError) {
  var ends: [Int32] = [-1, -1]
  guard pipe(&ends) == 0 else { throw SystemError("make a pipe") }
  var threads: [pthread_t] = []
  var code: Int32 = 0
  let gate = UnsafeMutableRawPointer(bitPattern: Int(ends[0]))
  while threads.count < count, code == 0 {
    var thread = pthread_t()
    code = pthread_create(
      &thread, nil,
      { gate in
        // Ends when the other end of the pipe is closed.
        var byte: UInt8 = 0
        _ = read(Int32(Int(bitPattern: gate)), &byte, 1)
        return nil
      }, gate)
    if code == 0 { threads.append(thread) }
  }
  close(ends[1])
  for thread in threads { pthread_join(thread, nil) }
  close(ends[0])
  if code == 0 { return }
  throw SystemError("have more than \(threads.count) threads of the \(count) that it takes", code: code)
}
