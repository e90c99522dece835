/// What the end of the program says to scripts, after sysexits(3).
enum ExitStatus: Int32 {
  case success = 0
  case usage = 64
  case badData = 65
  case noSuchReport = 66
  case unavailable = 69
  case internalError = 70
  case inputOutput = 74
  case timedOut = 75
  case protocolViolation = 76
  case denied = 77
  case invalidConfiguration = 78

  /// The paragraph of `--help` that lists them all.
  static let help = """
    EXIT STATUS
      0    success, also when a reader of the output closed its pipe early
      64   wrong usage: unknown option, parameter, value or format
      65   bad data: the report, the export or the reload failed, a file is not
           what it should be, an answer is larger than a limit allows, or the
           configuration of a standalone musterd is wrong
      66   no such report or export
      69   musterd cannot be reached, or was lost during the call
      70   musterd failed inside; its log says why
      74   the output could not be written
      75   no answer within the time of --timeout, musterd is at a limit of its
           own, or another run is writing the export
      76   what answers there does not speak the protocol of this muster
      77   access denied
      78   musterd serves nothing, since its configuration or its dataset has
           problems; all are listed
      130  interrupted (128 and the number of the signal)
    """
}
