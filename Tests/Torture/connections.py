"""Clients that do what clients should not, thousands at once: half a call, no reading, a byte now and then, hanging up in the
middle, floods without answers.

Meanwhile others are answered and memory keeps to the sum of its limits; afterwards nothing of it is left.
"""

import contextlib
import pathlib
import resource
import select
import shutil
import socket
import tempfile
import time

from torture import ROOT, Connection, Neighbour, Run, Watched, call, need_programs

# As many connections are held at one time.
OPEN = 5_000
# Those that are made and given up together.
BATCH = 50
# So many of those who are slow get on in each round.
VISITED = 500
ROWS = 20_000
# So that the list of dimensions has 100 KB.
PLACES = 2_000
LIST = call("org.muster.Reports.List")
MANY = call("org.muster.Reports.ListDimensions")
# It has more than may wait for a client.
RUN = call("org.muster.Reports.Run", report="entries", format="csv").replace(b"}\0", b',"more":true}\0')
# What MemoryExcess.swift adds up, which the daemon holds against the memory that it may have: together it must not take more.
# Nothing is kept for the next one who asks, so that each run is one.
MEMORY = {"memory": 192, "run_memory": 64, "unread_output": 64, "unfinished_calls": 32, "cache_size": 0}
# Beside that there are the 64 KiB which each connection may have sent and which no limit counts.
SUM = sum(MEMORY.values()) << 20
BOUND = SUM + OPEN * (64 << 10)
CONFIGURATION = """\
dataset: {{ package: datapackage.json, observations: entries, source: register, place: harbour, breakdown: cargo, measure: ships, repeated: add, role: kind, locus: page, label: label, schemes: groupings, blocs: groups, bloc_members: group-members }}
reports:
  entries: {{ pipeline: [observations] }}
limits: {{ connections: {connections}, connections_per_user: {connections}, read_timeout: 1h, {memory} }}
"""


def prepare(folder: pathlib.Path) -> pathlib.Path:
    shutil.copytree(ROOT / "Tests" / "Fixtures" / "harbours", folder)
    with open(folder / "entries.csv", "a") as entries:
        entries.writelines(f"{1000 + row},north,alby,grain,{row % 90},p. 9,counted\n" for row in range(ROWS))
    with open(folder / "harbours.csv", "a") as harbours:
        harbours.writelines(f"harbour-{place},Harbour {place}\n" for place in range(PLACES))
    configuration = folder / "musterd.yaml"
    # Of no use when it is to be found that there is none.
    factor = 1000 if Run.is_self_test else 1
    memory = ", ".join(f"{name}: {size * factor}MiB" for name, size in MEMORY.items())
    configuration.write_text(CONFIGURATION.format(connections=OPEN + 200, memory=memory))
    return configuration


class Client:
    """A connection that is held, until it is given up in the middle of what it does."""

    def __init__(self, daemon: Watched, message: bytes = b""):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        self.socket.connect(daemon.path)
        self.socket.sendall(message)

    def get_on(self, run: Run) -> None:
        """What it does now and then; `OSError` where the daemon has given it up."""

    def finish(self) -> bool:
        """Whether it was treated as it may expect."""
        return True


class HalfCall(Client):
    def __init__(self, daemon: Watched, run: Run):
        super().__init__(daemon, RUN[: run.random.randrange(1, len(RUN))])
        # Where all have sent too much, the daemon disconnects one of them.
        with contextlib.suppress(ConnectionError):
            self.socket.sendall(b" " * run.random.choice([0, 1000, 20_000, 500_000]))


class NonReader(Client):
    def __init__(self, daemon: Watched, run: Run):
        super().__init__(daemon)
        self.socket.setblocking(False)
        message = run.random.choice([RUN, MANY])
        with contextlib.suppress(BlockingIOError, ConnectionError):
            for _ in range(run.random.choice([1, 10, 200])):
                self.socket.send(message)


