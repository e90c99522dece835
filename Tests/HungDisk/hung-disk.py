"""hung-disk.py PROGRAMS HANGING_FOLDER: what hung-disk.sh does once its file system is built."""

import contextlib
import hashlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

PROGRAMS, HANGING_FOLDER = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
HARBOURS = pathlib.Path(__file__).resolve().parents[1] / "Fixtures/harbours"
# Above 4 MiB the texts of the observations are read from the file again, whenever somebody asks for them.
ENTRIES = 60_000
# Two of each wait for the disk on each processor that there may be.
WAITING = 2 * max(2, os.cpu_count() or 2)
# What needs no disk is answered within this.
SECONDS = 2
# What waited for the disk ends within this, once it reads again.
PATIENCE = 30

CONFIGURATION = """
reports:
  arrivals:
    pipeline: [country-summary]
  entries:
    pipeline: [observations]
"""

failures = 0


def check(is_right: bool, what: str, detail: str = "") -> None:
    global failures
    failures += not is_right
    print(("PASS " if is_right else "FAIL ") + what + (f" ({detail})" if detail else ""), flush=True)


def write_dataset(folder: pathlib.Path) -> None:
    """The harbours of the other tests, with so many further entries that they do not stay in memory."""
    shutil.copytree(HARBOURS, folder)
    with open(folder / "entries.csv", "a", encoding="utf-8") as file:
        for number in range(100, 100 + ENTRIES):
            page = f"p. {number} of the register that was kept at the northern quay"
            file.write(f"{number},north,alby,timber,{number % 7},{page},counted\n")
    configuration = (folder / "musterd.yaml").read_text(encoding="utf-8")
    (folder / "musterd.yaml").write_text(configuration.partition("reports:")[0] + CONFIGURATION, encoding="utf-8")


class Workplace(contextlib.ExitStack):
    """A disk that hangs while `switch` is there, and a musterd that serves from it. Leaving undoes all of it."""

    def __enter__(self):
        super().__enter__()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-hung-disk-"))
        self.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.switch, self.disk, self.path = self.folder / "hang", self.folder / "disk", str(self.folder / "socket")
        write_dataset(self.folder / "data")
        self.disk.mkdir()
        # In the foreground, and with more threads than there are calls that wait.
        threads = "max_threads=200,max_idle_threads=200"
        # It unmounts itself when it is told to end; this is for when it was killed.
        self.callback(subprocess.run, ["fusermount3", "-u", "-q", "-z", self.disk], stderr=subprocess.DEVNULL)
        mount = self.start(HANGING_FOLDER, self.folder / "data", self.switch, self.disk, "-f", "-o", threads)
        self.wait("the file system is there", lambda: os.path.ismount(self.disk), mount)
        daemon = self.start(
            PROGRAMS / "musterd",
            "--config",
            self.disk / "musterd.yaml",
            "--listen",
            f"unix:{self.path}",
            "--log-level",
            "error",
        )
        self.wait("musterd serves", lambda: os.path.exists(self.path), daemon)
        # Before all of the above, so that nothing waits for the disk when it is to end.
        self.callback(self.read_again)
        return self

    def wait(self, what: str, is_so, process: subprocess.Popen) -> None:
        end = time.monotonic() + PATIENCE
        while not is_so():
            if process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"FAIL {what}")
            time.sleep(0.01)

    def start(self, *arguments, **options) -> subprocess.Popen:
        process = subprocess.Popen([str(argument) for argument in arguments], stdin=subprocess.DEVNULL, **options)
        self.callback(end, process)
        return process

    def client(self, name: str, *arguments: str) -> subprocess.Popen:
        """A client that writes to a file of that name."""
        with open(self.folder / name, "wb") as output:
            return self.start(PROGRAMS / "muster", "--address", f"unix:{self.path}", *arguments, stdout=output)

    def hang(self) -> None:
        self.switch.touch()

    def read_again(self) -> None:
        self.switch.unlink(missing_ok=True)

    def call(self, method: str, parameters: dict) -> dict:
        """One call; an error when no reply comes in time."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(SECONDS)
            connection.connect(self.path)
            connection.sendall(json.dumps({"method": method, "parameters": parameters}).encode() + b"\0")
            reply = b""
            while not reply.endswith(b"\0"):
                part = connection.recv(1 << 16)
                if not part:
                    raise OSError("the connection was closed")
                reply += part
        return json.loads(reply[:-1])

    def is_answered(self, what: str, method: str, parameters: dict | None = None) -> None:
        began = time.monotonic()
        try:
            reply = self.call(method, parameters or {})
            detail = reply.get("error", f"{1000 * (time.monotonic() - began):.0f} ms")
            check("error" not in reply, what, detail)
        except OSError as error:
            check(False, what, f"no answer within {SECONDS} s: {error}")

    def running_calls(self) -> int:
        """How many calls go on beside the one that asks."""
        return self.call("org.muster.Manage.Status", {})["parameters"]["runningCalls"] - 1


def end(process: subprocess.Popen) -> None:
    """Ends a process that was started here, by force if it must be."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def digest(path: pathlib.Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def answers_hold(place: Workplace, when: str, totals: str) -> None:
    """All that needs no disk. The totals are others each time, so that no result is one that was kept."""
    place.is_answered(f"GetInfo answers {when}", "org.varlink.service.GetInfo")
    place.is_answered(f"Status answers {when}", "org.muster.Manage.Status")
    run = {"report": "arrivals", "parameters": {"totals": totals}}
    place.is_answered(f"a report from the cube answers {when}", "org.muster.Reports.Run", run)
    place.is_answered(f"the watchdog's self-test answers {when}", "org.muster.Manage.SelfTest")


