import Base
import Foundation
import Pipeline
import TestSupport
import Testing

@Suite("Access is read at load")
struct AccessConfigurationTests {
  private func load(_ access: String) async throws -> AccessConfiguration {
    let folder = try TemporaryFolder()
    try folder.write(harboursDataset + "access: \(access)\n", to: "m.yaml")
    return try await Generation.load(path: "\(folder.path)/m.yaml", registry: shipped).configuration.access
  }

  @Test func everybodyReadsUnlessItSaysOtherwise() async throws {
    #expect(try await load("{}") == AccessConfiguration())
    let access = try await load("{ manage: nobody }")
    #expect(access.read.isForEverybody)
    #expect(access.export == AccessConfiguration.Grant())
    #expect(access.manage == AccessConfiguration.Grant())
  }

  @Test func namesBecomeNumbers() async throws {
    let access = try await load("{ read: { users: root, groups: [root, 4294967294] }, export: everybody }")
    #expect(access.read.users == [0])
    #expect(access.read.groups == [0, 4_294_967_294])
    #expect(!access.read.isForEverybody)
    #expect(access.export == .everybody)
  }

  @Test(arguments: [
    ("{ manage: { users: [roott] } }", ["m.yaml:12:29: unknown user \"roott\"; did you mean \"root\"?"]),
    ("{ manage: { groups: daemn } }", ["m.yaml:12:29: unknown group \"daemn\"; did you mean \"daemon\"?"]),
    ("{ manage: { users: 4294967295 } }", ["m.yaml:12:28: unknown user \"4294967295\""]),
    (
      "{ raed: everyone }", ["m.yaml:12:11: unknown key \"raed\" in the access; did you mean \"read\"?"]
    ),
    (
      "{ read: everybod }",
      [
        "m.yaml:12:17: \"read\" must be everybody, nobody or { users: [\u{2026}], groups: [\u{2026}] }, not \"everybod\"; did you mean \"everybody\"?"
      ]
    ),
    (
      "{ read: , manage: ~ }",
      [
        "m.yaml:12:17: \"read\" must be everybody, nobody or { users: [\u{2026}], groups: [\u{2026}] }, not empty",
        "m.yaml:12:27: \"manage\" must be everybody, nobody or { users: [\u{2026}], groups: [\u{2026}] }, not null",
      ]
    ),
    (
      "{ read: { user: root }, export: [root] }",
      [
        "m.yaml:12:19: unknown key \"user\" in \"read\"; did you mean \"users\"?",
        "m.yaml:12:41: \"export\" must be everybody, nobody or { users: [\u{2026}], groups: [\u{2026}] }, not a list",
      ]
    ),
  ])
  func problems(access: String, expected: [String]) async throws {
    let problems = await #expect(throws: ProblemList.self) { try await load(access) }
    #expect(problems?.problems.map { "m.yaml" + $0.description.drop { $0 != ":" } } == expected)
  }
}
