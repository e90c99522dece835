/// The version of Muster: of its programs, and of what the daemon says of itself.
public let musterVersion = "0.1.0"
