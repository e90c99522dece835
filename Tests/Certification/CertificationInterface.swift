import Varlink

/// Members and their order are the protocol's conformance suite's; the comments are ours.
let certificationText = """
  # Lets a client and a server show each other that they speak Varlink.
  #
  # A client calls Start, Test01 to Test11 and End in this order on one connection, and hands to each what the one before
  # has returned. The server checks every call.
  interface org.varlink.certification

  # A part of MyType, with a map whose values are an enum.
  type Interface (
  \tfoo: ?[]?[string](
  \t\tfoo,
  \t\tbar,
  \t\tbaz
  \t),
  \tanon: (
  \t\tfoo: bool,
  \t\tbar: bool
  \t)
  )

  # A value of every type there is.
  type MyType (
  \tobject: object,
  \tenum: (
  \t\tone,
  \t\ttwo,
  \t\tthree
  \t),
  \tstruct: (
  \t\tfirst: int,
  \t\tsecond: string
  \t),
  \tarray: []string,
  \tdictionary: [string]string,
  \tstringset: [string](),
  \tnullable: ?string,
  \tnullable_array_struct: ?[](
  \t\tfirst: int,
  \t\tsecond: string
  \t),
  \tinterface: Interface
  )

  # Begins a session.
  method Start() -> (client_id: string)

  method Test01(client_id: string) -> (bool: bool)

  method Test02(client_id: string, bool: bool) -> (int: int)

  method Test03(client_id: string, int: int) -> (float: float)

  method Test04(client_id: string, float: float) -> (string: string)

  method Test05(client_id: string, string: string) -> (bool: bool, int: int, float: float, string: string)

  method Test06(
  \tclient_id: string,
  \tbool: bool,
  \tint: int,
  \tfloat: float,
  \tstring: string
  ) -> (struct: (bool: bool, int: int, float: float, string: string))

  method Test07(
  \tclient_id: string,
  \tstruct: (bool: bool, int: int, float: float, string: string)
  ) -> (map: [string]string)

  method Test08(client_id: string, map: [string]string) -> (set: [string]())

  method Test09(client_id: string, set: [string]()) -> (mytype: MyType)

  # Answers with ten replies.
  # [Requires 'more' flag]
  method Test10(client_id: string, mytype: MyType) -> (string: string)

  # Takes what the ten replies held. To be called as oneway.
  method Test11(client_id: string, last_more_replies: []string) -> ()

  # Ends the session; all_ok is true if every call was right.
  method End(client_id: string) -> (all_ok: bool)

  # There is no such session.
  error ClientIdError ()

  # The call was not the one that was due.
  error CertificationError (wants: object, got: object)

  """

let certificationInterface = try! InterfaceDescription(parsing: certificationText)
