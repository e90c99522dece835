import TestSupport
import Testing
import Varlink

@Suite("The daemon is found where the user says it is", .blocking, .timeLimit(.minutes(10)))
struct AddressTests {
  @Test("--address goes before MUSTER_ADDRESS, on either side of the verb")
  func precedence() async throws {
    let wanted = try FakeService(replies: [Reply(Replies.list)])
    let other = try FakeService(replies: [Reply(Replies.list)])
    let environment = ["MUSTER_ADDRESS": other.address]
    #expect(try await muster("--address", wanted.address, "list", environment: environment).status == 0)
    #expect(try await muster("list", "--address", wanted.address, environment: environment).status == 0)
    #expect(wanted.calls.count == 2)
    #expect(other.calls.isEmpty)
  }

  @Test("MUSTER_ADDRESS goes before the default")
  func environment() async throws {
    let service = try FakeService(replies: [Reply(Replies.list)])
    #expect(try await muster("list", environment: ["MUSTER_ADDRESS": service.address]).status == 0)
    #expect(service.calls.map(\.method) == ["org.muster.Reports.List"])
  }

  @Test("An empty MUSTER_ADDRESS means the default address")
  func emptyVariable() async throws {
    let outcome = try await muster("list", environment: ["MUSTER_ADDRESS": ""])
    #expect(outcome.status == 69)
    #expect(outcome.errors.contains("unix:/run/musterd/org.muster.Reports"))
  }

  @Test("A wrong MUSTER_ADDRESS is told as such")
  func wrongVariable() async throws {
    let outcome = try await muster("list", environment: ["MUSTER_ADDRESS": "unix:"])
    #expect(outcome.status == 64)
    #expect(outcome.errors == "muster: MUSTER_ADDRESS: \"unix:\" is no Varlink address: the path is empty\n")
  }
}
