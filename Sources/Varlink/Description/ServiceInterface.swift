/// The description of `org.varlink.service`, which every service answers (UAPI.20, "The org.varlink.service
/// Interface").
public let serviceInterfaceText = """
  # What every Varlink service offers: who it is, and what can be called.
  interface org.varlink.service

  # Tells who made the service and which interfaces it implements.
  method GetInfo() -> (
  \t# Who makes the service.
  \tvendor: string,
  \t# The name of the service.
  \tproduct: string,
  \t# The version of the service; its form is the vendor's.
  \tversion: string,
  \t# Where to read more about the service.
  \turl: string,
  \t# The names of all interfaces, this one included.
  \tinterfaces: []string
  )

  # Returns the description of an interface in the Varlink interface definition language.
  method GetInterfaceDescription(
  \t# The name of the interface, such as org.varlink.service.
  \tinterface: string
  ) -> (
  \t# The text of the description, with its comments.
  \tdescription: string
  )

  # The service does not implement the interface.
  error InterfaceNotFound(
  \t# The name of the interface.
  \tinterface: string
  )

  # The interface is known, but it has no such method.
  error MethodNotFound(
  \t# The name of the method, with that of its interface.
  \tmethod: string
  )

  # The interface declares the method, but this service does not implement it.
  error MethodNotImplemented(
  \t# The name of the method, with that of its interface.
  \tmethod: string
  )

  # A parameter is unknown, missing, or not of its declared type.
  error InvalidParameter(
  \t# The name of the parameter; the path to it when it lies inside another.
  \tparameter: string
  )

  # The caller may not call the method.
  error PermissionDenied()

  # The method must be called with the flag 'more'.
  error ExpectedMore()

  # The method must be called with the flag 'upgrade'.
  error ExpectedUpgrade()

  """

extension InterfaceDescription {
  // The text is a constant, and a test reads it: this cannot fail.
  /// `org.varlink.service`.
  public static let service = try! InterfaceDescription(parsing: serviceInterfaceText)
}
