extension InterfaceDescription {
  /// `[A-Za-z](-*[A-Za-z0-9])*(\.[A-Za-z0-9](-*[A-Za-z0-9])*)+`
  static func isInterfaceName(_ name: String) -> Bool {
    let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return labels.count >= 2 && isLetter(name.utf8.first)
      && labels.allSatisfy { label in
        isAlphanumeric(label.first) && isAlphanumeric(label.last)
          && label.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
      }
  }

  /// The name of a type, a method or an error: `[A-Z][A-Za-z0-9]*`
  static func isMemberName(_ name: String) -> Bool {
    isCapital(name.utf8.first) && name.utf8.allSatisfy(isAlphanumeric)
  }

  /// The name of a field or an enum value: `[A-Za-z](_?[A-Za-z0-9])*`
  static func isFieldName(_ name: String) -> Bool {
    isLetter(name.utf8.first) && isAlphanumeric(name.utf8.last)
      && zip(name.utf8, name.utf8.dropFirst()).allSatisfy { isAlphanumeric($0) || isAlphanumeric($1) }
      && name.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "_") }
  }

  /// What all of systemd 257, Python and Go take for an interface name, letter case aside.
  static func isPortableInterfaceName(_ name: String) -> Bool {
    name.utf8.prefix { $0 != UInt8(ascii: ".") }.allSatisfy(isLetter) && !name.contains("--") && name.utf8.count <= 255
  }

  static func isCapital(_ byte: UInt8?) -> Bool {
    guard let byte else { return false }
    return (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }

  private static func isLetter(_ byte: UInt8?) -> Bool {
    guard let byte else { return false }
    return isCapital(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }

  private static func isAlphanumeric(_ byte: UInt8?) -> Bool {
    guard let byte else { return false }
    return isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
