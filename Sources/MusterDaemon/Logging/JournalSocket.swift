internal import CLinux
internal import Glibc
internal import Posix

/// Where the journal takes entries with fields of their own.
final class JournalSocket: Sendable {
  static let standardPath = "/run/systemd/journal/socket"

  private let descriptor: Int32
  private let address: SocketAddress

  /// Nil when there is no journal.
  init?(path: String = standardPath) {
    guard access(path, W_OK) == 0 else { return nil }
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    address = .path(path)
    // Large entries then mostly need no file. The kernel may grant less.
    var size: Int32 = 8 << 20
    setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
  }

  deinit {
    close(descriptor)
  }

  /// Whether standard error is connected to the journal, so that what is written there would end up in it too.
  static func isStandardError(environment value: String?) -> Bool {
    var status = stat()
    guard let value, fstat(STDERR_FILENO, &status) == 0 else { return false }
    return value == "\(status.st_dev):\(status.st_ino)"
  }

  /// False when the journal does not take it.
  func send(_ entry: JournalEntry) -> Bool {
    let bytes = entry.bytes
    while true {
      let count = address.withPointer { address, size in
        sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), address, size)
      }
      if count >= 0 { return true }
      switch errno {
      case EINTR: continue
      case EMSGSIZE, ENOBUFS: return sendAsFile(bytes)
      default: return false
      }
    }
  }

  private func sendAsFile(_ bytes: [UInt8]) -> Bool {
    let file = linux_memory_file("journal-entry")
    guard file >= 0 else { return false }
    defer { close(file) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      if count <= 0 { return false }
      rest = rest.dropFirst(count)
    }
    guard linux_seal(file) == 0 else { return false }
    return sendDescriptor(file)
  }

  /// Sends an empty datagram that carries the descriptor, as unix(7) and cmsg(3) have it.
  private func sendDescriptor(_ file: Int32) -> Bool {
    let header = MemoryLayout<cmsghdr>.size
    let alignment = MemoryLayout<Int>.alignment
    let size = header + (MemoryLayout<Int32>.size + alignment - 1) / alignment * alignment
    return withUnsafeTemporaryAllocation(byteCount: size, alignment: alignment) { control in
      control.initializeMemory(as: UInt8.self, repeating: 0)
      var fields = cmsghdr()
      fields.cmsg_len = header + MemoryLayout<Int32>.size
      fields.cmsg_level = SOL_SOCKET
      fields.cmsg_type = Int32(SCM_RIGHTS)
      control.storeBytes(of: fields, as: cmsghdr.self)
      control.storeBytes(of: file, toByteOffset: header, as: Int32.self)
      return address.withPointer { address, addressSize in
        var message = msghdr()
        message.msg_name = UnsafeMutableRawPointer(mutating: address)
        message.msg_namelen = addressSize
        message.msg_control = control.baseAddress
        message.msg_controllen = size
        return sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL)) >= 0
      }
    }
  }
}
