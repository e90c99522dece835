/// The version of the daemon and the client.
public let musterVersion = "0.1.0"
