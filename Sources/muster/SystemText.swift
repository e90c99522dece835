import Glibc

/// The system's words for an errno, such as "No such file or directory".
func systemText(_ code: Int32) -> String {
  guard let text = strerror(code) else { return "error \(code)" }
  return String(cString: text)
}
