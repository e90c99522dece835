import JSON
import MusterAPI
import Varlink

/// Replies as musterd gives them.
enum Replies {
  static let list: JSONObject = [
    "revision": "sha256:abc",
    "reports": [
      [
        "name": "bloc-aggregate", "title": "People by bloc",
        "summary": "One row for each bloc of a classification scheme.",
      ],
      ["name": "country-summary", "title": "People by country", "summary": "One row for each country."],
    ],
  ]

  static let describe: JSONObject = [
    "revision": "sha256:abc", "name": "country-summary", "title": "People by country",
    "summary": "One row for each country.",
    "steps": [
      ["name": "country-summary", "summary": "One row for each place.", "parameters": ["scheme": "memorandum"]],
      [
        "name": "sort", "summary": "Orders the rows.", "parameters": ["descending": "true", "by": "total"],
      ],
      ["name": "tidy", "summary": "Tidies up.", "parameters": [:]],
    ],
    "parameters": [
      [
        "name": "scheme", "summary": "The classification that gives the bloc.", "kind": "choice",
        "default": "memorandum", "choices": ["memorandum", "region"],
      ],
      ["name": "since", "summary": "The first year.", "kind": "integer"],
    ],
    "columns": [
      ["name": "country", "title": "Country", "kind": "text"],
      [
        "name": "total", "title": "Total", "kind": "integer", "unit": "person",
        "description": "The sum of what is counted.",
      ],
    ],
    "formats": [
      [
        "name": "csv", "summary": "Comma-separated values.", "mediaType": "text/csv", "fileExtensions": ["csv"],
        "isText": true, "parameters": [],
      ],
      [
        "name": "json", "summary": "One document.", "mediaType": "application/json", "fileExtensions": ["json"],
        "isText": true, "parameters": [],
      ],
      [
        "name": "map", "summary": "Points on a map.", "mediaType": "application/geo+json",
        "fileExtensions": ["geo.json"], "isText": true,
        "parameters": [["name": "digits", "summary": "How many.", "kind": "integer", "default": "2"]],
      ],
    ],
  ]

  static let status: JSONObject = [
    "version": "0.1.0", "processId": 42, "startedAt": 1_700_000_000_000_000, "uptimeMicroseconds": 93_784_000_000,
    "configuration": "/etc/muster/musterd.yaml", "generation": 3, "loadedAt": 1_709_210_096_000_000,
    "lastReload": [
      "finishedAt": -1, "succeeded": false,
      "problems": ["a.yaml:1:2: unknown key \"x\"", "a.yaml:3:1: missing key \"y\""],
    ],
    "revision": "sha256:abc", "dataset": "repatriation-1955", "observations": 97, "reports": 2, "reloads": 2,
    "failedReloads": 1, "connections": 1, "connectionsTotal": 12,
    "refusedConnections": [["name": "limits.connections", "count": 2]], "calls": 34, "runningCalls": 1,
    "runningRuns": 1, "waitingRuns": 0,
    "latencies": [
      [
        "method": "org.muster.Reports.Run", "count": 30, "sum": 3_000_456, "p50": 873, "p90": 12_345, "p99": 999_999,
        "max": 1_250_000,
      ]
    ],
    "errors": [["name": "org.muster.Reports.NoSuchReport", "count": 5]], "protocolErrors": [], "cacheEntries": 4,
    "cacheBytes": 3500, "cacheHits": 7, "cacheMisses": 8,
    "programs": [
      [
        "name": "to-sqlite", "kind": "exporter", "summary": "Writes a \"database\"", "state": "failed",
        "reason": "it took longer than 10 s", "runs": 3, "failures": 1,
      ]
    ],
    "exports": [
      [
        "name": "blocs", "outcome": "failed", "reason": "cannot write .muster-new.blocs.csv: No space left on device",
        "finishedAt": 1_700_000_300_000_000, "durationMicroseconds": 2500, "writtenAt": 1_700_000_200_000_000,
        "size": 3500,
      ],
      ["name": "places"],
    ],
  ]

}

extension FakeService {
  /// Describes its report, and runs it with this content.
  convenience init(content pieces: String...) throws {
    try self.init { call, peer in
      switch call.method {
      case "org.muster.Reports.Describe": try peer.send(Reply(Replies.describe))
      default:
        for (index, piece) in pieces.enumerated() {
          try peer.send(
            Reply(["revision": "sha256:abc", "content": .string(piece)], continues: index < pieces.count - 1))
        }
      }
    }
  }
}
