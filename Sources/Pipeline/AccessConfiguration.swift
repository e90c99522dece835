internal import Base
public import YAML

/// Who may do what. Root and the daemon's own user may do everything.
public struct AccessConfiguration: Hashable, Sendable {
  /// Users and groups, by number.
  public struct Grant: Hashable, Sendable {
    /// Whether it goes for all, whatever `users` and `groups` say.
    public var isForEverybody = false
    /// User ids.
    public var users: Set<UInt32> = []
    /// Group ids, held against a peer's own and its supplementary ones.
    public var groups: Set<UInt32> = []

    /// Nobody.
    public init() {}

    /// All who can open the socket.
    public static let everybody: Grant = {
      var grant = Grant()
      grant.isForEverybody = true
      return grant
    }()
  }

  /// Who may run reports.
  public var read = Grant.everybody
  /// Who may make the daemon write exports. They may read too.
  public var export = Grant()
  /// Who may look after the daemon. They may export and read too.
  public var manage = Grant()

  /// What holds when the configuration says nothing: everybody may read.
  public init() {}
}

extension AccessConfiguration: NodeReadable {
  /// A key that is there but empty is reported, since what holds without it may be everybody.
  public init?(from node: Node, problems: ProblemCollector) {
    guard let map = MappingReader(node, of: "the access", keys: Self.keys, problems: problems) else { return nil }
    self.init()
    // A key whose value was taken away does not fall back to what holds without it: that may be everybody.
    for key in Self.keys {
      if let value = map[key.name], value.isNull { _ = ValueReader.grant.read(value, quoted(key.name), problems) }
    }
    _ = map.read(Self.keys, into: &self)
  }

  static var keys: [any ReadableKey<Self>] {
    [
      grant("read", "Who may run reports, of those who can open the socket", \.read),
      grant("export", "Who may have exports written; they may read too", \.export),
      grant(
        "manage",
        "Who may reload and try plugins; they may export and read too. Root and the daemon's own user always may",
        \.manage),
    ]
  }

  private static func grant(
    _ name: String, _ summary: String, _ path: WritableKeyPath<Self, Grant>
  ) -> MappingKey<Self, Grant> {
    let fallback = Self()[keyPath: path].isForEverybody ? Grant.everybodyWord : Grant.nobodyWord
    return MappingKey(
      name, "everybody, nobody or a mapping", .grant, default: .value(fallback), summary, path)
  }
}

extension AccessConfiguration.Grant {
  fileprivate static let everybodyWord = "everybody"
  fileprivate static let nobodyWord = "nobody"

  static var keys: [any ReadableKey<Self>] {
    [
      MappingKey(
        "users", "list of names or numbers", .accounts(.user), default: .none, "These users", \Self.users),
      MappingKey(
        "groups", "list of names or numbers", .accounts(.group), default: .none, "The members of these groups",
        \Self.groups),
    ]
  }
}

extension ValueReader where Value == Set<UInt32> {
  /// The numbers of accounts; those that are unknown are reported and left out.
  fileprivate static func accounts(_ kind: AccountKind) -> Self {
    ValueReader { node, label, problems in
      ValueReader<[Located<String>]>.oneOrMore.read(node, label, problems).map { names in
        Set(names.compactMap { kind.number(of: $0, problems: problems) })
      }
    }
  }
}

extension ValueReader where Value == AccessConfiguration.Grant {
  /// `everybody`, `nobody`, or `{ users: [name or number], groups: [name or number] }`.
  fileprivate static var grant: Self {
    ValueReader { node, label, problems in
      if node.entries == nil {
        let form = "everybody, nobody or { users: [\u{2026}], groups: [\u{2026}] }"
        guard let scalar = node.scalar, !scalar.isNull else {
          problems.reportMismatch(node, label: label, wanted: form)
          return nil
        }
        switch scalar.text {
        case AccessConfiguration.Grant.everybodyWord: return .everybody
        case AccessConfiguration.Grant.nobodyWord: return AccessConfiguration.Grant()
        default:
          let near = didYouMean(scalar.text, among: ["everybody", "nobody"])
          problems.report("\(label) must be \(form), not \"\(scalar.text)\"\(near)", at: node)
          return nil
        }
      }
      let keys = AccessConfiguration.Grant.keys
      guard let map = MappingReader(node, of: label, keys: keys, problems: problems) else { return nil }
      var grant = AccessConfiguration.Grant()
      _ = map.read(keys, into: &grant)
      return grant
    }
  }
}
