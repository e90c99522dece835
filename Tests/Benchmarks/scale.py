"""Loading, memory and both reports with many observations, beside DuckDB on the same file in the same run."""

import argparse
import csv
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import figures
import generate
import reconcile
from daemon import BINARIES, GET_INFO, Connection, Daemon, need_programs, run
from figures import judge, mebibytes, median, milliseconds, times

FOLDER = pathlib.Path(".build/bench").absolute()
TINY = 100
REPORTS = {"places": "country-summary", "blocs": "bloc-aggregate"}
METHODS = ["cube", "scan"]

# First what must hold, then what is aimed at.
LOAD_RATIO = (1, 1 / 3)
REPORT_SECONDS = 0.001
CUBE_RATIO = 1 / 100
SCAN_RATIO = 1
BYTES_EACH = (24, 16)

CALLS = 201


def muster_bench(configuration: pathlib.Path, runs: int, answers: pathlib.Path | None = None) -> dict[str, list[float]]:
    """Seconds by what was timed."""
    command = [BINARIES / "muster-bench", "--config", configuration, "--runs", str(runs)]
    output = capture(command + (["--answers", answers] if answers else []))
    return {name: [value / 1e6 for value in values] for name, values in json.loads(output).items()}


def duckdb(folder: pathlib.Path, runs: int, answers: pathlib.Path | None = None) -> dict:
    script = pathlib.Path(__file__).with_name("duck.py")
    return json.loads(capture([sys.executable, script, folder, str(runs)] + ([answers] if answers else [])))


def capture(command: list) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


# --- The same answers ------------------------------------------------------------------------------------------------


def check_answers(configuration: pathlib.Path, work: pathlib.Path) -> int:
    """Compares every group of both computations, and the daemon's replies, with DuckDB. Returns how many there are."""
    ours, theirs = work / "ours.csv", work / "theirs.json"
    muster_bench(configuration, 1, ours)
    duckdb(configuration.parent, 1, theirs)
    expected = {
        grouping: {(group, code): tuple(values) for group, code, *values in rows}
        for grouping, rows in json.loads(theirs.read_text()).items()
    }
    count = 0
    for method in METHODS:
        for grouping in REPORTS:
            with open(ours, newline="") as file:
                rows = [row for row in csv.reader(file) if row[:2] == [method, grouping]]
            found = {
                (group, code): (int(sum) if sum else None, *map(int, counts)) for _, _, group, code, sum, *counts in rows
            }
            compare(f"{grouping} by {method}", found, expected[grouping])
            count += len(found)
    with Daemon(configuration) as daemon:
        connection = daemon.connect()
        for grouping, report in REPORTS.items():
            reply = connection.ask(run(report))
            key = reply["columns"][0]["name"]
            found = {
                (row[key] or "", code): row[code] for row in reply["rows"] for code in generate.DISPOSITIONS
            }
            compare(report, found, {group: values[0] for group, values in expected[grouping].items()}, missing=None)
    return count


def compare(name: str, found: dict, expected: dict, missing: object = (None, 0, 0, 0, 0)) -> None:
    """Fails on the first groups that differ. DuckDB has no row for a group without observations."""
    if not found:
        sys.exit(f"bench-scale: {name}: no answers")
    different = [
        f"  {group}: {found.get(group, 'no group')}, DuckDB {expected.get(group, missing)}"
        for group in sorted(found.keys() | expected.keys())
        if found.get(group, "no group") != expected.get(group, missing)
    ]
    if different:
        sys.exit(f"bench-scale: {name}: {len(different)} groups differ from DuckDB\n" + "\n".join(different[:10]))


# --- Figures ---------------------------------------------------------------------------------------------------------


def measure_daemon(configuration: pathlib.Path) -> dict:
    with Daemon(configuration) as daemon:
        result: dict = {"first answer": daemon.first_answer(run(REPORTS["places"]))}
        result |= {"load processor": daemon.cpu_nanoseconds() / 1e9}
        result |= {"load": daemon.load_seconds(), "memory": daemon.memory()}
        connection = daemon.connect()
        messages = {report: run(report) for report in REPORTS.values()} | {"GetInfo": GET_INFO}
        for message in messages.values():
            connection.ask(message)
        for name, message in messages.items():
            result[name] = round_trips(connection, message)
    return result


def round_trips(connection: Connection, message: bytes) -> list[float]:
    seconds = []
    for _ in range(CALLS):
        start = time.perf_counter()
        connection.exchange(message)
        seconds.append(time.perf_counter() - start)
    return seconds


def joined(results: list[dict], name: str) -> list[float]:
    """The seconds of all repetitions, of which each gave one or several."""
    return [value for result in results for value in (result[name] if isinstance(result[name], list) else [result[name]])]


def spread(seconds: list[float]) -> str:
    return f"{milliseconds(median(seconds))} ({milliseconds(min(seconds))} to {milliseconds(max(seconds))})"


