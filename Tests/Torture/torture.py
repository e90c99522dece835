"""What the tests of this folder share: time, seeds, a daemon that is watched, and how a finding is told."""

import os
import pathlib
import random
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "Benchmarks"))
os.environ.setdefault("MUSTER_BIN", str(ROOT / ".build" / "release"))
# A crash is to end the daemon at once, and not after minutes of symbols.
os.environ["SWIFT_BACKTRACE"] = "enable=no"

from daemon import BINARIES, Connection, Daemon, call, need_programs  # noqa: E402

__all__ = ["BINARIES", "Connection", "Daemon", "Run", "call", "need_programs", "ROOT"]


class Run:
    """One run of a test: how long it may take, the numbers it draws, and what it found.

    TORTURE_SECONDS and SEED of the environment say how long and from where; what is printed repeats it.
    """

    def __init__(self, name: str, share: float = 1.0):
        self.name = name
        self.seconds = float(os.environ.get("TORTURE_SECONDS", "20")) * share
        self.seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(1 << 32))
        self.random = random.Random(f"{name} {self.seed}")
        self.end = time.monotonic() + self.seconds
        self.findings: list[str] = []
        self.figures: list[str] = []

    def goes_on(self) -> bool:
        return time.monotonic() < self.end and len(self.findings) < 10

    def expect(self, holds: bool, finding: str) -> None:
        if not holds:
            self.findings.append(finding)

    def finish(self) -> None:
        """Prints what came of it, and ends the program: with 1 if something was found."""
        for finding in self.findings:
            print(f"FOUND {self.name}: {finding}")
        print(f"{'FAIL' if self.findings else 'PASS'} {self.name}: {', '.join(self.figures)} (SEED={self.seed})", flush=True)
        sys.exit(1 if self.findings else 0)


class Watched(Daemon):
    """A musterd whose descriptors, threads and children can be counted."""

    def counts(self) -> dict[str, int]:
        process = pathlib.Path(f"/proc/{self.pid}")
        children = "".join((task / "children").read_text() for task in (process / "task").iterdir())
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
