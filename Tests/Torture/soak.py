"""Mixed calls for as long as there is time: memory, descriptors and latency stay what they were."""

import random
import threading
import time

from torture import ROOT, Connection, Run, Watched, call, need_programs

CLIENTS = 4
REPORTS = ["country-summary", "bloc-aggregate"]
FORMATS = ["csv", "json", "ndjson", "html", "svg", "markdown", "table"]


def question(random: random.Random) -> bytes:
    report = random.choice(REPORTS)
    match random.randrange(8):
        case 0:
            return call("org.muster.Reports.List")
        case 1:
            return call("org.muster.Reports.Describe", report=report)
        case 2:
            return call("org.muster.Reports.ListDimensions")
        case 3:
            return call("org.muster.Reports.Explain", report="country-summary", row="finland", column="released")
        case 4:
            return call("org.muster.Manage.Status")
        case 5:
            return call("org.muster.Reports.Run", report=f"unknown-{random.randrange(1 << 30)}")
        case _:
            where = [{"dimension": "country", "codes": random.sample(["poland", "finland", "hungary", "romania"], 2)}]
            return call("org.muster.Reports.Run", report=report, format=random.choice(FORMATS), where=where)


def ask(daemon: Watched, run: Run, number: int, times: list[tuple[float, float]]) -> None:
    own = random.Random(f"{run.seed} {number}")
    connection = Connection(daemon.path)
    while run.goes_on():
        begin = time.monotonic()
        try:
            reply = connection.exchange(question(own))
        except Exception as error:  # Whatever it is, a client was not answered.
            return run.expect(False, f"a call failed: {error}")
        times.append((begin, time.monotonic() - begin))
        run.expect(b"InternalError" not in reply[:200], f"{reply[:300]!r}")


def percentile(times: list[float]) -> float:
    return sorted(times)[len(times) * 99 // 100] * 1000 if times else 0


def main() -> None:
    need_programs("musterd")
    run = Run("soak")
    with Watched(ROOT / "Config" / "musterd.yaml") as daemon:
        daemon.first_answer(call("org.muster.Reports.List"))
        begin = time.monotonic()
        times: list[tuple[float, float]] = []
        clients = [threading.Thread(target=ask, args=(daemon, run, number, times)) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        # By then the cache is full, and each path was taken.
        time.sleep(run.seconds / 2)
        early = daemon.counts()
        for client in clients:
            client.join()
        kept = [Connection(daemon.path) for _ in range(8 if run.is_self_test else 0)]
        # Until they are accepted.
        time.sleep(0.2)
        late = daemon.counts()
        growth = late["memory"] - early["memory"]
        run.expect(growth < max(8 << 20, early["memory"] // 4), f"memory grew by {growth >> 10} KiB in the second half")
        run.expect(late["descriptors"] <= early["descriptors"], f"descriptors: {early} {late}")
        for connection in kept:
            connection.close()
        middle = begin + run.seconds / 2
        halves = [percentile([taken for at, taken in times if (at > middle) == half]) for half in (False, True)]
        run.figures += [
            f"{len(times)} calls", f"99th percentile {halves[0]:.1f}, then {halves[1]:.1f} ms",
            f"{early['memory'] >> 20}, then {late['memory'] >> 20} MiB",
        ]
    run.finish()


main()
