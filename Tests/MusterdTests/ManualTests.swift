import Foundation
import TestSupport
import Testing

@Suite("The manual pages say what the programs and the reference pages say", .blocking, .timeLimit(.minutes(10)))
struct ManualTests {
  private func page(_ name: String) throws -> String {
    let outcome = try run(["reference", name])
    #expect(outcome.status == 0)
    return outcome.output
  }

  /// The lines behind a heading, up to the next one.
  private func part(_ heading: String, of page: String) throws -> [Substring] {
    let lines = page.split(separator: "\n").drop { $0 != heading }
    try #require(!lines.isEmpty, "\(heading)")
    return Array(lines.dropFirst().prefix { !$0.hasPrefix(".Ss") && !$0.hasPrefix(".Sh") })
  }

  @Test("musterd(8) has each command with its options", arguments: ["serve", "check", "reference"])
  func commands(_ command: String) throws {
    let page = try page("manual")
    let part = try part(".Ss musterd \(command)", of: page) + part(".Sh DESCRIPTION", of: page)
    let help = try run([command, "--help"]).output
    let options = help.split(separator: "\n").filter { $0.hasPrefix("  -") }
      .flatMap { $0.matches(of: /(?:^|, | )--([a-z-]+)/).map(\.1) }
    #expect(options.contains("help"))
    for option in options {
      let flag = "Fl \\-\(option.replacing("-", with: "\\-"))"
      #expect(part.contains { $0.hasPrefix(".It") && "\($0) ".contains("\(flag) ") }, "\(option)")
    }
  }

  @Test("musterd(8) has every exit status and signal of --help")
  func statuses() throws {
    let page = try page("manual")
    let help = try run(["--help"]).output
    let statuses = help.matches(of: #/\n  (\d+)  /#).map(\.1)
    #expect(statuses == ["0", "64", "65", "69"])
    for status in statuses { #expect(try part(".Sh EXIT STATUS", of: page).contains(".It \\%\(status)")) }
    #expect(try part(".Sh SIGNALS", of: page).contains(".It SIGHUP"))
  }

  @Test("musterd(8) has every field that a log entry can have in the journal")
  func journalFields() throws {
    let part = try part(".Sh JOURNAL", of: try page("manual"))
    let named = Set(part.compactMap { $0.firstMatch(of: /MUSTER_[A-Z_]+/).map { String($0.0) } })
    var keys: Set<String> = ["plugin", "export", "report"]
    for module in ["Exports", "ExternalPlugins", "MusterDaemon", "Pipeline", "Systemd", "VarlinkServer"] {
      let root = "\(repositoryRoot)/Sources/\(module)"
      for name in try #require(FileManager.default.enumerator(atPath: root)) {
        guard let name = name as? String, name.hasSuffix(".swift") else { continue }
        let text = try String(contentsOfFile: "\(root)/\(name)", encoding: .utf8)
        for list in text.matches(of: /(?:metadata: |Metadata = |, )\[(\s*"[a-z\-]+": [^\]]*)\]/) {
          keys.formUnion(list.1.matches(of: /"([a-z\-]+)": (?:"|\.string)/).map { String($0.1) })
        }
        keys.formUnion(text.matches(of: /etadata(?:Key: |\[)"([a-z\-]+)"/).map { String($0.1) })
      }
    }
    #expect(keys.count > 25)
    #expect(named == Set(keys.map { "MUSTER_\($0.uppercased().replacing("-", with: "_"))" }))
  }

  @Test(
    "The pages name the crontab, the timer, the units, the sockets, the folders and the group",
    arguments: [("manual", musterd), ("manual", String(muster)), ("configuration-manual", musterd)])
  func files(_ name: String, program: String) throws {
    let page = try run(["reference", name], program: program).output.replacing("\\-", with: "-")
      .replacing("\\%", with: "").replacing("\\&", with: "")
    var names = ["/etc/cron.d/muster-exports", "muster-export@NAME.timer", "/var/lib/muster-exports"]
    if name == "manual" { names += ["/run/musterd/org.muster.Reports", "group"] }
    if name == "manual", program == musterd {
      names += ["musterd.socket", "musterd.service", "/run/varlink/registry/org.muster.Reports", "/var/lib/musterd"]
    }
    for name in names { #expect(page.contains(name), "\(name)") }
  }

  @Test("musterd.yaml(5) has each key under its mapping, with what it takes and what holds without it")
  func keys() throws {
    let page = try page("configuration-manual")
    var heading = ""
    var count = 0
    for line in try String(contentsOfFile: "\(repositoryRoot)/Config/REFERENCE.md", encoding: .utf8).split(
      separator: "\n")
    {
      if line.hasPrefix("## ") { heading = ".Ss \(line.dropFirst(3))" }
      guard let key = line.firstMatch(of: /^\| `([a-z_]+)` \| ([^|]*) \| ([^|]*) \|/) else { continue }
      let part = try part(heading, of: page)
      let name = key.1.contains("_") ? "\\%\(key.1)" : String(key.1)
      let index = try #require(part.firstIndex { $0.hasPrefix(".It \\fB\\%\(key.1)\\fP") }, "\(heading) \(name)")
      #expect(part[index].contains(key.2))
      let text = part[(index + 1)...].prefix { !$0.hasPrefix(".It") }.joined(separator: " ")
      let fallback = key.3 == "**required**" ? "Required." : "Without it:"
      #expect(text.contains(fallback), "\(heading) \(key.1)")
      count += 1
    }
    #expect(count > 50)
  }

  @Test("musterd.yaml(5) has each plugin and parameter of the reference")
  func plugins() throws {
    let page = try page("configuration-manual")
    var heading = ""
    var count = 0
    for line in try String(contentsOfFile: "\(repositoryRoot)/Plugins/REFERENCE.md", encoding: .utf8).split(
      separator: "\n")
    {
      if let title = line.firstMatch(of: /^### `(.*)`/)?.1 { heading = ".Ss \(title)" }
      if line.hasPrefix("### The file") { heading = ".Ss The file" }
      guard let key = line.firstMatch(of: /^\| `([a-z_]+)` \|/)?.1, heading != ".Ss The file" else { continue }
      let lines = page.split(separator: "\n")
      // A title such as "limits" is that of a mapping of the configuration, too.
      let isTold = lines.indices.contains { index in
        lines[index] == heading
          && lines[(index + 1)...].prefix { !$0.hasPrefix(".Ss") }.contains { $0.hasPrefix(".It \\fB\\%\(key)\\fP") }
      }
      #expect(isTold, "\(heading) \(key)")
      count += 1
    }
    #expect(count > 40)
  }
}
