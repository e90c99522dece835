/// The version of Muster: of its programs, and of what the daemon says of itself.
public let musterVersion = "0.1.0"

/// When that version was made, as manual pages write it.
public let musterReleaseDate = "November 23, 2026"
