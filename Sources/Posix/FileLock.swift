internal import Glibc

/// Locks an open file for this descriptor alone, as flock(2) does; false when somebody else holds the lock. It is given
/// back when the last copy of the descriptor is closed.
package func tryLock(_ descriptor: Int32) throws(SystemError) -> Bool {
  if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
  if errno == EWOULDBLOCK { return false }
  throw SystemError()
}
