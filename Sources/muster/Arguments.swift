import Glibc
import Posix

/// The path that an argument means, byte for byte. The argument parser has texts alone, in which U+FFFD stands for what
/// is no UTF-8.
///
/// Throws when two arguments that differ would be the same text.
func rawPath(ofArgument text: String) throws(Failure) -> RawPath {
  if !text.unicodeScalars.contains("\u{FFFD}") { return RawPath(text) }
  var meant: Set<RawPath> = []
  for index in 1..<max(1, Int(CommandLine.argc)) {
    guard let argument = CommandLine.unsafeArgv[index] else { continue }
    let bytes = RawPath(cString: argument).bytes
    // Behind --output=, too.
    let start = bytes.indices.first { RawPath(RawPath(bytes: bytes[$0...]).description) == RawPath(text) }
    if let start { meant.insert(RawPath(bytes: bytes[start...])) }
  }
  if meant.count < 2 { return meant.first ?? RawPath(text) }
  throw Failure(
    status: .usage, message: "two arguments that are not UTF-8 may be meant: \(text); give one of them at a time")
}

/// The same where only a text can be passed on.
///
/// Throws when the argument is no UTF-8.
///
/// - Parameter name: what the argument is, for the message.
func textPath(ofArgument text: String, _ name: String = "the path") throws(Failure) -> String {
  if try rawPath(ofArgument: text) == RawPath(text) { return text }
  throw Failure(
    status: .usage, message: "\(name) is not UTF-8: \(text); rename the file, or give a link to it")
}
