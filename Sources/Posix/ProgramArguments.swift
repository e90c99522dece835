internal import CGlibc

/// The arguments of this program.
package enum ProgramArguments {
  /// Makes `CommandLine` know them also where there is no `/proc`, as in a bare chroot(2). To be called first of all.
  package static func adopt() { adopt_arguments() }
}
