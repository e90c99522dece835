"""A musterd of one's own, started as an activator does it, and connections to it."""

import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import sys
import tempfile
import time

BINARIES = pathlib.Path(os.environ.get("MUSTER_BIN", ".build/release")).absolute()
DEADLINE_SECONDS = 120


def need_programs(*names: str) -> None:
    """Ends the program if one of them was not built."""
    for name in names:
        if not (BINARIES / name).exists():
            build = f"swift build -c release --static-swift-stdlib --product {name}"
            sys.exit(f"{BINARIES / name} is missing; build it with: {build}")


def call(method: str, **parameters) -> bytes:
    """A call as it goes over the wire."""
    message = {"method": method, "parameters": parameters} if parameters else {"method": method}
    return json.dumps(message, separators=(",", ":")).encode() + b"\0"


def run(report: str, **parameters: str) -> bytes:
    given = {"parameters": parameters} if parameters else {}
    return call("org.muster.Reports.Run", report=report, **given)


GET_INFO = call("org.varlink.service.GetInfo")


class Connection:
    """A connection with one call at a time."""

    def __init__(self, path: str):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(DEADLINE_SECONDS)
        self.socket.connect(path)

    def exchange(self, message: bytes) -> bytes:
        """Sends a call and receives its one reply, NUL included."""
        self.socket.sendall(message)
        reply = self.socket.recv(1 << 16)
        while reply and reply[-1] != 0:
            more = self.socket.recv(1 << 16)
            if not more:
                break
            reply += more
        if not reply.endswith(b"\0"):
            raise ConnectionError("the daemon closed the connection")
        return reply

    def ask(self, message: bytes) -> dict:
        """The parameters of the reply."""
        reply = json.loads(self.exchange(message)[:-1])
        if "error" in reply:
            raise RuntimeError(f"{reply['error']} {reply.get('parameters')}")
        return reply["parameters"]

    def close(self):
        self.socket.close()


class Daemon(contextlib.AbstractContextManager):
    """A running musterd with a socket in a folder of its own. Leaving the context stops it."""

    def __init__(self, configuration: pathlib.Path, activate: bool = True):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-bench-"))
        self.path = str(self.folder / "socket")
        self.address = f"unix:{self.path}"
        self.log = self.folder / "log"
        # When the program was started, on the clock of time.monotonic_ns().
        self.started = 0
        self._start([str(BINARIES / "musterd"), "--config", str(configuration)], activate)

    def _start(self, arguments: list[str], activate: bool) -> None:
        listening = socket.socket(socket.AF_UNIX)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LISTEN_")}
        if activate:
            listening.bind(self.path)
            listening.listen(64)
        else:
            arguments = arguments + ["--listen", self.address]
        log = os.open(self.log, os.O_WRONLY | os.O_CREAT)
        clock, told = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.dup2(log, 2)
                if activate:
                    # Should it be 3 already, dup2 does nothing, not even make it survive the exec.
                    os.dup2(listening.fileno(), 3)
                    os.set_inheritable(3, True)
                    environment |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
                os.write(told, struct.pack("q", time.monotonic_ns()))
                os.execve(arguments[0], arguments, environment)
            finally:
                os._exit(127)
        for descriptor in (log, told):
            os.close(descriptor)
        listening.close()
        (self.started,) = struct.unpack("q", os.read(clock, 8))
        os.close(clock)

    def connect(self) -> Connection:
        """A connection as soon as the daemon takes one."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while True:
            try:
                return Connection(self.path)
            except (FileNotFoundError, ConnectionRefusedError):
                if os.waitpid(self.pid, os.WNOHANG)[0] != 0 or time.monotonic() > deadline:
                    self.pid = 0
                    raise RuntimeError(f"musterd does not serve:\n{self.log.read_text()}")
                time.sleep(0.0002)

    def first_answer(self, message: bytes) -> float:
        """Seconds from exec to the whole reply."""
        connection = self.connect()
        try:
            connection.ask(message)
        except ConnectionError:
            os.waitpid(self.pid, 0)
            self.pid = 0
            raise RuntimeError(f"musterd does not answer:\n{self.log.read_text()}") from None
        return (time.monotonic_ns() - self.started) / 1e9

    def load_seconds(self) -> float:
        """What the daemon says it took from its start to being ready."""
        found = re.search(r" serving .*\bduration-usec=(\d+)", self.log.read_text())
        if not found:
            raise RuntimeError(f"musterd did not log that it serves:\n{self.log.read_text()}")
        return int(found[1]) / 1e6

    def memory(self) -> dict[str, int]:
        """Bytes under the names of proc(5), such as VmRSS, VmHWM, RssAnon and RssFile."""
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return {name: int(value) << 10 for name, value in re.findall(r"^(\w+):\s+(\d+) kB$", status, re.MULTILINE)}

    def cpu_ticks(self) -> int:
        """User and system time, in ticks of the kernel's clock."""
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return int(fields[11]) + int(fields[12])

    def cpu_nanoseconds(self) -> int:
        """The same to the nanosecond, from the process's clock; see clock_getcpuclockid(3)."""
        return time.clock_gettime_ns((~self.pid << 3) | 2)

    def wakeups(self) -> dict[str, int]:
        """How often each thread gave up its core by itself, which it does after each time that it was woken."""
        counts = {}
        for task in pathlib.Path(f"/proc/{self.pid}/task").iterdir():
            found = re.search(r"^voluntary_ctxt_switches:\s+(\d+)", (task / "status").read_text(), re.MULTILINE)
            counts[task.name] = int(found[1])
        return counts

    def __exit__(self, *_) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGTERM)
            os.waitpid(self.pid, 0)
        shutil.rmtree(self.folder, ignore_errors=True)
