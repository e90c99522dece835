"""Clients that do what clients should not: half a call, no reading, hanging up in the middle, floods without answers.

Meanwhile others are answered, and afterwards nothing of it is left.
"""

import pathlib
import socket
import time

from torture import ROOT, Connection, Neighbour, Run, Watched, call, need_programs

RUN = call("org.muster.Reports.Run", report="country-summary", format="html")
LIST = call("org.muster.Reports.List")
MANY = call("org.muster.Reports.ListDimensions")
# As many connections are left open at one time. Each may hold what is read ahead of it, 64 KiB, and what waits for it,
# 256 KiB; what was free once is not given back to the system.
OPEN = 500
BOUND = OPEN * (320 << 10) + (64 << 20)


def open_socket(daemon: Watched) -> socket.socket:
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(20)
    client.connect(daemon.path)
    return client


def half_calls(daemon: Watched, run: Run, clients: list) -> None:
    for _ in range(50):
        client = open_socket(daemon)
        client.sendall(RUN[: run.random.randrange(1, len(RUN))] + b" " * run.random.choice([0, 1000, 60_000]))
        clients.append(client)


def no_reading(daemon: Watched, run: Run, clients: list) -> None:
    for _ in range(50):
        client = open_socket(daemon)
        client.setblocking(False)
        try:
            for _ in range(run.random.choice([1, 10, 200])):
                client.send(run.random.choice([RUN, MANY]))
        except BlockingIOError:
            pass
        clients.append(client)


def hang_ups(daemon: Watched, run: Run, clients: list) -> None:
    for _ in range(200):
        client = open_socket(daemon)
        client.sendall(run.random.choice([RUN, MANY, LIST]))
        if run.random.random() < 0.3:
            client.recv(100)
        client.close()


def floods(daemon: Watched, run: Run, clients: list) -> None:
    client = open_socket(daemon)
    client.sendall(RUN.replace(b"}\0", b',"oneway":true}\0') * 200)
    client.sendall(LIST)
    run.expect(client.recv(1 << 16) != b"", "no answer after calls without one")
    client.close()


def garbage(daemon: Watched, run: Run, clients: list) -> None:
    for _ in range(100):
        client = open_socket(daemon)
        data = bytearray(run.random.choice([RUN, MANY, LIST]))
        for _ in range(run.random.randrange(1, 5)):
            data[run.random.randrange(len(data))] = run.random.randrange(256)
        try:
            client.sendall(bytes(data) + b"\0" + run.random.randbytes(run.random.randrange(50)) + b"\0")
            client.shutdown(socket.SHUT_WR)
            while client.recv(1 << 16):
                pass
        except OSError:
            pass
        client.close()


def main() -> None:
    need_programs("musterd")
    run = Run("connections")
    made = 0
    with Watched(pathlib.Path(ROOT / "Config" / "musterd.yaml")) as daemon:
        daemon.first_answer(LIST)
        before = daemon.counts()
        neighbour = Neighbour(daemon, LIST, 0.002)
        clients: list[socket.socket] = []
        while run.goes_on():
            act = run.random.choice([half_calls, no_reading, hang_ups, floods, garbage])
            try:
                act(daemon, run, clients)
            except OSError as error:
                run.expect(False, f"{act.__name__}: {error}")
            made += 1
            if len(clients) >= OPEN:
                for client in clients:
                    client.close()
                clients = []
        for client in clients:
            client.close()
        left = open_socket(daemon) if run.is_self_test else None
        beside = neighbour.end()
        run.expect(beside["error"] is None, f"a neighbour was not answered: {beside['error']}")
        connection = Connection(daemon.path)
        deadline = time.monotonic() + (2 if run.is_self_test else 30)
        while time.monotonic() < deadline:
            status = connection.ask(call("org.muster.Manage.Status"))
            if status["connections"] == 1 and status["runningRuns"] == status["waitingRuns"] == 0:
                break
            time.sleep(0.05)
        after = daemon.counts()
        run.expect(status["connections"] == 1, f"{status['connections']} connections are left")
        run.expect(status["runningRuns"] == 0 and status["waitingRuns"] == 0, f"runs go on: {status}")
        if left:
            left.close()
        # One is this connection's; a few more are opened for good by what happens for the first time.
        run.expect(after["descriptors"] <= before["descriptors"] + 4, f"descriptors: {before} {after}")
        run.expect(after["memory"] - before["memory"] < BOUND, f"memory: {before} {after}")
        run.figures.append(
            f"a neighbour's 99th percentile {beside['answered']:.1f} ms of {beside['count']}, "
            f"the machine's own {beside['late']:.1f} ms"
        )
        run.figures += [f"{made} rounds", f"{status['connectionsTotal']} connections", f"{after['memory'] >> 20} MiB"]
    run.finish()


main()
