import Foundation
import Logging
import Posix
import TestSupport
import Testing

@testable import Systemd

@Suite("The journal gets entries with fields")
struct JournalTests {
  @Test func fieldsAreEncodedAsTheJournalWantsThem() {
    var entry = JournalEntry()
    entry.add("PRIORITY", "4")
    entry.add("MUSTER_ERROR", "two\nlines")
    entry.add("EMPTY", "")
    #expect(
      entry.bytes == Array("PRIORITY=4\nMUSTER_ERROR\n".utf8) + [9, 0, 0, 0, 0, 0, 0, 0]
        + Array("two\nlines\nEMPTY=\n".utf8))
  }

  @Test(arguments: [
    ("peer-uid", "MUSTER_PEER_UID"), ("report", "MUSTER_REPORT"), ("Größe 2", "MUSTER_GR____E_2"),
    (String(repeating: "x", count: 100), "MUSTER_" + String(repeating: "X", count: 57)),
  ])
  func keysBecomeFieldNames(key: String, name: String) {
    #expect(JournalEntry.fieldName(ofKey: key, prefix: "MUSTER_") == name)
  }

  @Test func anEventArrivesWithMessageLevelAndWhatBelongsToIt() throws {
    let journal = try FakeJournal()
    var logger = Logger(label: "musterd") {
      JournalLogHandler(label: $0, fieldPrefix: "MUSTER_", journal: journal.socket)
    }
    logger[metadataKey: "connection"] = "7"
    logger.warning("refused a call", metadata: ["peer-uid": "1000", "error": "a\nb"])
    let fields = try journal.receive()
    #expect(fields["MESSAGE"] == "refused a call connection=7 error=\"a b\" peer-uid=1000")
    #expect(fields["PRIORITY"] == "4")
    #expect(fields["SYSLOG_IDENTIFIER"] == "musterd")
    #expect(fields["MUSTER_CONNECTION"] == "7")
    #expect(fields["MUSTER_PEER_UID"] == "1000")
    #expect(fields["MUSTER_ERROR"] == "a\nb")
    #expect(fields["CODE_FILE"]?.hasSuffix("JournalTests.swift") == true)
    #expect(fields["CODE_LINE"].flatMap { Int($0) } != nil)
  }

  @Test("A value with a quote or a space in it stands in quotes, whatever follows them")
  func quotes() {
    for text in ["\"\u{301}a", "a \u{301}", "\" x=\"\u{FE0F}y"] {
      let line = lineText(of: "m", ["key": "\(text)"])
      #expect(line.utf8.starts(with: "m key=\"".utf8) && line.utf8.last == UInt8(ascii: "\""), "\(line)")
      #expect(areSameBytes(line, "m key=\(quotedAgain(text))"))
    }
  }

  private func quotedAgain(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { $0 == "\"" ? "\\\"" : String($0) }
    return "\"\(escaped.joined())\""
  }

  @Test(arguments: [
    (Logger.Level.critical, "2"), (.error, "3"), (.warning, "4"), (.notice, "5"), (.info, "6"), (.debug, "7"),
    (.trace, "7"),
  ])
  func levelsAreThoseOfSyslog(level: Logger.Level, priority: String) throws {
    let journal = try FakeJournal()
    var logger = Logger(label: "musterd") {
      JournalLogHandler(label: $0, fieldPrefix: "MUSTER_", journal: journal.socket)
    }
    logger.logLevel = .trace
    logger.log(level: level, "x")
    #expect(try journal.receive()["PRIORITY"] == priority)
  }

  @Test func anEntryTooLargeForADatagramArrivesWhole() throws {
    let journal = try FakeJournal()
    let text = String(repeating: "0123456789", count: 2_000_000)
    Logger(label: "musterd") { JournalLogHandler(label: $0, fieldPrefix: "MUSTER_", journal: journal.socket) }
      .info("large", metadata: ["text": "\(text)"])
    let fields = try journal.receive()
    #expect(fields["MUSTER_TEXT"] == text)
    #expect(fields["PRIORITY"] == "6")
  }

  @Test func aJournalThatIsGoneIsNoticed() throws {
    let folder = FileManager.default.temporaryDirectory.path
    #expect(JournalSocket(path: "\(folder)/no-such-socket") == nil)
    let journal = try FakeJournal()
    journal.close()
    var entry = JournalEntry()
    entry.add("MESSAGE", "x")
    #expect(!journal.socket.send(entry))
  }

  @Test func standardErrorIsTheJournalOnlyIfItIsThatFile() {
    var status = stat()
    fstat(STDERR_FILENO, &status)
    #expect(JournalSocket.isStandardError(environment: "\(status.st_dev):\(status.st_ino)"))
    #expect(!JournalSocket.isStandardError(environment: "\(status.st_dev):\(status.st_ino + 1)"))
    #expect(!JournalSocket.isStandardError(environment: nil))
  }
}

/// A journal's socket that a test reads itself.
private final class FakeJournal {
  let socket: JournalSocket
  private let path: String
  private let descriptor: Int32
  private var isOpen = true

  init() throws {
    let path = "/tmp/journal-\(UUID().uuidString.prefix(8))"
    let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    let status = SocketAddress.path(path).withPointer { bind(descriptor, $0, $1) }
    (self.path, self.descriptor) = (path, descriptor)
    try #require(status == 0)
    socket = try #require(JournalSocket(path: path))
  }

  deinit { close() }

  func close() {
    // Once: its number may soon be another test's.
    if isOpen { Glibc.close(descriptor) }
    isOpen = false
    unlink(path)
  }

  /// The fields of the next entry, which came as a datagram or as a file.
  func receive() throws -> [String: String] {
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    var control = [UInt8](repeating: 0, count: 64)
    let (count, controlSize) = bytes.withUnsafeMutableBytes { bytes in
      control.withUnsafeMutableBytes { control in
        var vector = iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
        return withUnsafeMutablePointer(to: &vector) { vector in
          var message = msghdr()
          message.msg_iov = vector
          message.msg_iovlen = 1
          message.msg_control = control.baseAddress
          message.msg_controllen = control.count
          return (recvmsg(descriptor, &message, Int32(MSG_DONTWAIT)), message.msg_controllen)
        }
      }
    }
    try #require(count >= 0)
    if controlSize == 0 { return try parse(bytes[..<count]) }
    // A cmsghdr is a length and two integers; the descriptor follows.
    let file = control.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 16, as: Int32.self) }
    let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
    try handle.seek(toOffset: 0)
    #expect(ftruncate(file, 0) != 0, "the journal takes only files that nobody can change")
    return try parse(Array(try #require(try handle.readToEnd()))[...])
  }

  private func parse(_ bytes: ArraySlice<UInt8>) throws -> [String: String] {
    var rest = bytes
    var fields: [String: String] = [:]
    while !rest.isEmpty {
      let name = rest.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "\n") }
      rest = rest.dropFirst(name.count)
      let length: Int
      if rest.first == UInt8(ascii: "=") {
        rest = rest.dropFirst()
        length = rest.prefix { $0 != UInt8(ascii: "\n") }.count
      } else {
        rest = rest.dropFirst()
        length = rest.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
        rest = rest.dropFirst(8)
      }
      fields[String(decoding: name, as: UTF8.self)] = String(decoding: rest.prefix(length), as: UTF8.self)
      try #require(rest.dropFirst(length).first == UInt8(ascii: "\n"))
      rest = rest.dropFirst(length + 1)
    }
    return fields
  }
}
