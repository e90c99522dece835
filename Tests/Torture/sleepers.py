"""Clients that ask for large results, many at once, and do not read them: memory stays near its limit, and others are served."""

import json
import pathlib
import socket
import tempfile
import time

from torture import Connection, Neighbour, Run, Watched, call, need_programs

from generate import field, resource

PLACES = 30_000
CLIENTS = 60
LIMIT = 192 << 20
# As many runs as there are threads take what they take at first, before anybody knows how much it is. Then 256 KiB for each
# client that does not read, and what the system's memory is in pieces of.
BOUND = LIMIT + (192 << 20)
RESULT = call("org.muster.Reports.Run", report="all", format="csv").replace(b"}\0", b',"more":true}\0')
CONFIGURATION = """\
dataset: { package: datapackage.json, observations: entries, place: place, breakdown: kind, measure: persons }
reports:
  all: { pipeline: [country-summary] }
limits: { memory: %d, cache_size: 0 }
"""


def prepare(folder: pathlib.Path, limit: int) -> pathlib.Path:
    tables = {
        "places": ["id,name"] + [f"p{number},Place number {number}" for number in range(PLACES)],
        "kinds": ["id,name"] + [f"k{number},Kind {number}" for number in range(3)],
        "sources": ["id,name", "s1,Source"],
        "entries": ["id,place,kind,persons,source"]
        + [f"e{number},p{number},k{number % 3},{number},s1" for number in range(PLACES)],
    }
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
    codes = [field("id"), field("name")]
    references = {"place": "places", "kind": "kinds", "source": "sources"}
    entries = [field("id"), field("place"), field("kind"), field("persons", type="integer"), field("source")]
    resources = [resource(name, codes, ["id"]) for name in ("places", "kinds", "sources")]
    resources.append(resource("entries", entries, ["id"], references))
    (folder / "datapackage.json").write_text(json.dumps({"name": "many-places", "resources": resources}))
    (folder / "musterd.yaml").write_text(CONFIGURATION % limit)
    return folder / "musterd.yaml"


def ask(daemon: Watched) -> socket.socket:
    client = socket.socket(socket.AF_UNIX)
    client.connect(daemon.path)
    client.sendall(RESULT)
    return client


def main() -> None:
    need_programs("musterd")
    run = Run("sleepers")
    with tempfile.TemporaryDirectory(prefix="muster-torture-") as name:
        # Of no use when it is to be found that there is none.
        configuration = prepare(pathlib.Path(name), 1 << 40 if run.is_self_test else LIMIT)
        with Watched(configuration) as daemon:
            daemon.first_answer(call("org.muster.Reports.List"))
            run.begin()
            neighbour = Neighbour(daemon, call("org.muster.Reports.List"), 0.005)
            clients = [ask(daemon) for _ in range(CLIENTS)]
            most = 0
            while run.goes_on():
                most = max(most, daemon.memory()["VmRSS"])
                time.sleep(0.05)
            beside = neighbour.end()
            run.expect(beside["error"] is None, f"a neighbour was not answered: {beside['error']}")
            run.expect(most < BOUND, f"{most >> 20} MiB for {CLIENTS} clients that do not read, beyond {BOUND >> 20} MiB")
            for client in clients:
                client.close()
            # Whoever reads is served, as soon as those are gone.
            reader = Connection(daemon.path)
            reader.socket.sendall(RESULT)
            size = 0
            while not (data := reader.socket.recv(1 << 20)).endswith(b"\0") or b'"continues":true' in data[-60:]:
                run.expect(data != b"", "a reader was not served")
                if not data:
                    break
                size += len(data)
            deadline = time.monotonic() + 30
            status = {}
            while time.monotonic() < deadline:
                status = Connection(daemon.path).ask(call("org.muster.Manage.Status"))
                if status["runningRuns"] == status["waitingRuns"] == 0:
                    break
                time.sleep(0.05)
            run.expect(status["runningRuns"] == status["waitingRuns"] == 0, f"runs go on: {status}")
            run.figures += [
                f"{most >> 20} MiB with a limit of {LIMIT >> 20} MiB",
                f"a neighbour's 99th percentile {beside['answered']:.1f} ms",
                f"then {daemon.memory()['VmRSS'] >> 20} MiB",
            ]
    run.finish()


main()
