#!/usr/bin/env python3
"""One row for each country: persons, those of one disposition, and their share.

By hand: ./released_share.py < released_share.ndjson
"""
import json
import sys

MANIFEST = {
    "name": "released-share",
    "kind": "report",
    "parameters": [{"name": "disposition", "type": "text", "default": "released"}],
    "columns": [
        {"name": "country", "kind": "text"},
        {"name": "persons", "kind": "integer"},
        {"name": "chosen", "kind": "integer"},
        {"name": "per_mille", "kind": "integer"},
    ],
}

if sys.argv[1:] == ["--describe"]:
    print(json.dumps(MANIFEST))
    sys.exit()

request = json.loads(sys.stdin.readline())
disposition = request["parameters"]["disposition"]
countries = {}
for number, line in enumerate(sys.stdin):
    row = json.loads(line)
    country = countries.setdefault(row["country"], {"persons": None, "chosen": None, "@rows": []})
    country["@rows"].append(number)
    # Missing is not zero: a sum over nothing but missing numbers stays missing.
    if row["persons"] is not None:
        country["persons"] = (country["persons"] or 0) + row["persons"]
        if row["disposition"] == disposition:
            country["chosen"] = (country["chosen"] or 0) + row["persons"]

for name, country in countries.items():
    persons, chosen = country["persons"], country["chosen"]
    share = (2000 * chosen + persons) // (2 * persons) if persons and chosen is not None else None
    print(json.dumps({"country": name, **country, "per_mille": share}))