def main() -> None:
    with Workplace() as place:
        answers_hold(place, "while the disk reads", "none")
        list_entries = ["run", "entries", "--format", "csv"]
        explain = ["why", "arrivals", "alby", "timber", "--json"]
        place.hang()
        clients = {f"list-{number}": place.client(f"list-{number}", *list_entries) for number in range(WAITING)}
        clients |= {f"why-{number}": place.client(f"why-{number}", *explain) for number in range(WAITING)}
        time.sleep(1)
        waiting = sum(client.poll() is None for client in clients.values())
        check(waiting == len(clients), "lists and why wait for the disk", f"{waiting} of {len(clients)}")
        answers_hold(place, "while the disk hangs", "computed")

        # Half of the clients go away.
        gone = [name for name in clients if int(name[-1]) % 2]
        for name in gone:
            end(clients[name])
        answers_hold(place, "when clients have gone away", "both")

        place.read_again()
        statuses = {}
        for name in clients.keys() - gone:
            try:
                statuses[name] = clients[name].wait(PATIENCE)
            except subprocess.TimeoutExpired:
                statuses[name] = "waits for ever"
        ends = ", ".join(sorted({str(status) for status in statuses.values()}))
        check(ends == "0", "what waited ends once the disk reads again", f"exit status {ends}")
        for name, arguments in ("list", list_entries), ("why", explain):
            place.client(name, *arguments).wait(PATIENCE)
            digests = {digest(place.folder / other) for other in clients.keys() - gone if other.startswith(name)}
            size = (place.folder / name).stat().st_size
            is_same = size > 0 and digests == {digest(place.folder / name)}
            check(is_same, f"{name}: what waited says what it always says", f"{size} bytes")
        deadline = time.monotonic() + PATIENCE
        try:
            while (running := place.running_calls()) and time.monotonic() < deadline:
                time.sleep(0.05)
            check(running == 0, "calls of clients that went away have ended", f"{running} go on")
        except OSError as error:
            check(False, "calls of clients that went away have ended", str(error))
    print(f"{failures} checks of a hung disk failed" if failures else "a hung disk stops nothing but what reads it")
    sys.exit(1 if failures else 0)


def interrupted(*_) -> None:
    raise SystemExit("interrupted")


# timeout(1) ends it with this; what it started is still undone.
signal.signal(signal.SIGTERM, interrupted)
main()
