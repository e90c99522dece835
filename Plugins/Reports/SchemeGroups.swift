import ReportKit

/// The groups of a scheme as selections of observations: those of the codes that were in a group, in the periods in which
/// they were (MODEL, rule 7).
struct SchemeGroups {
  /// One row of a report: a group, or what no group has.
  struct Entry {
    /// Nil for what the scheme does not classify.
    let group: Int?
    /// Its names, from the outermost level on.
    let path: [Int]
    /// Any of these; empty for a group without members.
    let selections: [Selection]
  }

  /// In the order of the dataset, each group behind the one that it lies in, and what is not classified at the end.
  let entries: [Entry]
  /// What belonged to a group during only a part of a period.
  let notes: [Note]
  private let scheme: Scheme
  private let model: DatasetModel

  /// - Parameter level: groups of that depth alone, from 1 for the outermost; nil for all.
  init(_ scheme: Scheme, _ request: ReportRequest, level: Int?) {
    self.scheme = scheme
    model = request.model
    let classes = MembershipClasses(scheme, request)
    notes = classes.notes
    var entries: [Entry] = []
    func add(_ group: Int, _ path: [Int]) {
      let path = path + [group]
      if level == nil || level == path.count {
        let selections = classes.selections { member in
          member.map { scheme.isGroup($0, within: group) } ?? false
        }
        entries.append(Entry(group: group, path: path, selections: selections))
      }
      for inner in scheme.groups.indices where scheme.groups[inner].parent == group { add(inner, path) }
    }
    for group in scheme.groups.indices where scheme.groups[group].parent == nil { add(group, []) }
    entries.append(Entry(group: nil, path: [], selections: classes.selections { $0 == nil }))
    self.entries = entries
  }

  /// Whether groups lie in others, so that what the rows show adds up to more than there is.
  static func overlap(_ scheme: Scheme, level: Int?) -> Bool {
    level == nil && scheme.groups.contains { $0.parent != nil }
  }
}

/// Codes that are in the same group, and the periods in which they are.
private struct MembershipClasses {
  private(set) var notes: [Note] = []
  /// By period, or once where there is no time: the group of each code.
  private var classes: [(periods: CodeSet?, groups: [Int?])] = []
  private let request: ReportRequest
  private let dimension: Int

  init(_ scheme: Scheme, _ request: ReportRequest) {
    self.request = request
    dimension = scheme.dimension
    guard scheme.isOfItsTime, let time = request.model.timeIndex else {
      classes = [(nil, scheme.groupOfCode)]
      return
    }
    let periods = request.model.dimensions[time].codes
    var partial: [String] = []
    for code in request.codes(of: time) {
      var groups = [Int?](repeating: nil, count: scheme.groupOfCode.count)
      let period = CalendarDay.period(periods.ids[code])
      for membership in scheme.memberships {
        guard let validity = membership.validity, let period else {
          groups[membership.code] = groups[membership.code] ?? membership.group
          continue
        }
        let coverage = validity.coverage(of: period)
        if coverage == .none { continue }
        if coverage == .part {
          partial.append(
            "\(request.model.dimensions[scheme.dimension].codes.names[membership.code]) in \(periods.names[code])")
        }
        groups[membership.code] = groups[membership.code] ?? membership.group
      }
      if let index = classes.firstIndex(where: { $0.groups == groups }) {
        classes[index].periods?.insert(code)
      } else {
        classes.append(([code], groups))
      }
    }
    if !partial.isEmpty {
      let shown = partial.prefix(6).joined(separator: ", ")
      let rest = partial.count > 6 ? " and \(partial.count - 6) more" : ""
      notes = [Note(.scope, "In its group during a part of the period only: \(shown)\(rest)")]
    }
  }

  func selections(_ isWanted: (_ group: Int?) -> Bool) -> [Selection] {
    let allowed = request.codes(of: dimension)
    return classes.compactMap { periods, groups in
      let codes = CodeSet(allowed.filter { isWanted(groups[$0]) })
      if codes.isEmpty { return nil }
      let selection = request.selection.restricting(dimension, to: codes)
      guard let periods, let time = request.model.timeIndex else { return selection }
      return selection.restricting(time, to: periods)
    }
  }
}
