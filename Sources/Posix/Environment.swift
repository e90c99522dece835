internal import Glibc

/// The value of an environment variable; nil when it is not set or empty.
package func environmentValue(_ name: String) -> String? {
  guard let value = getenv(name), value.pointee != 0 else { return nil }
  return String(cString: value)
}

/// All environment variables, each as `NAME=value`, for a program that is to be started.
package func currentEnvironment() -> [String] {
  var strings: [String] = []
  var next = environ
  while let string = next.pointee {
    strings.append(String(cString: string))
    next += 1
  }
  return strings
}
