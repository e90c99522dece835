/// What a user may be allowed to do. Each has a key of its name under `access` in the daemon's configuration.
public enum Right: String, CaseIterable, Hashable, Sendable {
  /// Running reports, and seeing what there is.
  case read
  /// Making the daemon write files.
  case export
  /// Looking after the daemon.
  case manage

  /// What a method of `org.muster.*` needs. Introspection needs no right; what is not listed is for managers.
  public static func needed(for method: String) -> Right {
    switch method {
    case _ where method.hasPrefix("\(Reports.interface)."): .read
    case "\(Exports.interface).List", "\(Exports.interface).Verify": .read
    case "\(Exports.interface).Export": .export
    case "\(Manage.interface).Status", "\(Manage.interface).Plugins": .read
    default: .manage
    }
  }
}
