internal import Glibc

/// The value of an environment variable; nil when it is not set or empty.
package func environmentValue(_ name: String) -> String? {
  guard let value = getenv(name), value.pointee != 0 else { return nil }
  return String(cString: value)
}

/// The value of an environment variable, also an empty one, which is removed; nil when it is not set.
///
/// To be called before anything else reads the environment, which has no lock.
package func takeEnvironmentValue(_ name: String) -> String? {
  guard let value = getenv(name).map({ String(cString: $0) }) else { return nil }
  unsetenv(name)
  return value
}

/// What to say of a variable that whoever started this process set to something that cannot be meant.
package func meaningless(_ variable: String, _ value: String) -> String {
  "the environment variable \(variable) is \"\(value)\", which has no meaning"
}

/// The path that an environment variable holds, byte for byte; nil when it is not set or empty.
package func environmentPath(_ name: String) -> RawPath? {
  guard let value = getenv(name), value.pointee != 0 else { return nil }
  return RawPath(cString: value)
}

/// All environment variables, each as `NAME=value`, for a program that is to be started: byte for byte, since paths are
/// among them.
package func currentEnvironment() -> [[UInt8]] {
  var strings: [[UInt8]] = []
  var next = environ
  while let string = next.pointee {
    strings.append(RawPath(cString: string).bytes)
    next += 1
  }
  return strings
}
