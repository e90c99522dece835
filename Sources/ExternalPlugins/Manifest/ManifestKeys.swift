public import YAML

extension ExternalManifest {
  /// A key of a manifest, as the reference shows it.
  public struct Key: Hashable, Sendable {
    /// The mapping that the key stands in.
    public enum Place: String, Hashable, Sendable, CaseIterable {
      /// The manifest itself.
      case manifest
      /// An entry of `parameters`.
      case parameter
      /// An entry of `columns`.
      case column
      case rows
      case limits
    }

    /// The mapping that it is a key of.
    public var place: Place
    /// The kinds of plugins that have the key.
    public var kinds: [Kind]
    /// Its name, type, default and what it is for.
    public var description: KeyDescription
  }

  /// Every key that a manifest may have, place by place.
  public static var keys: [Key] {
    func keys(_ place: Key.Place, of kinds: [Kind] = Kind.allCases, _ keys: [any ReadableKey]) -> [Key] {
      keys.map { Key(place: place, kinds: kinds, description: $0.description) }
    }
    return ManifestText.keys(of: nil).map { Key(place: .manifest, kinds: $0.kinds, description: $0.key.description) }
      + keys(.parameter, ParameterText.keys) + keys(.column, of: [.report, .transform], ColumnText.keys)
      + keys(.rows, of: [.report], QueryText.keys) + keys(.limits, PluginLimits.keys)
  }
}
