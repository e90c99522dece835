"""Mixed calls for as long as there is time: memory, descriptors and latency stay what they were."""

import array
import os
import random
import signal
import threading
import time

from torture import ROOT, Connection, Neighbour, Run, Watched, call, need_programs, percentile

CLIENTS = 4
# Of the time. What slows all down for a while only, such as what else the machine does, is in some of them.
SLICES = 20
# How many times as long calls may take in the second half.
SLOWER = 1.5
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


def ask(daemon: Watched, run: Run, number: int, slices: list[array.array]) -> None:
    own = random.Random(f"{run.seed} {number}")
    connection = Connection(daemon.path)
    while run.goes_on():
        begin = time.monotonic()
        try:
            reply = connection.exchange(question(own))
        except Exception as error:  # Whatever it is, a client was not answered.
            return run.expect(False, f"a call failed: {error}")
        slices[min(int((begin - run.start) / run.seconds * SLICES), SLICES - 1)].append(time.monotonic() - begin)
        run.expect(b"InternalError" not in reply[:200], f"{reply[:300]!r}")


def typical(slices: list[array.array], percent: int) -> float:
    """What the percentile is in the better slices: in three of four it is more."""
    each = sorted(percentile(times, percent) for times in slices)
    return each[len(each) // 4]


def slow_down(daemon: Watched, run: Run) -> None:
    """What a daemon is like that gets slower: it stands still for most of the time."""
    while run.goes_on():
        os.kill(daemon.pid, signal.SIGSTOP)
        time.sleep(0.05)
        os.kill(daemon.pid, signal.SIGCONT)
        time.sleep(0.001)


def main() -> None:
    need_programs("musterd")
    run = Run("soak")
    with Watched(ROOT / "Config" / "musterd.yaml") as daemon:
        daemon.first_answer(call("org.muster.Reports.List"))
        run.begin()
        slices = [array.array("f") for _ in range(SLICES)]
        clients = [threading.Thread(target=ask, args=(daemon, run, number, slices)) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        # By then the cache is full, and each path was taken.
        neighbours = [Neighbour(daemon, call("org.muster.Reports.List"), 0.01)]
        time.sleep(run.seconds / 2)
        beside = [neighbours[0].end()]
        early = daemon.counts()
        neighbours.append(Neighbour(daemon, call("org.muster.Reports.List"), 0.01))
        if run.is_self_test:
            slow_down(daemon, run)
        for client in clients:
            client.join()
        beside.append(neighbours[1].end())
        kept = [Connection(daemon.path) for _ in range(8 if run.is_self_test else 0)]
        # Until they are accepted.
        time.sleep(0.2)
        late = daemon.counts()
        growth = late["memory"] - early["memory"]
        run.expect(growth < max(8 << 20, early["memory"] // 4), f"memory grew by {growth >> 10} KiB in the second half")
        # The clients had theirs still; one more may be open for a moment.
        run.expect(late["descriptors"] <= early["descriptors"] - CLIENTS + 1, f"descriptors: {early} {late}")
        for connection in kept:
            connection.close()
        for seen in beside:
            run.expect(seen["error"] is None, f"a neighbour was not answered: {seen['error']}")
        run.figures.append(f"{sum(map(len, slices))} calls")
        for percent, name, own in [(50, "median", "late_median"), (99, "99th percentile", "late")]:
            first, second = typical(slices[: SLICES // 2], percent), typical(slices[SLICES // 2 :], percent)
            # A call wakes the daemon and then its client, each as late as the machine lets them be.
            bound = SLOWER * first + 2 * beside[1][own]
            run.expect(second <= bound, f"latency: {name} {first:.2f} ms, then {second:.2f} ms, beyond {bound:.2f} ms")
            run.figures.append(f"{name} {first:.2f}, then {second:.2f} ms")
        run.figures += [
            f"the machine's own 99th percentile {beside[0]['late']:.1f}, then {beside[1]['late']:.1f} ms",
            f"{early['memory'] >> 20}, then {late['memory'] >> 20} MiB",
            f"{early['descriptors']}, then {late['descriptors']} descriptors",
        ]
    run.finish("latency: median", "latency: 99th", "descriptors: ")


main()