class SlowReader(Client):
    """Takes a few bytes now and then; when it has them all, or was refused, it asks again. The daemon may disconnect it."""

    def __init__(self, daemon: Watched, run: Run):
        super().__init__(daemon, RUN)
        self.socket.setblocking(False)

    def get_on(self, run: Run) -> None:
        with contextlib.suppress(BlockingIOError):
            data = self.socket.recv(run.random.choice([1, 100, 4096]))
            if not data:
                raise ConnectionResetError("closed by the daemon")
            if data.endswith(b"\0"):
                self.socket.send(RUN)


class SlowWriter(Client):
    """Sends a call byte by byte. It must be answered, however long that takes it."""

    def __init__(self, daemon: Watched, run: Run):
        super().__init__(daemon)
        self.sent = 0

    def get_on(self, run: Run) -> None:
        if self.sent < len(LIST) - 1:
            self.socket.sendall(LIST[self.sent : self.sent + 1])
            self.sent += 1

    def finish(self) -> bool:
        try:
            self.socket.sendall(LIST[self.sent :])
            return b'"reports"' in self.socket.recv(1 << 16)
        except OSError:
            return False


def hang_ups(daemon: Watched, run: Run) -> None:
    for _ in range(4 * BATCH):
        message = run.random.choice([RUN, MANY, LIST])
        client = Client(daemon, message).socket
        # Runs may have to wait until those have left who do not read.
        if message != RUN and run.random.random() < 0.3:
            client.recv(100)
        client.close()
        run.count += 1


def floods(daemon: Watched, run: Run) -> None:
    client = Client(daemon, LIST.replace(b"}\0", b',"oneway":true}\0') * 200).socket
    client.sendall(LIST)
    run.expect(client.recv(1 << 16) != b"", "no answer after calls without one")
    client.close()


def garbage(daemon: Watched, run: Run) -> None:
    for _ in range(2 * BATCH):
        client = Client(daemon).socket
        data = bytearray(run.random.choice([RUN, MANY, LIST]))
        for _ in range(run.random.randrange(1, 5)):
            data[run.random.randrange(len(data))] = run.random.randrange(256)
        with contextlib.suppress(OSError):
            client.sendall(bytes(data) + b"\0" + run.random.randbytes(run.random.randrange(50)) + b"\0")
            client.shutdown(socket.SHUT_WR)
            while client.recv(1 << 16):
                pass
        client.close()


HELD = [HalfCall, NonReader, SlowReader, SlowWriter]
PASSING = [hang_ups, floods, garbage]


class Crowd:
    """All clients that are held, the oldest first."""

    def __init__(self, daemon: Watched, run: Run, size: int):
        self.daemon, self.run, self.size = daemon, run, size
        self.clients: list[Client] = []
        # Those that the daemon has disconnected, since too much waited for them.
        self.given_up = 0

    def grow(self) -> None:
        kind = self.run.random.choice(HELD)
        self.clients += [kind(self.daemon, self.run) for _ in range(BATCH)]
        self.drop(self.given_up_now())
        self.shrink(self.size)

    def shrink(self, size: int) -> None:
        leaving = self.clients[: max(0, len(self.clients) - size)]
        del self.clients[: len(leaving)]
        # Some of those who write slowly come to their end; all others leave in the middle.
        for client in leaving:
            if isinstance(client, SlowWriter) and self.run.random.random() < 0.2:
                self.run.expect(client.finish(), "who wrote slowly was not answered")
            else:
                self.run.count += 1
            client.socket.close()

    def get_on(self) -> None:
        gone = []
        for client in self.run.random.sample(self.clients, min(VISITED, len(self.clients))):
            try:
                client.get_on(self.run)
            except ConnectionError:
                gone.append(client)
        self.drop(gone)

    def given_up_now(self) -> list[Client]:
        poll = select.poll()
        by_number = {client.socket.fileno(): client for client in self.clients}
        for number in by_number:
            poll.register(number, 0)
        return [by_number[number] for number, _ in poll.poll(0)]

    def drop(self, gone: list[Client]) -> None:
        for client in gone:
            self.run.expect(not isinstance(client, SlowWriter), "who writes slowly was disconnected")
            client.socket.close()
        self.given_up += len(gone)
        self.clients = [client for client in self.clients if client.socket.fileno() >= 0]


