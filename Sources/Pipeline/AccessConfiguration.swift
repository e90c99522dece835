internal import Base
public import YAML

/// Who may do what. Root and the daemon's own user may do everything.
public struct AccessConfiguration: Hashable, Sendable {
  /// Users and groups, by number.
  public struct Grant: Hashable, Sendable {
    public var isForEverybody = false
    public var users: Set<UInt32> = []
    public var groups: Set<UInt32> = []

    public init() {}

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

  public init() {}
}

extension AccessConfiguration: NodeReadable {
  public init?(from node: Node, problems: ProblemCollector) {
    let keys = Configuration.keyNames(in: .access)
    guard let map = MappingReader(node, of: "the access", keys: keys, problems: problems) else { return nil }
    self.init()
    // A key whose value was taken away does not fall back to what holds without it: that may be everybody.
    for key in keys {
      if let value = map[key], value.isNull { _ = ValueReader.grant.read(value, "\"\(key)\"", problems) }
    }
    read = map.optional("read", .grant, default: read)
    export = map.optional("export", .grant, default: export)
    manage = map.optional("manage", .grant, default: manage)
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
        case "everybody": return .everybody
        case "nobody": return AccessConfiguration.Grant()
        default:
          let near = didYouMean(scalar.text, among: ["everybody", "nobody"])
          problems.report("\(label) must be \(form), not \"\(scalar.text)\"\(near)", at: node)
          return nil
        }
      }
      let keys = Configuration.keyNames(in: .grant)
      guard let map = MappingReader(node, of: label, keys: keys, problems: problems) else { return nil }
      var grant = AccessConfiguration.Grant()
      for name in map.optional("users", .oneOrMore, default: []) {
        if let id = AccountKind.user.number(of: name, problems: problems) { grant.users.insert(id) }
      }
      for name in map.optional("groups", .oneOrMore, default: []) {
        if let id = AccountKind.group.number(of: name, problems: problems) { grant.groups.insert(id) }
      }
      return grant
    }
  }
}
