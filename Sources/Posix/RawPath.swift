internal import Glibc

/// A path as the system has it: any bytes but NUL, of which `/` alone has a meaning.
///
/// It need not be UTF-8, and where it is, the letters that Swift sees are not what separates names: a combining mark
/// behind `/` makes one `Character` of both.
package struct RawPath: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let bytes: [UInt8]

  package init(_ text: String) { bytes = Array(text.utf8) }

  package init(bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

  package init(cString: UnsafePointer<CChar>) {
    bytes = Array(UnsafeRawBufferPointer(start: cString, count: strlen(cString)))
  }

  /// Nil where it is no UTF-8.
  package var text: String? { String(validating: bytes, as: UTF8.self) }

  package var isAbsolute: Bool { bytes.first == UInt8(ascii: "/") }

  /// Whether it can only be a folder's.
  package var endsInSlash: Bool { bytes.last == UInt8(ascii: "/") }

  /// The folder that it lies in, without a slash behind it; `.` for a mere name.
  package var folder: RawPath {
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return RawPath(".") }
    return slash == 0 ? RawPath("/") : RawPath(bytes: bytes[..<slash])
  }

  /// What is behind the last slash.
  package var name: RawPath {
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return self }
    return RawPath(bytes: bytes[(slash + 1)...])
  }

  /// What has that name in the folder of this path.
  package func appending(_ name: String) -> RawPath {
    RawPath(bytes: bytes + (endsInSlash ? [] : [UInt8(ascii: "/")]) + Array(name.utf8))
  }

  /// Whether what is there may be started as a program.
  package var isExecutable: Bool { withCString { access($0, X_OK) == 0 } }

  /// Whether it is a name that a pattern stands for, as fnmatch(3) has it; a hidden one is not.
  package func isMatched(by pattern: String) -> Bool {
    bytes.first != UInt8(ascii: ".") && withCString { fnmatch(pattern, $0, 0) } == 0
  }

  /// Byte by byte.
  package static func < (a: RawPath, b: RawPath) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }

  /// For messages: what is no UTF-8 becomes U+FFFD.
  package var description: String { String(decoding: bytes, as: UTF8.self) }

  /// Opens what is there, with flags of open(2) that create nothing.
  package func open(_ flags: Int32) throws(SystemError) -> OwnedDescriptor {
    let number = withCString { Glibc.open($0, flags | O_CLOEXEC) }
    if number < 0 { throw SystemError("open \(self)") }
    return OwnedDescriptor(number, description)
  }

  /// Gives it as C has it; not to be kept.
  package func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    var characters = bytes.map(CChar.init(bitPattern:))
    characters.append(0)
    return characters.withUnsafeBufferPointer { buffer in
      // A buffer that holds the NUL has an address.
      buffer.baseAddress.map(body) ?? body("")
    }
  }
}
