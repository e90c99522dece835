public import Base
internal import Model
internal import YAML

/// What a dimension is narrowed to, as configured: not yet checked against the data.
public struct SelectionConfiguration: Sendable {
  /// One thing that is allowed, or left out.
  public struct Item: Sendable {
    /// As it is written.
    public var text: Located<String>
    /// Whether it is a code of which the contents are meant.
    public var isUnder: Bool

    var item: SelectionTerm.Item { isUnder ? .under(text.value) : .text(text.value) }
  }

  /// What is allowed; nil for all codes.
  public var items: [Item]?
  /// What of it is not.
  public var without: [Item] = []

  /// What it means for a dimension.
  func term(for dimension: String) -> SelectionTerm {
    SelectionTerm(dimension, items: items?.map(\.item), without: without.map(\.item))
  }

  /// Where a part of it is written.
  func place(of part: SelectionTerm.Part) -> Located<String>? {
    let (list, index) =
      switch part {
      case .item(let index): (items ?? [], index)
      case .without(let index): (without, index)
      }
    return list.indices.contains(index) ? list[index].text : nil
  }
}

extension ValueReader where Value == SelectionConfiguration {
  /// `code`, `[code, from..to]`, `{ under: code }`, `{ not: [code] }`, or both of the latter.
  static var selection: Self {
    ValueReader { node, label, problems in
      guard node.entries != nil else {
        return ValueReader<[SelectionConfiguration.Item]>.items.read(node, label, problems).map { items in
          SelectionConfiguration(items: items)
        }
      }
      let keys = (under: "under", not: "not")
      guard let map = MappingReader(node, of: label, keys: [keys.under, keys.not], problems: problems) else {
        return nil
      }
      if map[keys.under] == nil, map[keys.not] == nil {
        if map.entries.isEmpty { problems.report("\(label) must have the key \"under\", \"not\" or both", at: node) }
        return nil
      }
      var selection = SelectionConfiguration()
      if let under = map[keys.under] {
        guard
          let items = ValueReader<[SelectionConfiguration.Item]>.under.read(under, "\"under\" in \(label)", problems)
        else { return nil }
        selection.items = items
      }
      if let not = map[keys.not] {
        guard let items = ValueReader<[SelectionConfiguration.Item]>.items.read(not, "\"not\" in \(label)", problems)
        else { return nil }
        selection.without = items
      }
      return selection
    }
  }
}

extension ValueReader where Value == [SelectionConfiguration.Item] {
  /// One item or a list of them, each a text or `{ under: code }`.
  fileprivate static var items: Self {
    ValueReader { node, label, problems in
      guard let elements = node.elements else { return item(node, label, problems) }
      if elements.isEmpty {
        problems.report("\(label) must have at least 1 entry", at: node)
        return nil
      }
      return elements.flatMap { item($0, "an entry of \(label)", problems) ?? [] }
    }
  }

  /// The codes of which the contents are meant: one, or a list.
  fileprivate static var under: Self {
    ValueReader { node, label, problems in
      let codes = ValueReader<[Located<String>]>.oneOrMore.read(node, label, problems)
      return codes?.map { SelectionConfiguration.Item(text: $0, isUnder: true) }
    }
  }

  private static func item(
    _ node: Node, _ label: String, _ problems: ProblemCollector
  ) -> [SelectionConfiguration.Item]? {
    if node.entries == nil {
      return ValueReader<Located<String>>.located(.name).read(node, label, problems).map {
        [SelectionConfiguration.Item(text: $0, isUnder: false)]
      }
    }
    guard let map = MappingReader(node, of: label, keys: ["under"], problems: problems),
      let codes = map["under"]
    else {
      if node.entries?.isEmpty == true { problems.report("\(label) lacks the key \"under\"", at: node) }
      return nil
    }
    return under.read(codes, "\"under\" in \(label)", problems)
  }
}