def begun(daemon: Watched) -> Client:
    """One whose run has begun and goes on, and who does not read."""
    deadline = time.monotonic() + 30
    while True:
        client = Client(daemon, RUN)
        # Refused, as long as those are waiting who have left.
        if not client.socket.recv(100).startswith(b'{"error"') or time.monotonic() > deadline:
            return client
        client.socket.close()


def descriptor_limit() -> int:
    """As high as it may be, for the daemon too."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def main() -> None:
    need_programs("musterd")
    run = Run("connections")
    # The daemon keeps a quarter of its descriptors from connections.
    size = min(OPEN, descriptor_limit() * 3 // 4 - 300) // BATCH * BATCH
    if size < OPEN:
        print(f"SKIP connections: {OPEN - size} of {OPEN}, since a process may have no more than {descriptor_limit()} descriptors")
    with tempfile.TemporaryDirectory(prefix="muster-torture-") as name, Watched(prepare(pathlib.Path(name) / "data")) as daemon:
        daemon.first_answer(LIST)
        before = daemon.counts()
        manager = Connection(daemon.path)
        neighbour = Neighbour(daemon, LIST, 0.002)
        crowd = Crowd(daemon, run, size)
        run.begin(counts=True)
        most_runs = 0

        def act(what, *arguments) -> None:
            try:
                what(*arguments)
            except OSError as error:
                run.expect(False, f"{getattr(what, '__name__', what)}: {error}")

        def status() -> dict:
            return manager.ask(call("org.muster.Manage.Status"))

        while len(crowd.clients) < size - BATCH and len(run.findings) < 10:
            act(crowd.grow)
        most = status()["connections"]
        while run.goes_on():
            act(crowd.grow)
            act(run.random.choice(PASSING), daemon, run)
            act(crowd.get_on)
            now = status()
            most, most_runs = max(most, now["connections"]), max(most_runs, now["runningCalls"] - 1)
        run.expect_count("hung up in the middle")
        crowd.shrink(0)
        left = begun(daemon) if run.is_self_test else None
        beside = neighbour.end()
        run.expect(beside["error"] is None, f"a neighbour was not answered: {beside['error']}")
        # Runs end with their client, those too that wait for it to read, which are no longer counted as runs.
        begin = time.monotonic()
        while time.monotonic() < begin + (2 if run.is_self_test else 30):
            now = status()
            if now["connections"] == now["runningCalls"] == 1 and now["runningRuns"] == now["waitingRuns"] == 0:
                break
            time.sleep(0.02)
        ended = time.monotonic() - begin
        after = daemon.counts()
        run.expect(now["connections"] == 1, f"{now['connections']} connections are left")
        runs = (now["runningRuns"], now["waitingRuns"], now["runningCalls"] - 1)
        run.expect(runs == (0, 0, 0), f"runs go on: {runs}")
        if left:
            left.socket.close()
        # One is this connection's; a few more are opened for good by what happens for the first time.
        run.expect(after["descriptors"] <= before["descriptors"] + 4, f"descriptors: {before} {after}")
        peak = daemon.memory()["VmHWM"]
        run.expect(peak < BOUND, f"memory: {peak >> 20} MiB, beyond {BOUND >> 20} MiB with limits of {SUM >> 20} MiB together")
        run.figures += [
            f"{most} connections at once", f"{run.count} hung up in the middle", f"{now['connectionsTotal']} in all",
            f"{crowd.given_up} disconnected for what waited of theirs",
            f"{most_runs} calls at once, all ended {ended * 1000:.0f} ms after their clients",
            f"{peak >> 20} MiB at most with limits of {SUM >> 20} MiB together, then {after['memory'] >> 20} MiB",
            f"a neighbour's 99th percentile {beside['answered']:.1f} ms of {beside['count']}, "
            f"the machine's own {beside['late']:.1f} ms",
        ]
    run.finish("connections are left", "runs go on", "memory")


main()
