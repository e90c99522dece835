"""Stated totals against their sums, and where cells come from, with 20,000 stated totals over 100,000 observations."""

import hashlib
import itertools
import json
import pathlib
import random
import time

import figures
from daemon import Connection, Daemon, call, need_programs, run
from figures import judge, median, milliseconds
from generate import field, resource

PLACES = [f"p{number:03}" for number in range(400)]
YEARS = [f"y{number:02}" for number in range(50)]
KINDS = [f"k{number}" for number in range(5)]
# As many places together have a stated total for each year and kind.
TOGETHER = 5
# One of as many stated totals is off.
WRONG = 1000
SEED = 1665

RECONCILE_SECONDS = 1
WHY_SECONDS = 0.010
FIRST_WHY_SECONDS = 0.100

STARTS = 5
CALLS = 101

CONFIGURATION = """\
dataset: { package: datapackage.json, place: place, breakdown: kind, measure: persons, repeated: add }
reports:
  places: { title: Persons by place, pipeline: [country-summary] }
limits: { cache_size: 0 }
"""


def tables() -> dict[str, tuple[dict, list[str]]]:
    """The resources with their rows, the header first."""
    source = random.Random(SEED)
    groups = [PLACES[first : first + TOGETHER] for first in range(0, len(PLACES), TOGETHER)]
    numbers = {key: source.randrange(10_000) for key in itertools.product(PLACES, YEARS, KINDS)}
    totals, scopes = ["id,persons"], ["stated_total,dimension,code"]
    for year, kind, group in itertools.product(YEARS, KINDS, groups):
        total = f"t{len(totals)}"
        off = 10 if len(totals) % WRONG == 0 else 0
        totals.append(f"{total},{sum(numbers[place, year, kind] for place in group) + off}")
        scopes += [f"{total},place,{place}" for place in group] + [f"{total},year,{year}", f"{total},kind,{kind}"]
    persons = field("persons", "integer")
    rows = [f"{place},{year},{kind},{number}" for (place, year, kind), number in numbers.items()]
    source.shuffle(rows)
    lists = {"places": PLACES, "years": YEARS, "kinds": KINDS}
    result = {
        name: (resource(name, [field("id"), field("name")], ["id"]), ["id,name", *(f"{id},{id.upper()}" for id in ids)])
        for name, ids in lists.items()
    }
    result["observations"] = (
        resource(
            "observations",
            [field("place"), field("year"), field("kind"), persons],
            ["place", "year", "kind"],
            {"place": "places", "year": "years", "kind": "kinds"},
        ),
        ["place,year,kind,persons", *rows],
    )
    result["stated_totals"] = (resource("stated_totals", [field("id"), persons], ["id"]), totals)
    result["stated_total_scopes"] = (
        resource(
            "stated_total_scopes",
            [field("stated_total"), field("dimension"), field("code")],
            ["stated_total", "dimension", "code"],
            {"stated_total": "stated_totals"},
        ),
        scopes,
    )
    return result


def package(folder: pathlib.Path) -> pathlib.Path:
    """Makes the package with its configuration unless it is there, and returns the path of the configuration."""
    configuration = folder / "musterd.yaml"
    digest = hashlib.sha256(pathlib.Path(__file__).read_bytes()).hexdigest()
    stamp = folder / "generated-by"
    if stamp.exists() and stamp.read_text() == digest:
        return configuration
    folder.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    made = tables()
    for description, rows in made.values():
        (folder / description["path"]).write_text("\n".join(rows) + "\n")
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "generated-totals",
        "title": "Generated stated totals",
        "resources": [description for description, _ in made.values()],
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor, indent=2) + "\n")
    configuration.write_text(CONFIGURATION)
    stamp.write_text(digest)
    return configuration


def explain(row: str, column: str, **where: list[str]) -> bytes:
    filters = [{"dimension": dimension, "codes": codes} for dimension, codes in where.items()]
    return call("org.muster.Reports.Explain", report="places", row=row, column=column, where=filters)


QUESTIONS = {
    "why of a place": explain(PLACES[7], KINDS[0]),
    "why of the total": explain("Total", "total"),
    "why of what a source states": explain("Total", KINDS[2], place=PLACES[10:15], year=[YEARS[3]]),
}


def timed(daemon: Daemon, connection: Connection, message: bytes) -> tuple[float, float, dict]:
    """Seconds until the reply, seconds of processor time that the daemon took for it, and its parameters."""
    worked = daemon.cpu_nanoseconds()
    start = time.perf_counter()
    reply = connection.exchange(message)
    seconds = time.perf_counter() - start
    worked = daemon.cpu_nanoseconds() - worked
    answer = json.loads(reply[:-1])
    if "error" in answer:
        raise RuntimeError(f"{answer['error']} {answer.get('parameters')}")
    return seconds, worked / 1e9, answer["parameters"]


def reconcile(connection: Connection) -> tuple[float, dict]:
    """The seconds until the last of all replies, and the counts."""
    start = time.perf_counter()
    connection.socket.sendall(json.dumps({"method": "org.muster.Reports.Reconcile", "more": True}).encode() + b"\0")
    received = b""
    while True:
        received += connection.socket.recv(1 << 20)
        *_, last = received.rstrip(b"\0").rsplit(b"\0", 1)
        if received.endswith(b"\0") and b'"continues":true' not in last:
            break
    seconds = time.perf_counter() - start
    return seconds, json.loads(last)["parameters"]


def measure(folder: pathlib.Path) -> None:
    configuration = package(folder)
    count = len(PLACES) * len(YEARS) * len(KINDS)
    stated = count // TOGETHER
    first: list[float] = []
    whole: list[float] = []
    seconds: dict[str, list[float]] = {name: [] for name in QUESTIONS}
    worked: dict[str, list[float]] = {name: [] for name in QUESTIONS}
    for _ in range(STARTS):
        with Daemon(configuration) as daemon:
            daemon.first_answer(run("places"))
            connection = daemon.connect()
            first.append(timed(daemon, connection, QUESTIONS["why of what a source states"])[0])
            for name, message in QUESTIONS.items():
                for _ in range(CALLS // STARTS + 1):
                    taken, own, reply = timed(daemon, connection, message)
                    seconds[name].append(taken)
                    worked[name].append(own)
            if len(reply["stated"]) != 1 or not reply["stated"][0]["agrees"]:
                raise RuntimeError(f"the stated total was not found: {reply['stated']}")
            taken, reply = reconcile(connection)
            whole.append(taken)
            if (reply["agreeing"], reply["unacknowledged"]) != (stated - stated // WRONG, stated // WRONG):
                raise RuntimeError(f"wrong counts: {reply['agreeing']}, {reply['unacknowledged']}")
    rows = [["reconcile, with candidates", milliseconds(median(whole)), *judge(median(whole), RECONCILE_SECONDS, milliseconds)]]
    rows.append(["first why after the load", milliseconds(median(first)), *judge(median(first), FIRST_WHY_SECONDS, milliseconds)])
    for name, own in worked.items():
        rows.append([f"{name}, the daemon's time", milliseconds(median(own)), *judge(median(own), WHY_SECONDS, milliseconds)])
    for name, taken in seconds.items():
        rows.append([f"{name}, call to reply", milliseconds(median(taken)), "", ""])
    print(f"{stated} stated totals over {count} observations: medians of {STARTS} starts")
    figures.print_table(["figure", "muster", "limit", ""], rows)


if __name__ == "__main__":
    need_programs("musterd")
    measure(pathlib.Path(".build/bench/stated-totals").absolute())
