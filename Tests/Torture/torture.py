"""What the tests of this folder share: time, seeds, a daemon that is watched, and how a finding is told."""

import contextlib
import json
import os
import pathlib
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "Benchmarks"))
os.environ.setdefault("MUSTER_BIN", str(ROOT / ".build" / "release"))
# A crash is to end the daemon at once, and not after minutes of symbols.
os.environ["SWIFT_BACKTRACE"] = "enable=no"

from daemon import BINARIES, Connection, Daemon, call, need_programs  # noqa: E402

__all__ = ["BINARIES", "Connection", "Daemon", "Interrupter", "Neighbour", "Run", "call", "need_programs", "percentile", "ROOT"]

# Seconds after which a test ends that has not yet done what it is to do.
LONGEST = 1800


class Run:
    """One run of a test: how long it may take, the numbers it draws, and what it found.

    TORTURE_SECONDS and SEED of the environment say how long and from where; what is printed repeats it. With COUNT a test that
    counts what it does goes on until it has done so much, however long that takes, up to `LONGEST`.

    With --self-test the program must find something: it breaks on purpose what it looks at.
    """

    is_self_test = "--self-test" in sys.argv[1:]

    def __init__(self, name: str, share: float = 1.0):
        self.name = name
        self.seconds = float(os.environ.get("TORTURE_SECONDS", "20")) * share
        self.seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(1 << 32))
        self.random = random.Random(f"{name} {self.seed}")
        # How much there is to do of what the test counts, and how much is done. Without COUNT the time alone counts.
        self.wanted = int(os.environ.get("COUNT") or 0)
        self.count = 0
        self.counts = False
        self.findings: list[str] = []
        self.figures: list[str] = []
        self.begin()

    def begin(self, least: int = 0, counts: bool = False) -> None:
        """Has the time begin now, after what had to be prepared. With `counts` COUNT holds, and `least` is done at any rate."""
        self.start = time.monotonic()
        self.end = self.start + self.seconds
        self.counts = counts
        self.least = max(least, self.wanted) if counts else 0

    def goes_on(self) -> bool:
        """Whether there is time, and too much was not found; with COUNT, whether so much is not done."""
        now = time.monotonic()
        is_time = self.count < self.wanted if self.counts and self.wanted else now < self.end or self.count < self.least
        return is_time and now < self.start + max(self.seconds, LONGEST) and len(self.findings) < 10

    def expect_count(self, what: str) -> None:
        """A finding if there was not the time for as much as is needed."""
        seconds = time.monotonic() - self.start
        self.expect(self.count >= self.least, f"too short to tell: {self.count} {what} of {self.least} in {seconds:.0f} seconds")

    def expect(self, holds: bool, finding: str) -> None:
        if not holds:
            self.findings.append(finding)

    def finish(self, *broken: str) -> None:
        """Prints what came of it, and ends the program: with 1 if something was found.

        `broken` are words of findings that --self-test must come to, each; without any it must come to some finding.
        """
        if self.is_self_test:
            missed = [word for word in broken or ("",) if not any(word in finding for finding in self.findings)]
            for finding in self.findings[:3]:
                print(f"found, as it should be: {finding[:300]!r}")
            for word in missed:
                print(f"FOUND {self.name} --self-test: nothing was found{word and ' of: '}{word}")
            print(f"{'FAIL' if missed else 'PASS'} {self.name} --self-test (SEED={self.seed})", flush=True)
            sys.exit(1 if missed else 0)
        for finding in self.findings:
            print(f"FOUND {self.name}: {finding}")
        print(f"{'FAIL' if self.findings else 'PASS'} {self.name}: {', '.join(self.figures)} (SEED={self.seed})", flush=True)
        sys.exit(1 if self.findings else 0)


class Watched(Daemon):
    """A musterd whose descriptors, threads and children can be counted."""

    def counts(self) -> dict[str, int]:
        process = pathlib.Path(f"/proc/{self.pid}")
        children = ""
        for task in (process / "task").iterdir():
            # A thread may have ended meanwhile.
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                children += (task / "children").read_text()
        return {
            "descriptors": len(list((process / "fd").iterdir())),
            "children": len(children.split()),
            "memory": self.memory()["VmRSS"],
        }

    def is_running(self) -> bool:
        return pathlib.Path(f"/proc/{self.pid}/stat").exists() and os.waitpid(self.pid, os.WNOHANG)[0] == 0

    def __exit__(self, *details) -> None:
        if self.pid and not self.is_running():
            self.pid = 0
        super().__exit__(*details)


class Neighbour:
    """A client in a process of its own, which goes on asking the same. None of what this process does makes it wait."""

    def __init__(self, daemon: Daemon, message: bytes, pause: float):
        command = [sys.executable, HERE / "neighbour.py", daemon.path, message.rstrip(b"\0").decode(), str(pause)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def end(self) -> dict:
        """Milliseconds that 99 of 100 answers took at most, how late the machine itself let 99 of 100 pauses end, half of them
        and all, how many answers there were, and what went wrong."""
        output, _ = self.process.communicate(timeout=150)
        seen = json.loads(output)
        return {
            "answered": percentile(seen["answers"]),
            "late": percentile(seen["late"]),
            "late_median": percentile(seen["late"], 50),
            "late_most": max(seen["late"], default=0.0) * 1000,
            "count": len(seen["answers"]),
            "error": seen["error"],
        }


def percentile(seconds: Sequence[float], percent: int = 99) -> float:
    """In milliseconds."""
    return sorted(seconds)[len(seconds) * percent // 100] * 1000 if seconds else 0.0


class Interrupter:
    """The program of interrupt.c, which lets system calls of others fail."""

    def __init__(self, test: str):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-interrupt-"))
        self.program = self.folder / "interrupt"
        if platform.machine() != "x86_64":
            self.skip(test, f"the registers of {platform.machine()} are unknown to interrupt.c")
        # Swift's own toolchain has clang.
        compiler = next((name for name in ("clang", "cc", "gcc") if shutil.which(name)), None)
        if not compiler:
            self.skip(test, "there is no compiler for C: install clang or gcc")
        subprocess.run([compiler, "-O2", "-o", self.program, HERE / "interrupt.c"], check=True)
        tried = subprocess.run(self.command("true", ["read"], ["/bin/true"]), capture_output=True, text=True)
        if tried.returncode != 0:
            self.skip(test, f"processes cannot be traced here: {tried.stderr.strip()}")

    def skip(self, test: str, why: str) -> None:
        """What cannot be tested here is no failure, but nobody is to take it for a success."""
        self.remove()
        print(f"SKIP {test}: {why}", flush=True)
        sys.exit(0)

    def command(self, program: str, calls, command: list, *options: object) -> list[str]:
        """What runs the command, and counts these calls of the program of that name in it."""
        line = [self.program, "--program", program, "--calls", ",".join(calls), *options, "--", *command]
        return [str(word) for word in line]

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def counted(report: pathlib.Path) -> list[str]:
    """The calls that were counted: each with its name, what it was about, and what befell it."""
    return [line.split(" ", 1)[1] for line in report.read_text().splitlines() if not line.startswith("end ")]
