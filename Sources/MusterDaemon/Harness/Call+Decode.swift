internal import JSON
internal import Varlink

extension Call {
  /// The parameters as a wire type. Throws the error to reply with.
  func decode<Parameters: Decodable>() throws(VarlinkError) -> Parameters {
    do {
      return try JSONValue.object(parameters).decode()
    } catch {
      throw VarlinkError.invalidParameter(error.path.dotted)
    }
  }
}
