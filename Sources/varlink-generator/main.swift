import Base
import Glibc
import Varlink

// usage: varlink-generator PART < DESCRIPTION > SWIFT
let parts = SwiftSource.Part.allCases.map(\.rawValue)
guard CommandLine.arguments.count == 2, let part = SwiftSource.Part(rawValue: CommandLine.arguments[1]) else {
  complain("usage: varlink-generator \(parts.joined(separator: "|")) < DESCRIPTION > SWIFT")
  exit(EX_USAGE)
}
var text = ""
while let line = readLine(strippingNewline: false) { text += line }
do {
  let source = SwiftSource(try InterfaceDescription(parsing: text, file: "standard input"))
  print(try source.text(part), terminator: "")
} catch {
  complain("\(error)")
  exit(EX_DATAERR)
}

func complain(_ message: String) {
  var line = message + "\n"
  line.withUTF8 { bytes in _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
}
