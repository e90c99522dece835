internal import MusterAPI
internal import Pipeline

extension Reports.ResultTooLarge {
  /// - Parameter byteCount: what the limit was when the run began.
  init(_ key: Configuration.Limits.Key<Int>, of byteCount: Int) {
    self.init(limitBytes: Int64(byteCount), limit: key.qualifiedName)
  }
}
