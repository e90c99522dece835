"""A running musterd over a copy of some data, what is asked of it, and the files in which the answers are kept."""

import contextlib
import fcntl
import json
import os
import pathlib
import pty
import re
import shutil
import socket
import struct
import subprocess
import tempfile
import termios
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SECONDS = 60

# What is another at each run, and a word for it.
MASKS = [
    (
        rb'("(?:finishedAt|startedAt|loadedAt|writtenAt|durationMicroseconds|uptimeMicroseconds|processId)":\s*)\d+',
        rb"\1TIME",
    ),
    (rb'"sum":\d+,"p50":\d+,"p90":\d+,"p99":\d+,"max":\d+', b'"LATENCY"'),
    (rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)", b"TIME"),
    (rb"\d{4}-\d\d-\d\dT\d{6}\.\d+Z", b"TIME"),
    (rb"\d[\d.]* (ns|\xc2\xb5s|ms|s|min|h)( \d+ (s|min))?( ago\b)", rb"TIME\4"),
    (rb"\b(in|within) \d[\d.]* (ns|\xc2\xb5s|ms|s)\b", rb"\1 TIME"),
    (rb"(?m)^(process +)\d+$", rb"\1TIME"),
    (rb"\b(duration-usec|peer-pid)=\d+", rb"\1=TIME"),
]


def masked(data: bytes, *folders: tuple[str, str]) -> bytes:
    for path, word in folders:
        data = data.replace(path.encode(), word.encode())
    for pattern, word in MASKS:
        data = re.sub(pattern, word, data)
    return data


def logged(log: bytes) -> bytes:
    """What a daemon told of itself. How many calls that failed it tells of hangs on how fast they come."""
    return b"".join(line for line in log.splitlines(keepends=True) if b" a call failed " not in line)


class Place:
    """A temporary folder with data and a musterd that serves them; its answers go to files below `out`."""

    def __init__(self, programs: pathlib.Path, out: pathlib.Path):
        self.programs, self.out = programs.resolve(), out
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-corpus-"))
        self.address = f"unix:{self.folder}/socket"
        self.environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "MUSTER_ADDRESS": self.address,
        }
        self.daemon = None

    def mask(self, data: bytes) -> bytes:
        folders = (str(self.folder), "/PLACE"), (str(self.programs), "/PROGRAMS"), (str(SOURCE), "/SOURCE")
        return masked(data, *folders)

    def keep(self, name: str, data: bytes) -> None:
        """Keeps an answer as the file of that name."""
        file = self.out / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists():
            raise SystemExit(f"two answers have the name {file}")
        file.write_bytes(data if data.startswith((b"PK\x03\x04", b"SQLite format 3")) else self.mask(data))

    @contextlib.contextmanager
    def serve(self, configuration: pathlib.Path):
        """A musterd while the context lasts; its log is an answer too."""
        with open(self.folder / "log", "wb") as log:
            self.daemon = subprocess.Popen(
                [
                    self.programs / "musterd",
                    "--config",
                    configuration,
                    "--listen",
                    self.address,
                    "--log-level",
                    "warning",
                ],
                env=self.environment,
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
            try:
                end = time.monotonic() + SECONDS
                while not (self.folder / "socket").exists():
                    if self.daemon.poll() is not None or time.monotonic() > end:
                        raise SystemExit(
                            f"musterd does not serve {configuration}:\n{(self.folder / 'log').read_text()}"
                        )
                    time.sleep(0.01)
                yield
            finally:
                self.daemon.terminate()
                try:
                    self.daemon.wait(SECONDS)
                except subprocess.TimeoutExpired:
                    self.daemon.kill()
                    self.daemon.wait()
        self.keep("daemon.log", logged((self.folder / "log").read_bytes()))

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [self.programs / program, *arguments],
            env=self.environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
        )

    def command(self, name: str, program: str, *arguments: str) -> None:
        """Runs a program. Keeps its output as it is, and beside it its exit status and errors when there are any."""
        run = self.run(program, *arguments)
        self.keep(name, run.stdout)
        if run.returncode or run.stderr:
            self.keep(name + ".status", b"exit status %d\n" % run.returncode + run.stderr)

    def muster(self, name: str, *arguments: str) -> None:
        self.command(name, "muster", *arguments)

    def terminal(self, name: str, *arguments: str) -> None:
        """Runs the client on a terminal of 72 columns."""
        main, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 72, 0, 0))
        client = subprocess.Popen(
            [self.programs / "muster", *arguments],
            env=self.environment | {"TERM": "xterm"},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=other,
            stderr=other,
        )
        os.close(other)
        shown = b""
        with contextlib.suppress(OSError):  # The end of a terminal is an error.
            while part := os.read(main, 1 << 16):
                shown += part
        os.close(main)
        self.keep(name, shown + b"exit status %d\n" % client.wait(SECONDS))

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class Connection:
    """Calls over the socket, one at a time, and their replies byte by byte."""

    def __init__(self, place: Place):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(SECONDS)
        self.socket.connect(str(place.folder / "socket"))
        self.rest = b""

    def reply(self) -> bytes:
        while b"\0" not in self.rest:
            part = self.socket.recv(1 << 20)
            if not part:
                raise ConnectionError("musterd closed the connection")
            self.rest += part
        reply, _, self.rest = self.rest.partition(b"\0")
        return reply

    def call(self, method: str, parameters: dict | None = None, more: bool = False) -> list[bytes]:
        """All replies to a call."""
        call = {"method": method, "parameters": parameters or {}} | ({"more": True} if more else {})
        self.socket.sendall(json.dumps(call).encode() + b"\0")
        replies = [self.reply()]
        while json.loads(replies[-1]).get("continues"):
            replies.append(self.reply())
        return replies

    def parameters(self, method: str, parameters: dict | None = None) -> dict:
        """What the one reply says, for who has to know what more to ask."""
        reply = json.loads(self.call(method, parameters)[0])
        if "error" in reply:
            raise LookupError(reply["error"], reply.get("parameters"))
        return reply["parameters"]
