"""How fast the client, the start of the daemon and its calls are with the shipped dataset, and what it takes idle."""

import json
import pathlib
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

import figures
from daemon import BINARIES, GET_INFO, Connection, Daemon, need_programs, run
from figures import judge, mebibytes, median, milliseconds, percentile, times, verdict

CONFIGURATION = pathlib.Path("Config/musterd.yaml").absolute()
REPORT = "country-summary"
REPORTS = [REPORT, "bloc-aggregate"]

CLIENT_LIMIT = 3.5
START_LIMIT = 0.050
MEMORY_LIMIT = 32 << 20

CLIENT_ROUNDS = 10
CLIENT_RUNS = 25
STARTS = 30
MEMORY_RUNS = 1000
IDLE_SECONDS = 10
# Unused threads end after five seconds.
SETTLE_SECONDS = 7
CALL_SECONDS = 3
CONNECTIONS = 50

UNCACHED = """\
dataset:
  package: {package}
  place: country
  breakdown: disposition
  measure: persons
include: {pipelines}
limits: {{ cache_size: 0 }}
"""


def uncached_configuration(folder: pathlib.Path) -> pathlib.Path:
    """The shipped dataset and reports, with nothing kept of one run for the next."""
    path = folder / "uncached.yaml"
    package = CONFIGURATION.parent / "datasets/repatriation-1955/datapackage.json"
    path.write_text(UNCACHED.format(package=package, pipelines=CONFIGURATION.parent / "pipelines/*.yaml"))
    return path


def hyperfine(commands: list[str], output: pathlib.Path) -> list[list[float]]:
    """The seconds of each run of each command. Rounds alternate, so that a slow moment meets all commands."""
    seconds: list[list[float]] = [[] for _ in commands]
    for number in range(CLIENT_ROUNDS):
        order = list(enumerate(commands))
        if number % 2:
            order.reverse()
        done = subprocess.run(
            ["hyperfine", "-N", "--warmup", "5", "--runs", str(CLIENT_RUNS), "--style", "none"]
            + ["--export-json", str(output), *(command for _, command in order)],
            stderr=subprocess.PIPE,
            text=True,
        )
        if done.returncode != 0:
            raise RuntimeError(f"hyperfine failed:\n{done.stderr}")
        for (index, _), result in zip(order, json.loads(output.read_text())["results"]):
            seconds[index] += result["times"]
    return seconds


def measure_client(folder: pathlib.Path) -> None:
    with Daemon(CONFIGURATION) as daemon:
        daemon.connect().ask(run(REPORT))
        muster = BINARIES / "muster"
        ours = f"{muster} --address {daemon.address} run"
        names = [f"muster run {REPORT}", f"muster run {REPORT} --format json", "muster --version"]
        commands = [f"{ours} {REPORT}", f"{ours} {REPORT} --format json", f"{muster} --version"]
        *results, peer = hyperfine([*commands, "sqlite3 :memory: 'select 1'"], folder / "hyperfine.json")
    base = median(peer)
    rows = []
    for index, (name, seconds) in enumerate(zip(names, results)):
        ratio = median(seconds) / base
        limit = judge(ratio, CLIENT_LIMIT, times) if index == 0 else ("", "")
        rows.append([name, milliseconds(median(seconds)), milliseconds(base), times(ratio), *limit])
    print(f"Cold client against a running daemon (hyperfine -N, medians of {len(peer)} runs, alternating)")
    figures.print_table(["command", "time", "sqlite3 'select 1'", "ratio", "limit", ""], rows)
    print()


def measure_start() -> list[list[str]]:
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(STARTS):
        for activate, found in seconds.items():
            with Daemon(CONFIGURATION, activate) as daemon:
                found.append(daemon.first_answer(run(REPORT)))
    names = {True: "exec to first answer, socket activated", False: "exec to first answer, own socket"}
    return [
        [names[activate], milliseconds(median(found)), *judge(median(found), START_LIMIT, milliseconds)]
        for activate, found in seconds.items()
    ]