def beside(name: str, ours: list[float], theirs: list[float], mark: float | None, aim: float | None) -> list[str]:
    """A row of times, with limits on their ratio."""
    ratio = median(ours) / median(theirs)
    limits = [cell for limit in (mark, aim) for cell in (judge(ratio, limit, times) if limit else ("", ""))]
    return [name, spread(ours), spread(theirs), times(ratio), *limits]


def measure(configuration: pathlib.Path, rows: int, repetitions: int, runs: int, work: pathlib.Path) -> None:
    ours: list[dict] = []
    ours_inside: list[dict] = []
    theirs: list[dict] = []
    steps = [
        lambda: ours.append(measure_daemon(configuration)),
        lambda: theirs.append(duckdb(configuration.parent, runs)),
        lambda: ours_inside.append(muster_bench(configuration, runs)),
    ]
    for number in range(repetitions):
        for step in steps if number % 2 == 0 else reversed(steps):
            step()
    with Daemon(generate.package(work / "tiny", TINY)) as daemon:
        daemon.first_answer(run(REPORTS["places"]))
        tiny = daemon.memory()

    print(f"Times: medians with the range, of {repetitions} repetitions; of reports and groupings {runs} times each")
    duck_load = joined(theirs, "load")
    table = [
        beside("load, as musterd logs it", joined(ours, "load"), duck_load, *LOAD_RATIO),
        beside("load, from exec to the first answer", joined(ours, "first answer"), duck_load, None, None),
        beside("load, processor time", joined(ours, "load processor"), joined(theirs, "load processor"), None, None),
    ]
    for grouping, report in REPORTS.items():
        seconds = joined(ours, report)
        row = beside(f"{report}, call to reply", seconds, joined(theirs, grouping), None, CUBE_RATIO)
        row[4:6] = judge(median(seconds), REPORT_SECONDS, milliseconds)
        table.append(row)
        table.append(beside("  its rows, in process", joined(ours_inside, report), joined(theirs, grouping), None, None))
    for method, mark, aim in [("cube", None, CUBE_RATIO), ("scan", SCAN_RATIO, None)]:
        for grouping in REPORTS:
            seconds = joined(ours_inside, f"{grouping} {method}")
            table.append(beside(f"grouping by {grouping}, {method}", seconds, joined(theirs, grouping), mark, aim))
            if method == "scan":
                every = joined(theirs, f"{grouping}, all counts")
                table.append(beside("  against all counts in DuckDB", seconds, every, None, None))
    table.append(["GetInfo, call to reply", spread(joined(ours, "GetInfo")), *[""] * 6])
    figures.print_table(["figure", "muster", "DuckDB", "ratio", "mark", "", "aim", ""], table)
    print()
    print_memory(rows, [result["memory"] for result in ours], tiny, [result["peak"] for result in theirs])


def print_memory(rows: int, memory: list[dict], tiny: dict, duck_peaks: list[int]) -> None:
    steady = median([(status["RssAnon"] - tiny["RssAnon"]) / rows for status in memory])
    peak = median([status["VmHWM"] for status in memory])
    duck = median(duck_peaks)
    limits = [cell for limit in BYTES_EACH for cell in judge(steady, limit, lambda count: f"{count:.0f}")]
    own = median([status["RssAnon"] for status in memory])
    pages = median([status["RssFile"] for status in memory])
    table = [
        [f"bytes an observation, beyond a daemon with {TINY}", f"{steady:.1f}", "", "", *limits],
        ["memory of its own after the load", mebibytes(own), "", "", "", "", "", ""],
        ["pages of files, which the kernel can take back", mebibytes(pages), "", "", "", "", "", ""],
        ["resident at its peak, pages of files included", mebibytes(peak), mebibytes(duck), times(peak / duck)]
        + [""] * 4,
    ]
    figures.print_table(["memory", "muster", "DuckDB", "ratio", "mark", "", "aim", ""], table)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench-scale.sh", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000, help="observations (default: ten million)")
    parser.add_argument("--repetitions", type=int, default=5, help="loads by each (default: 5)")
    parser.add_argument("--runs", type=int, default=21, help="runs of each question in a repetition (default: 21)")
    options = parser.parse_args()
    if min(options.rows, options.repetitions, options.runs) < 1:
        parser.error("a number below 1")
    need_programs("musterd", "muster-bench")

    figures.print_machine()
    start = time.monotonic()
    configuration = generate.package(FOLDER / f"generated-{options.rows}", options.rows)
    size = (configuration.parent / "observations.csv").stat().st_size
    print(f"{configuration.parent}: {options.rows} observations, {size} bytes ({size / options.rows:.1f} each)")
    print(f"{generate.PARAMETERS}; ready after {time.monotonic() - start:.1f} s")

    work = pathlib.Path(tempfile.mkdtemp(prefix="muster-bench-"))
    try:
        groups = check_answers(configuration, work)
        print(f"The same answers as DuckDB: {groups} groups, and both reports as the daemon replies")
        print()
        measure(configuration, options.rows, options.repetitions, options.runs, work)
        print()
        reconcile.measure(FOLDER / "stated-totals")
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
