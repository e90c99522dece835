import Base
import Glibc
import Posix

/// An open file and what it was when it was opened.
///
/// Files are read with `pread`, never mapped: a mapped file that somebody truncates kills the process that looks at
/// it, and a digest of a mapping may be of other bytes than those that were parsed.
final class DataFile: Sendable {
  let displayPath: String
  let size: Int
  private let descriptor: Int32
  private let opened: stat

  /// Opens a regular file. The path has no links any more; one that appears at its end meanwhile is refused.
  init(resolvedPath: RawPath, displayPath: String) throws(Problem) {
    self.displayPath = displayPath
    // Not blocking, or a FIFO in the place of the file would hold us until somebody writes to it.
    descriptor = resolvedPath.withCString { open($0, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) }
    guard descriptor >= 0 else {
      throw Problem(file: displayPath, message: "cannot be opened: \(errorText(errno))")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw Problem(file: displayPath, message: "is not a regular file")
    }
    size = Int(status.st_size)
    opened = status
  }

  deinit { close(descriptor) }

  /// Whether the file still has the size and the time of modification that it had when it was opened. A file that
  /// was replaced by another counts as unchanged, since this one is still here.
  var isUnchanged: Bool { status.map { $0.isUnchanged(since: opened) } ?? false }

  /// Whether nothing at all was done to the file since it was opened, not even to its name, rights or times. Whoever writes
  /// to it can restore the time of modification, as rsync(1) and cp(1) do, but not that of the change of its inode.
  var isUntouched: Bool {
    status.map { $0.isUnchanged(since: opened) && $0.st_ctim.isSame(as: opened.st_ctim) } ?? false
  }

  private var status: stat? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? status : nil
  }

  /// Fills the buffer from that offset on; false when the file does not go that far any more or cannot be read.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Bool {
    var done = 0
    while done < buffer.count {
      let count = pread(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, offset + done)
      if count > 0 {
        done += count
      } else if count == 0 || errno != EINTR {
        return false
      }
    }
    return true
  }

  func adviseSequential() {
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
  }
}

extension stat {
  fileprivate func isUnchanged(since other: stat) -> Bool {
    st_size == other.st_size && st_mtim.isSame(as: other.st_mtim)
  }
}

extension timespec {
  fileprivate func isSame(as other: timespec) -> Bool { tv_sec == other.tv_sec && tv_nsec == other.tv_nsec }
}

/// A file whose contents are no longer those that were loaded.
public struct FileChanged: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path for messages: the descriptor's folder and the resource's path.
  public let path: String

  /// One line that says what to do.
  public var description: String { "\(path) changed on disk since it was loaded; load the dataset again" }
}
