internal import Base
internal import Glibc
internal import Posix
internal import YAML

/// The two kinds of names that the system's account databases turn into numbers.
enum AccountKind: String {
  case user
  case group

  /// The number of that name, or the number that stands there itself. Reports a name that is unknown here.
  func number(of name: Located<String>, problems: ProblemCollector) -> UInt32? {
    if let number = UInt32(name.value), name.value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      // The greatest one stands for "none" in the kernel's interfaces.
      if number < .max { return number }
    }
    do {
      if let number = try lookUp(name.value) { return number }
    } catch {
      problems.report(name.problem("cannot look up the \(rawValue) \"\(name.value)\": \(error)"))
      return nil
    }
    let near = didYouMean(name.value, among: localNames())
    problems.report(name.problem("unknown \(rawValue) \"\(name.value)\"\(near)"))
    return nil
  }

  /// Nil when there is no such name.
  private func lookUp(_ name: String) throws(SystemError) -> UInt32? {
    var size = 4096
    while true {
      var number: UInt32?
      let code = withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { buffer -> Int32 in
        guard let storage = buffer.baseAddress else { return ENOMEM }
        switch self {
        case .user:
          var entry = passwd()
          var found: UnsafeMutablePointer<passwd>?
          let code = getpwnam_r(name, &entry, storage, buffer.count, &found)
          number = found?.pointee.pw_uid
          return code
        case .group:
          var entry = Glibc.group()
          var found: UnsafeMutablePointer<Glibc.group>?
          let code = getgrnam_r(name, &entry, storage, buffer.count, &found)
          number = found?.pointee.gr_gid
          return code
        }
      }
      switch code {
      // What a database without the name answers, after getpwnam(3).
      case 0, ENOENT, ESRCH, EBADF, EPERM: return number
      case EINTR: continue
      // A group with many members.
      case ERANGE where size < 16 << 20: size *= 4
      default: throw SystemError(code: code)
      }
    }
  }

  /// The names that are known on this machine itself, to suggest one of them.
  private func localNames() -> [String] {
    guard let file = fopen(self == .user ? "/etc/passwd" : "/etc/group", "re") else { return [] }
    defer { fclose(file) }
    var names: [String] = []
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while getline(&line, &capacity, file) > 0, let text = line {
      names.append(String(String(cString: text).prefix { $0 != ":" }))
    }
    return names
  }
}
