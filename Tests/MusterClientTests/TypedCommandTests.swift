import ArgumentParser
import ManualPages
import TestSupport
import Testing

@testable import muster

@Suite("A command line that is being typed is understood")
struct TypedCommandTests {
  private func typed(_ words: String..., at index: Int? = nil) throws -> TypedCommand {
    let index = index ?? words.count - 1
    return TypedCommand(
      words: words, completing: index, prefix: words[index],
      of: try CommandDescription(dump: Muster._dumpHelp()))
  }

  @Test("Options before and behind the verb are told from arguments, with their values")
  func options() throws {
    let command = try typed(
      "muster", "--timeout", "3", "run", "-o", "f.csv", "r", "--set", "a=b", "--set=c=d", "--set", "")
    #expect(command.verb == "run")
    #expect(command.arguments == ["r"])
    #expect(command.options == ["--timeout": ["3"], "--output": ["f.csv"], "--set": ["a=b", "c=d"]])
    #expect(command.prefix == "")
  }

  @Test("The word that is completed is no argument; those behind it are")
  func middle() throws {
    let command = try typed("muster", "why", "r", "ro", "column", at: 3)
    #expect(command.arguments == ["r", "column"])
    #expect(command.prefix == "ro")
  }

  @Test("Flags take nothing with them")
  func flags() throws {
    #expect(try typed("muster", "export", "--force", "blocs", "").arguments == ["blocs"])
  }

  @Test(
    "Quotes are the shell's",
    arguments: [
      ("'a b", "a b"), ("\"a\\\"b\"", "a\"b"), ("a\\ b", "a b"), ("'\\'", "\\"), ("\"a\\b\\$", "a\\b$"), ("a\\b", "ab"),
    ])
  func quotes(_ word: String, _ meant: String) throws {
    #expect(try typed("muster", "run", word).prefix == meant)
    #expect(try typed("muster", "run", word, "").arguments == [meant])
  }

  @Test("A sign with a mark behind it is still that sign")
  func marks() throws {
    #expect(areSameBytes(try typed("muster", "run", "'\u{301}a b'").prefix, "\u{301}a b"))
    #expect(areSameBytes(try typed("muster", "run", "a\\\u{301}b").prefix, "a\u{301}b"))
    let command = try typed("muster", "run", "--set=a=\u{301}b", "--set=\u{301}", "")
    #expect(command.options["--set"]?.map { Array($0.utf8) } == ["a=\u{301}b", "\u{301}"].map { Array($0.utf8) })
    for text in MarkedSigns.texts {
      let line = Candidate(text).line(for: .zsh)
      var isEscaped = false
      let read = line.unicodeScalars.reduce(into: "") { read, scalar in
        if scalar == "\\", !isEscaped {
          isEscaped = true
        } else {
          #expect(scalar != ":" || isEscaped, "it would end the word")
          isEscaped = false
          read.unicodeScalars.append(scalar)
        }
      }
      #expect(areSameBytes(read, text), "\(text.debugDescription)")
    }
  }

  @Test("What shells take for more than text is escaped for them")
  func lines() {
    let candidate = Candidate("a:b", "Two words")
    #expect(candidate.line(for: .zsh) == "a\\:b:Two words")
    #expect(candidate.line(for: .fish) == "a:b\tTwo words")
    #expect(candidate.line(for: .bash) == "a:b")
  }
}
