internal import Glibc
internal import Posix

/// Sends messages to a datagram socket of somebody else, without being connected to it: who binds it anew is reached too.
final class DatagramSocket: Sendable {
  private let descriptor: Int32
  private let address: SocketAddress

  /// A socket that cannot be made is told of when something is sent.
  init(to address: SocketAddress) {
    self.address = address
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  }

  deinit {
    close(descriptor)
  }

  /// How long a receiver that does not read is waited for; without it, for ever.
  func setPatience(_ patience: Duration) {
    let (seconds, attoseconds) = patience.components
    var timeout = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
  }

  /// How many bytes a message may have and how many may wait. The kernel may grant less.
  func setBufferSize(_ size: Int32) {
    var size = size
    setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Sends one message.
  func send(_ bytes: [UInt8]) throws(SystemError) {
    try repeatedly {
      address.withPointer { sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, $1) }
    }
  }

  /// Sends an empty message that carries another descriptor, as unix(7) and cmsg(3) have it.
  func send(descriptor carried: Int32) throws(SystemError) {
    let header = MemoryLayout<cmsghdr>.size
    let alignment = MemoryLayout<Int>.alignment
    let size = header + (MemoryLayout<Int32>.size + alignment - 1) / alignment * alignment
    try repeatedly {
      withUnsafeTemporaryAllocation(byteCount: size, alignment: alignment) { control in
        control.initializeMemory(as: UInt8.self, repeating: 0)
        var fields = cmsghdr()
        fields.cmsg_len = header + MemoryLayout<Int32>.size
        fields.cmsg_level = SOL_SOCKET
        fields.cmsg_type = Int32(SCM_RIGHTS)
        control.storeBytes(of: fields, as: cmsghdr.self)
        control.storeBytes(of: carried, toByteOffset: header, as: Int32.self)
        return address.withPointer { address, addressSize in
          var message = msghdr()
          message.msg_name = UnsafeMutableRawPointer(mutating: address)
          message.msg_namelen = addressSize
          message.msg_control = control.baseAddress
          message.msg_controllen = size
          return sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL))
        }
      }
    }
  }

  /// Until no signal interrupts it.
  private func repeatedly(_ call: () -> Int) throws(SystemError) {
    while call() < 0 {
      let code = errno
      if code != EINTR { throw SystemError(code: code) }
    }
  }
}
