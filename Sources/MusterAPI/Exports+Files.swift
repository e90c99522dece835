extension Exports {
  /// What a manifest's name has behind that of its file.
  public static let manifestSuffix = ".muster.json"
  /// Bytes of a file that are worth handing over as `text`.
  public static let textLimit = 256 << 10
  /// Bytes of a manifest that is read at all.
  public static let manifestLimit = 4 << 20
}
