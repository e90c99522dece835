internal import Base
internal import Glibc
internal import Posix
internal import YAML

/// The path that `path` means where it is written in the file at `file`.
func resolve(_ path: String, relativeTo file: String) -> String {
  if path.hasPrefix("/") { return path }
  guard let slash = file.lastIndex(of: "/") else { return path }
  return file[...slash] + path
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
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { path[...$0] } ?? ""
    let pattern = path[(slash.map(path.index(after:)) ?? path.startIndex)...]
    if folder.contains("*") {
      problems.report(name.problem("only the last part of the path \"\(name.value)\" may hold *"))
    } else if pattern.contains("*") {
      let matches: [String]
      do throws(SystemError) {
        matches = try entryNames(ofFolder: folder.isEmpty ? "." : String(folder))
      } catch {
        problems.report(name.problem("cannot read the folder of \"\(name.value)\": \(error.reason)"))
        continue
      }
      let found = matches.filter { !$0.hasPrefix(".") && fnmatch(String(pattern), $0, 0) == 0 }
      files += found.sorted().map { folder + $0 }
    } else if access(path, F_OK) != 0 {
      problems.report(name.problem("the included file \"\(path)\" is not there"))
    } else {
      files.append(path)
    }
  }
  var seen: Set<String> = []
  return files.filter { seen.insert($0).inserted }
}
