#!/usr/bin/env python3
"""Writes a report as an SQLite database: the tables report, rows, totals, columns, and notes.

By hand: ./sqlite_exporter.py < sqlite_exporter.ndjson > report.db
"""
import json
import sqlite3
import sys


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


request = json.loads(sys.stdin.readline())
columns = request["columns"]
database = sqlite3.connect(":memory:")
database.execute("CREATE TABLE report (name TEXT PRIMARY KEY, title TEXT, revision TEXT)")
database.execute("INSERT INTO report VALUES (?, ?, ?)", [request["report"], request["title"], request["revision"]])
database.execute("CREATE TABLE columns (name TEXT PRIMARY KEY, title TEXT, kind TEXT, unit TEXT, description TEXT)")
database.executemany(
    "INSERT INTO columns VALUES (?, ?, ?, ?, ?)",
    [[column.get(key) for key in ("name", "title", "kind", "unit", "description")] for column in columns],
)
types = {"integer": "INTEGER", "decimal": "REAL"}
definitions = ", ".join(quoted(column["name"]) + " " + types.get(column["kind"], "TEXT") for column in columns)
database.execute("CREATE TABLE rows (%s)" % definitions)
# Apart from the rows, so that a sum over them counts nothing twice.
database.execute('CREATE TABLE totals ("@kind" TEXT, "@title" TEXT, %s)' % definitions)
# A note is about a cell, or without a row and a column about the whole table.
database.execute("CREATE TABLE notes (row INTEGER, column TEXT, kind TEXT, text TEXT)")
places = ", ".join("?" for _ in columns)
for number, line in enumerate(sys.stdin, start=1):
    row = json.loads(line)
    if "@totals" in row:
        database.executemany(
            "INSERT INTO totals VALUES (?, ?, %s)" % places,
            [
                [total["kind"], total["title"]] + [total["cells"][column["name"]] for column in columns]
                for total in row["@totals"]
            ],
        )
        database.executemany(
            "INSERT INTO notes VALUES (NULL, NULL, ?, ?)", [[note["kind"], note["text"]] for note in row["@notes"]]
        )
        break
    database.execute("INSERT INTO rows VALUES (%s)" % places, [row[column["name"]] for column in columns])
    for column, reason in row.get("@missing", {}).items():
        text = reason["symbol"] + ": " + reason["label"]
        database.execute("INSERT INTO notes VALUES (?, ?, 'missing', ?)", [number, column, text])
    for column, notes in row.get("@notes", {}).items():
        for note in notes:
            database.execute("INSERT INTO notes VALUES (?, ?, ?, ?)", [number, column, note["kind"], note["text"]])
database.commit()
sys.stdout.buffer.write(database.serialize())
