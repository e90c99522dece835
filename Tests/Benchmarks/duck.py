"""DuckDB's part of the comparison, in a process of its own: load the file, answer both questions, time it all."""

import csv
import json
import os
import pathlib
import re
import statistics
import sys
import time

import duckdb

ENUMS = {"source": "sources", "country": "countries", "category": "categories", "disposition": "dispositions"}
COUNTED = "role = 'counted'"

# The sums alone, as a report prints them. Of the forms for blocs the faster one counts.
SUMS = {
    "places": [f"select country, disposition, sum(persons) from observations where {COUNTED} group by all"],
    "blocs": [
        f"select bloc, disposition, sum(persons) from observations left join members using (country)"
        f" where {COUNTED} group by all",
        f"select bloc, disposition, sum(sum) from (select country, disposition, sum(persons) as sum from observations"
        f" where {COUNTED} group by all) left join members using (country) group by all",
    ],
}

# All that an aggregate of ours holds.
AGGREGATE = f"""
    disposition, sum(persons) filter (where {COUNTED}), count(persons) filter (where {COUNTED}),
    count(*) filter (where {COUNTED}), count(*) filter (where role = 'of_which'),
    count(*) filter (where role = 'contested')
"""
ANSWERS = {
    "places": f"select country, {AGGREGATE} from observations group by all",
    "blocs": f"select coalesce(bloc::varchar, ''), {AGGREGATE}"
    " from observations left join members using (country) group by all",
}


def enum_type(database: duckdb.DuckDBPyConnection, name: str, values: list[str]) -> None:
    database.execute(f"create type {name} as enum ({', '.join(repr(value) for value in values)})")


def column(path: pathlib.Path, name: str) -> list[str]:
    with open(path, newline="") as file:
        return [row[name] for row in csv.DictReader(file)]


def prepare(folder: pathlib.Path) -> duckdb.DuckDBPyConnection:
    database = duckdb.connect(config={"threads": len(os.sched_getaffinity(0))})
    for name, resource in ENUMS.items():
        enum_type(database, f"{name}_code", column(folder / f"{resource}.csv", "id"))
    enum_type(database, "role_code", ["counted", "of_which", "contested"])
    enum_type(database, "bloc_code", column(folder / "blocs.csv", "id"))
    members = "{'scheme': 'varchar', 'country': 'country_code', 'bloc': 'bloc_code'}"
    database.execute(
        "create table members as select country, bloc from"
        f" read_csv('{folder}/bloc_members.csv', header = true, auto_detect = false, columns = {members})"
    )
    return database


def load(database: duckdb.DuckDBPyConnection, folder: pathlib.Path) -> tuple[float, float]:
    """Seconds on the wall's clock, and of processor time."""
    columns = {"id": "bigint"} | {name: f"{name}_code" for name in ENUMS}
    columns |= {"persons": "bigint", "role": "role_code", "locus": "varchar"}
    start, start_processor = time.perf_counter(), time.process_time()
    database.execute(
        "create table observations as select * from"
        f" read_csv('{folder}/observations.csv', header = true, auto_detect = false, nullstr = '-', columns = {columns})"
    )
    return time.perf_counter() - start, time.process_time() - start_processor


def timed(database: duckdb.DuckDBPyConnection, query: str, runs: int) -> list[float]:
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        database.execute(query).fetchall()
        seconds.append(time.perf_counter() - start)
    return seconds


def peak_memory() -> int:
    return int(re.search(r"^VmHWM:\s+(\d+) kB", pathlib.Path("/proc/self/status").read_text(), re.MULTILINE)[1]) << 10


def main() -> None:
    folder, runs = pathlib.Path(sys.argv[1]).absolute(), int(sys.argv[2])
    database = prepare(folder)
    seconds, processor_seconds = load(database, folder)
    result = {"load": seconds, "load processor": processor_seconds, "peak": peak_memory()}
    for name, queries in SUMS.items():
        result[name] = min((timed(database, query, runs) for query in queries), key=statistics.median)
        result[f"{name}, all counts"] = timed(database, ANSWERS[name], runs)
    if len(sys.argv) > 3:
        answers = {name: database.execute(query).fetchall() for name, query in ANSWERS.items()}
        pathlib.Path(sys.argv[3]).write_text(json.dumps(answers, default=int))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
