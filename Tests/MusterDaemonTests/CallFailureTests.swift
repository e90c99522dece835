import Logging
import MusterAPI
import TestSupport
import Testing
import Varlink

@testable import MusterDaemon

@Suite("The log tells what failed here louder than what a caller got wrong")
struct CallFailureTests {
  @Test func whatACallerGotWrongIsNoMatterForTheAdministrator() {
    #expect(SupervisedHarness.level(of: Reports.NoSuchReport(report: "a", suggestions: []).ofCaller) == .info)
    #expect(SupervisedHarness.level(of: VarlinkError.invalidParameter("limit")) == .info)
  }

  @Test func whatFailedHereIsAWarningWhateverItsNameBeginsWith() {
    #expect(SupervisedHarness.level(of: Reports.ReportFailed(report: "a", reason: "b").ofDaemon) == .warning)
    #expect(SupervisedHarness.level(of: Reports.NoSuchReport(report: "a", suggestions: []).ofDaemon) == .warning)
    #expect(SupervisedHarness.level(of: TestFailure("unforeseen")) == .warning)
  }

  @Test func aCallerWhoLeftIsNoWarning() {
    #expect(SupervisedHarness.level(of: CancellationError()) == .debug)
  }
}
