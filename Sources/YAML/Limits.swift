/// What `loadYAML` refuses to read beyond.
public enum YAMLLimits {
  /// In bytes: 4 MiB.
  public static let fileSize = 4 << 20
  /// Scalars, sequences and mappings, those that aliases repeat counted every time.
  public static let nodes = 100_000
  /// Sequences and mappings inside each other, aliases followed.
  public static let depth = 64
}