def measure_memory_and_idling() -> list[list[str]]:
    with Daemon(CONFIGURATION) as daemon:
        connection = daemon.connect()
        connection.ask(GET_INFO)
        before = daemon.memory()
        for index in range(MEMORY_RUNS):
            connection.ask(run(REPORTS[index % 2]))
        after = daemon.memory()

        time.sleep(SETTLE_SECONDS)
        ticks, nanoseconds, wakeups = daemon.cpu_ticks(), daemon.cpu_nanoseconds(), daemon.wakeups()
        time.sleep(IDLE_SECONDS)
        ticks = daemon.cpu_ticks() - ticks
        nanoseconds = daemon.cpu_nanoseconds() - nanoseconds
        woken = sum(count - wakeups.get(task, 0) for task, count in daemon.wakeups().items())

    def memory_row(name: str, memory: dict[str, int]) -> list[str]:
        size = memory["VmRSS"]
        figure = f"{mebibytes(size)} ({mebibytes(memory['RssAnon'])} of its own)"
        return [name, figure, f"< {mebibytes(MEMORY_LIMIT)}", "PASS" if size < MEMORY_LIMIT else "over"]

    return [
        memory_row("resident memory after the start", before),
        memory_row(f"resident memory after {MEMORY_RUNS} runs", after),
        [
            f"processor time in {IDLE_SECONDS} s of idling, one open connection",
            f"{ticks} ticks, {nanoseconds / 1e6:.3f} ms, {woken} wake-ups",
            "0 ticks",
            verdict(ticks, 0),
        ],
    ]


def one_after_another(connection: Connection, message: bytes) -> list[float]:
    """The seconds of each call."""
    connection.ask(message)
    seconds = []
    end = time.perf_counter() + CALL_SECONDS
    now = time.perf_counter()
    while now < end:
        connection.exchange(message)
        before, now = now, time.perf_counter()
        seconds.append(now - before)
    return seconds


def many_at_once(path: str, message: bytes) -> tuple[list[float], float]:
    """The seconds of each call, with one call at a time on each of many connections, and the seconds it took in all."""
    seconds: list[float] = []
    connections = [Connection(path) for _ in range(CONNECTIONS)]
    with selectors.EpollSelector() as selector:
        started = time.perf_counter()
        sent = {}
        for connection in connections:
            handle = connection.socket
            handle.setblocking(False)
            selector.register(handle, selectors.EVENT_READ)
            sent[handle] = time.perf_counter()
            handle.sendall(message)
        while sent:
            for key, _ in selector.select(timeout=10):
                handle = key.fileobj
                piece = handle.recv(1 << 18)
                if not piece:
                    raise ConnectionError("the daemon closed the connection")
                if not piece.endswith(b"\0"):
                    continue
                now = time.perf_counter()
                seconds.append(now - sent.pop(handle))
                if now - started < CALL_SECONDS:
                    sent[handle] = now
                    handle.sendall(message)
        elapsed = time.perf_counter() - started
    for connection in connections:
        connection.close()
    return seconds, elapsed


@contextmanager
def python_peer(folder: pathlib.Path) -> Iterator[str]:
    """The path of the socket of a service made with Python's varlink package."""
    path = folder / "peer"
    process = subprocess.Popen([sys.executable, pathlib.Path(__file__).with_name("peer.py"), f"unix:{path}"])
    try:
        deadline = time.monotonic() + 20
        while True:
            try:
                Connection(str(path)).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("the Python service does not start") from None
                time.sleep(0.02)
        yield str(path)
    finally:
        process.terminate()
        process.wait()


def measure_calls(folder: pathlib.Path) -> None:
    rows = []

    def add(name: str, seconds: list[float], elapsed: float | None = None) -> None:
        latencies = (median(seconds), percentile(seconds, 0.99), max(seconds))
        rate = len(seconds) / (elapsed or sum(seconds))
        rows.append([name, f"{rate:,.0f}", *(f"{latency * 1e6:,.0f} us" for latency in latencies)])

    uncached = uncached_configuration(folder)
    with Daemon(CONFIGURATION) as daemon, Daemon(uncached) as computing, python_peer(folder) as peer:
        cached, computed = daemon.connect(), computing.connect()
        add("GetInfo", one_after_another(cached, GET_INFO))
        add("GetInfo of Python's varlink 31.0.0", one_after_another(Connection(peer), GET_INFO))
        for report in REPORTS:
            add(f"Run {report}, kept", one_after_another(cached, run(report)))
            add(f"Run {report}, computed", one_after_another(computed, run(report)))
        for name, path, message in [
            ("GetInfo", daemon.path, GET_INFO),
            (f"Run {REPORT}, kept", daemon.path, run(REPORT)),
            (f"Run {REPORT}, computed", computing.path, run(REPORT)),
        ]:
            add(f"{name}, {CONNECTIONS} connections", *many_at_once(path, message))
    print("Calls, sent and received by a Python program, whose time is included")
    figures.print_table(["call", "calls/s", "median", "99 %", "slowest"], rows)


def main() -> None:
    need_programs("musterd", "muster")
    figures.print_machine()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-bench-"))
    try:
        measure_client(folder)
        print(f"The daemon (medians of {STARTS} starts)")
        figures.print_table(["figure", "value", "limit", ""], measure_start() + measure_memory_and_idling())
        print()
        measure_calls(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
