internal import Base
internal import Glibc
internal import Posix
internal import YAML

/// The path that `path` means where it is written in the file at `file`.
func resolve(_ path: String, relativeTo file: String) -> String {
  isAbsolute(path) ? path : folderPrefix(of: file) + path
}

/// The files that `include` names: one path or a list of them, each relative to the file that names it. The last part
/// of a path may hold `*`, which stands for files in alphabetical order, hidden ones left out.
func includedFiles(
  _ node: Node, label: String = "\"include\"", relativeTo file: String, problems: ProblemCollector
) -> [String] {
  guard let names = ValueReader.oneOrMore.read(node, label, problems) else { return [] }
  var files: [String] = []
  for name in names {
    let path = resolve(name.value, relativeTo: file)
    let (folder, pattern) = (folderPrefix(of: path), fileName(of: path))
    if folder.utf8.contains(UInt8(ascii: "*")) {
      problems.report(name.problem("only the last part of the path \"\(name.value)\" may hold *"))
    } else if pattern.utf8.contains(UInt8(ascii: "*")) {
      let matches: [RawPath]
      do throws(SystemError) {
        matches = try rawEntryNames(ofFolder: folder.isEmpty ? "." : String(folder))
      } catch {
        problems.report(name.problem("cannot read the folder of \"\(name.value)\": \(error.reason)"))
        continue
      }
      for match in matches.filter({ $0.isMatched(by: String(pattern)) }).sorted() {
        // A problem in it could not be told with its place, and what it includes not be found.
        if let text = match.text {
          files.append(folder + text)
        } else {
          problems.report(
            name.problem("the file \(quoted(folder + match.description)) is not included: its name is not UTF-8"))
        }
      }
    } else if access(path, F_OK) != 0 {
      problems.report(name.problem("the included file \"\(path)\" is not there"))
    } else {
      files.append(path)
    }
  }
  var seen: Set<RawPath> = []
  return files.filter { seen.insert(RawPath($0)).inserted }
}
