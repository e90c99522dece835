import Base
import JSON

/// Figures of one kind under one name, after OpenMetrics 1.0.
struct MetricFamily {
  enum Kind: String {
    case gauge
    case counter
    case summary
  }

  struct Sample {
    /// What follows the family's name.
    var suffix = ""
    var labels: [(name: String, value: String)] = []
    var value: MetricValue
  }

  var name: String
  var kind: Kind
  /// The last word of the name, where the figures have a unit.
  var unit: String?
  var help: String
  var samples: [Sample]
}

/// A whole number, or one of seconds that is exact to the microsecond.
enum MetricValue: CustomStringConvertible {
  case integer(Int64)
  case seconds(microseconds: Int64)

  var description: String {
    switch self {
    case .integer(let value): return String(value)
    case .seconds(let microseconds):
      let digits = String(microseconds.magnitude)
      let padded = String(repeating: "0", count: max(0, 7 - digits.count)) + digits
      return "\(microseconds < 0 ? "-" : "")\(padded.dropLast(6)).\(padded.suffix(6))"
    }
  }

  var json: JSONValue {
    switch self {
    case .integer(let value): .integer(value)
    case .seconds(let microseconds): .double(Double(microseconds) / 1_000_000)
    }
  }
}

/// The text exposition format of OpenMetrics 1.0, to its end mark.
func openMetricsText(_ families: [MetricFamily]) -> String {
  var text = ""
  for family in families {
    text += "# TYPE \(family.name) \(family.kind.rawValue)\n"
    if let unit = family.unit { text += "# UNIT \(family.name) \(unit)\n" }
    text += "# HELP \(family.name) \(escaped(family.help))\n"
    for sample in family.samples {
      text += family.name + sample.suffix
      if !sample.labels.isEmpty {
        text += "{" + sample.labels.map { "\($0.name)=\"\(escaped($0.value))\"" }.joined(separator: ",") + "}"
      }
      text += " \(sample.value)\n"
    }
  }
  return text + "# EOF\n"
}

private func escaped(_ text: String) -> String {
  // There is no escape for CR: it would only end a line for some readers. Nor is there one for what a terminal would obey.
  escapingScalars(text) { scalar in
    switch scalar {
    case "\\": "\\\\"
    case "\"": "\\\""
    case "\n": "\\n"
    case "\r": " "
    default: unsafeScalar(scalar)
    }
  }
}

/// What stands for a scalar that may not reach a terminal: its escape, escaped again.
private func unsafeScalar(_ scalar: Unicode.Scalar) -> String? {
  let safe = printable(String(scalar))
  return safe.unicodeScalars.first == scalar ? nil : safe.replacing("\\", with: "\\\\")
}

extension MetricFamily {
  var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("name", .string(name)), ("type", .string(kind.rawValue)), ("help", .string(help)),
      (
        "samples",
        .array(
          samples.map { sample in
            .object([
              "name": .string(name + sample.suffix),
              "labels": .object(JSONObject(sample.labels.map { ($0.name, .string($0.value)) })),
              "value": sample.value.json,
            ])
          })
      ),
    ]
    if let unit { members.insert(("unit", .string(unit)), at: 2) }
    return .object(JSONObject(members))
  }
}
