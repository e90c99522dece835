"""Each system call of client, daemon and launcher fails, one at a time: a right status that is explained, no hang, no crash.

An undisturbed run tells which calls there are. Then each is refused once with the errors that it may have, or once and for all
as on a full disk. What succeeds must have the right bytes; what fails must say so and leave what was there; and the daemon must
answer the next client.
"""

import contextlib
import dataclasses
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from torture import BINARIES, ROOT, Daemon, Interrupter, Run, call, counted, need_programs

# A call is answered within milliseconds, but the machine may be busy.
HANG_SECONDS = 30
ROWS = 1_500

# What each call may say by its manual page, of those errors that a busy, full or failing machine has. Futexes, clocks and
# signals are left out: they do not fail. So is EAGAIN where epoll said that there is something: nobody else takes it, and NIO
# asserts in debug builds that it is there.
FILES = ["EIO", "ENOMEM"]
MADE = ["EMFILE", "ENOMEM"]
CHANGED = ["EIO", "ENOSPC"]
STARTED = ["EAGAIN", "ENOMEM"]
ERRORS = {
    "open": ["EMFILE", "EIO", "ENOMEM", "ENOSPC", "EINTR"], "openat": ["EMFILE", "EIO", "ENOMEM", "ENOSPC", "EINTR"],
    "read": ["EIO", "EINTR", "short"], "pread64": ["EIO", "EINTR", "short"], "readv": ["EIO", "EINTR"],
    "write": ["ENOSPC", "EIO", "EINTR", "short"], "pwrite64": ["ENOSPC", "EIO", "EINTR", "short"],
    "writev": ["ENOSPC", "EIO", "EINTR"], "copy_file_range": CHANGED, "sendfile": ["EIO"], "fsync": CHANGED,
    "fdatasync": CHANGED, "rename": CHANGED, "renameat": CHANGED, "renameat2": CHANGED, "link": CHANGED, "linkat": CHANGED,
    "unlink": ["EIO"], "unlinkat": ["EIO"], "symlinkat": CHANGED, "mkdir": CHANGED, "mkdirat": CHANGED,
    "ftruncate": ["EIO", "EINTR"], "fallocate": ["ENOSPC", "EIO", "EINTR"], "mmap": ["ENOMEM", "EAGAIN"], "socket": MADE,
    "socketpair": MADE, "connect": ["EAGAIN", "ENOMEM", "EINTR"], "bind": ["ENOMEM"], "listen": ["ENOMEM"],
    "accept4": ["EMFILE", "ENFILE", "ENOMEM", "EINTR", "ECONNABORTED"], "sendmsg": ["ENOMEM", "EINTR"],
    "sendto": ["ENOMEM", "EINTR"], "recvmsg": ["ENOMEM", "EINTR"], "recvfrom": ["ENOMEM", "EINTR"],
    "poll": ["EINTR", "ENOMEM"], "ppoll": ["EINTR", "ENOMEM"], "epoll_create1": MADE, "epoll_ctl": ["ENOMEM", "ENOSPC"],
    "epoll_wait": ["EINTR"], "epoll_pwait": ["EINTR"], "eventfd2": MADE, "timerfd_create": MADE, "clone": STARTED,
    "clone3": STARTED, "fork": STARTED, "vfork": STARTED, "execve": ["ENOMEM", "EIO", "EMFILE"], "wait4": ["EINTR"],
    "waitid": ["EINTR"], "pipe2": ["EMFILE", "ENFILE"], "dup": ["EMFILE"], "dup2": ["EINTR", "EMFILE"],
    "dup3": ["EINTR", "EMFILE"], "flock": ["EINTR", "ENOLCK"], "getdents64": FILES, "newfstatat": FILES, "fstat": FILES,
    "statx": FILES, "stat": FILES, "lstat": FILES, "fstatfs": FILES, "access": FILES, "faccessat2": FILES, "readlink": FILES,
    "readlinkat": FILES, "getcwd": ["ENOMEM"], "chdir": FILES, "fchdir": ["EIO"], "fchmod": ["EIO", "EROFS"],
    "fchown": ["EIO", "EPERM"], "utimensat": ["EIO", "EROFS"], "fgetxattr": ["EIO", "EOPNOTSUPP"],
    "fsetxattr": ["ENOSPC", "EIO"], "flistxattr": ["EIO"], "fremovexattr": ["EIO"], "setpriority": ["EPERM"],
    "unshare": ["ENOSPC", "EPERM", "ENOMEM"], "mount": ["ENOMEM", "EPERM"], "umount2": ["EBUSY"], "pivot_root": ["EBUSY"],
    "setresuid": ["EAGAIN"], "setresgid": ["EPERM"], "setgroups": ["ENOMEM"], "seccomp": ["ENOMEM"], "pidfd_open": MADE,
    "memfd_create": MADE, "inotify_init1": MADE, "fcntl": [], "ioctl": [],
}
CALLS = list(ERRORS)
# Where what it is about says more: none of these fails as a disk does. The first one that is found in the call holds.
NARROWER = [
    (r"\w+ \d+ anon_inode:\[(eventfd|timerfd)", []),
    (r"(read|recv)\w* \d+ socket:", ["EINTR", "ECONNRESET", "ENOMEM"]),
    (r"(write|send)\w* \d+ socket:", ["EINTR", "EPIPE", "ENOBUFS", "short"]),
    (r"read\w* \d+ pipe:", ["EINTR", "short"]),
    (r"write\w* \d+ pipe:", ["EINTR", "short"]),
    # (Whoever has closed the other end gets EPIPE, and no part of what is written either.) To copy a descriptor, and to lock.
    (r"fcntl .* command (0|1030)$", ["EMFILE"]),
    (r"fcntl .* command (6|7|37|38)$", ["ENOLCK", "EINTR"]),
    (r"ioctl .*/(pts|tty)", ["EIO"]),
    (r"(fstat|newfstatat) \d+ (anon_inode|socket|pipe):", []),
]
# What may go on failing for as long as a disk is full or broken, or descriptors are lacking. No threads for good are left
# out: libdispatch waits for them until there are some. So is no connection for good: nobody comes in until there are some.
LASTING = {
    "ENOSPC": ["pwrite64", "fsync", "renameat", "linkat", "mkdirat", "fallocate"],
    "EIO": ["pwrite64", "fsync", "renameat", "linkat", "getdents64", "newfstatat", "openat"],
    "EMFILE": ["openat", "socket", "pipe2", "dup", "eventfd2", "epoll_create1", "timerfd_create"],
    "ENOMEM": ["openat", "newfstatat"],
}
CONFIGURATION = """\
dataset: {{ package: datapackage.json, observations: entries, source: register, place: harbour, breakdown: cargo, measure: ships, repeated: add, role: kind, locus: page, label: label, schemes: groupings, blocs: groups, bloc_members: group-members }}
reports:
  entries: {{ pipeline: [observations] }}
  arrivals: {{ pipeline: [country-summary] }}
  plugged: {{ pipeline: [country-summary, same] }}
exports:
  directory: {folder}/exports
  entries: {{ report: entries, exporter: csv, file: entries.csv, keep: 2 }}
plugins: plugins.d/*.yaml
limits: {{ cache_size: 0 }}
"""
PLUGIN = "name: same\nkind: transform\nsummary: Changes nothing\ncommand: [./same.sh]\ncolumns: same\n"
# Standard error of each program that fails has a line like these.
EXPLAINED = {"muster": re.compile(r"^muster: \S", re.MULTILINE), "musterd": re.compile(r"\S")}
# What ends the daemon at once, and is in others' hands: each is counted, and told with the figures.
KNOWN = {
    # libdispatch looks there, once in a second in which its threads are busy, whether they run, and traps if it cannot.
    "serving": [r"openat /proc/\d+/stat "],
    # NIO makes its event loops and their threads of these before anything is served, and traps without them.
    "start": [
        r"openat /proc/\d+/stat ", r"epoll_create1 |eventfd2 |timerfd_create |epoll_ctl \d+ anon_inode:\[eventpoll\]",
        r"clone3 |mmap -1 ",
    ],
}
CRASHES = {128 + number for number in (signal.SIGSEGV, signal.SIGILL, signal.SIGABRT, signal.SIGTRAP, signal.SIGBUS, signal.SIGFPE)}


def documented(program: str) -> set[int]:
    """The statuses that the program's help lists."""
    text = subprocess.run([BINARIES / program, "--help"], capture_output=True, text=True, check=True).stdout
    return {int(number) for number in re.findall(r"^  (\d+) ", text.split("EXIT STATUS\n")[1], re.MULTILINE)}


def digest(path: pathlib.Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


@dataclasses.dataclass
class Ended:
    status: int
    output: bytes
    errors: str


def end(command: list[str], stdout=subprocess.PIPE) -> Ended:
    """Runs it to its end; `TimeoutExpired` if that does not come."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE) as process:
        try:
            output, errors = process.communicate(timeout=HANG_SECONDS)
        except subprocess.TimeoutExpired:
            # What interrupt.c traces ends with it.
            process.kill()
            process.communicate()
            raise
        return Ended(process.returncode, output or b"", errors.decode(errors="replace"))


def end_on_terminal(command: list[str]) -> Ended:
    """The same with a terminal as standard output and error."""
    with subprocess.Popen(
        [sys.executable, "-c", "import pty, sys, os; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])) % 256)", *command],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:
        try:
            output, _ = process.communicate(timeout=HANG_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise
        return Ended(process.returncode, output, output.decode(errors="replace").replace("\r", ""))


@dataclasses.dataclass
class Case:
    """Something that a client does."""

    name: str
    arguments: list[str]
    # What it prints differs from run to run.
    varies: bool = False
    terminal: bool = False
    # Standard output, if a file.
    redirected: bool = False
    # The file that it writes, and what that held before.
    output: bool = False
    old: bytes | None = None
    expected: bytes = b""
    # What it prints where the terminal does not tell that it is one.
    plain: bytes = b""
    count: int = 0


def client_cases(exports: pathlib.Path) -> list[Case]:
    return [
        Case("run to a pipe", ["run", "entries"]),
        Case("run to a file", ["run", "entries"], redirected=True),
        Case("run to a terminal", ["run", "arrivals"], terminal=True),
        Case("run creating a file", ["run", "entries", "--output"], output=True),
        Case("run replacing a file", ["run", "entries", "--output"], output=True, old=b"old\n" * 1000),
        Case("list", ["list"]),
        Case("describe", ["describe", "arrivals"]),
        Case("why", ["why", "arrivals", "#1", "grain"]),
        Case("export", ["export", "entries", "--force"]),
        Case("verify", ["verify", "entries"], varies=True),
        Case("verify a file", ["verify", str(exports / "entries.csv")], varies=True),
        Case("exports", ["exports"], varies=True),
        Case("status", ["status"], varies=True),
        Case("reload", ["reload"], varies=True),
    ]


def daemon_cases() -> list[Case]:
    return [
        Case("run", ["run", "entries"]),
        Case("run with a plugin", ["run", "plugged"]),
        Case("why", ["why", "arrivals", "#1", "grain"]),
        Case("export", ["export", "entries", "--force"]),
        Case("verify", ["verify", "entries"], varies=True),
        Case("reload", ["reload"], varies=True),
    ]


class Traced:
    """A musterd under interrupt.c, whose faults can be set anew."""

    def __init__(self, place: "Place", program: str):
        self.place, self.program = place, program
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=place.folder))
        self.report, self.control, self.log = (self.folder / name for name in ("report", "control", "log"))
        self.address = f"unix:{self.folder / 'socket'}"
        self.start()

    def start(self) -> None:
        (self.folder / "socket").unlink(missing_ok=True)
        command = self.place.interrupter.command(
            self.program, CALLS, [BINARIES / "musterd", "--config", self.place.configuration, "--listen", self.address],
            "--report", self.report, "--control", self.control)
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_until(lambda: "serving" in self.log.read_text() or self.process.poll() is not None)
        self.descriptors = self.descriptor_count()

    @property
    def pid(self) -> int:
        return child_of(self.process.pid)

    def descriptor_count(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def begin(self, fault: "Fault | None" = None) -> None:
        """Begins to count, and to let calls fail."""
        self.control.write_text(fault.control if fault else f"0 - 0 {','.join(CALLS)} -\n")
        self.report.write_bytes(b"")
        self.process.send_signal(signal.SIGUSR1)

    def stop_faults(self) -> list[str]:
        self.process.send_signal(signal.SIGUSR2)
        return counted(self.report)

    def stop(self) -> int:
        with contextlib.suppress(ProcessLookupError, IndexError, FileNotFoundError):
            os.kill(self.pid, signal.SIGTERM)
        try:
            return self.process.wait(HANG_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return -1


def child_of(pid: int) -> int:
    children = [child for task in os.listdir(f"/proc/{pid}/task") for child in open(f"/proc/{pid}/task/{task}/children").read().split()]
    return int(children[0])


def wait_until(holds, seconds: float = HANG_SECONDS) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


class Place:
    """The folder of one worker: a dataset, a configuration, a plugin, and where exports and results go."""

    def __init__(self, folder: pathlib.Path, interrupter: Interrupter, run: Run):
        self.folder, self.interrupter, self.run_, self.tally = folder, interrupter, run, {}
        self.seconds = 0.0
        shutil.copytree(ROOT / "Tests" / "Fixtures" / "harbours", folder)
        folder.chmod(0o755)
        with open(folder / "entries.csv", "a") as entries:
            entries.writelines(f"{1000 + row},north,alby,grain,{row % 90},p. 9,counted\n" for row in range(ROWS))
        for name in ("exports", "results", "plugins.d"):
            (folder / name).mkdir()
        (folder / "plugins.d" / "same.yaml").write_text(PLUGIN)
        program = folder / "plugins.d" / "same.sh"
        program.write_text("#!/bin/sh\nread line\nexec cat\n")
        program.chmod(0o755)
        self.configuration = folder / "musterd.yaml"
        self.configuration.write_text(CONFIGURATION.format(folder=folder))
        self.statuses = {program: documented(program) for program in EXPLAINED}
        self.result = folder / "results" / "result.csv"

    def begin(self, points: list) -> None:
        """The time of this group begins, in which as many of these are tried as there is time for."""
        self.run_.random.shuffle(points)
        self.tally["possible"] = len(points)
        self.end_of_group, self.found = time.monotonic() + self.seconds, len(self.run_.findings)

    def goes_on(self) -> bool:
        return time.monotonic() < self.end_of_group and len(self.run_.findings) < self.found + 10

    def muster(self, address: str, case: Case) -> list[str]:
        output = [str(self.result)] if case.output else []
        connection = ["--standalone", str(self.configuration)] if address == "" else ["--address", address]
        return [str(BINARIES / "muster"), *connection, *case.arguments, *output]

    def prepare(self, case: Case) -> None:
        for path in self.result.parent.iterdir():
            path.unlink()
        if case.old is not None:
            self.result.write_bytes(case.old)

    def end(self, case: Case, command: list[str]) -> Ended:
        if case.terminal:
            return end_on_terminal(command)
        if not case.redirected:
            return end(command)
        path = self.folder / "redirected"
        with open(path, "wb") as file:
            ended = end(command, file)
        ended.output = path.read_bytes()
        return ended

    def judge(self, case: Case, ended: Ended, calls: list[str], is_own: bool) -> list[str]:
        """What is wrong with how the client ended. `is_own` if its own calls failed."""
        findings = []
        faults = [line for line in calls if " FAULT " in line]
        if ended.status in CRASHES or ended.status not in self.statuses["muster"]:
            findings.append(f"status {ended.status}")
        if ended.status != 0:
            # Where it cannot write to standard error it cannot say anything there.
            is_silenced = is_own and any(re.match(r"\w*write\w* 2 ", line) or case.terminal and " /dev/pts/" in line for line in faults)
            if not is_silenced and not EXPLAINED["muster"].search(ended.errors):
                findings.append(f"status {ended.status} is not explained")
        elif case.terminal and any(line.startswith("ioctl ") for line in faults) and ended.output == case.plain:
            pass
        elif not case.varies and not case.output and ended.output != case.expected:
            findings.append(f"status 0 with other bytes, {len(ended.output)} of {len(case.expected)}: {ended.output[-100:]!r}")
        if case.output:
            now = self.result.read_bytes() if self.result.exists() else None
            if ended.status == 0 and now != case.expected:
                findings.append("status 0, but the file is not new")
            if now not in (case.old, case.expected):
                findings.append(f"the file is neither old nor new, of {len(now or b'')} bytes")
            if "nothing was changed" in ended.errors and now != case.old:
                findings.append("it says that nothing was changed")
            left = {path.name for path in self.result.parent.iterdir()} - {self.result.name}
            # What cannot be removed is removed by the next run.
            if left and not any(line.startswith("unlink") for line in faults):
                findings.append(f"left over: {left}")
        return [f"{finding}: {ended.errors[-300:]!r}" for finding in findings]

    def expect_export(self, where: str) -> None:
        """The exported file is whole, and its manifest its own."""
        file = self.folder / "exports" / "entries.csv"
        manifest = json.loads((self.folder / "exports" / "entries.csv.muster.json").read_text())
        self.run_.expect(digest(file) in (manifest["sha256"], manifest.get("replaces")), f"{where}: the manifest is not the file's")

    def count(self, group: str, reached: bool) -> None:
        key = group if reached else "not reached"
        self.tally[key] = self.tally.get(key, 0) + 1


def reached(calls: list[str]) -> str:
    """The first call that failed, or nothing."""
    return next((line for line in calls if " FAULT " in line), "")


def is_known(group: str, status: int, calls: list[str]) -> bool:
    """Whether a crash is one of those that are known."""
    patterns = KNOWN.get(group, [])
    return status in CRASHES and any(" FAULT " in line and re.match(pattern, line) for line in calls for pattern in patterns)


def where(group: str, case: Case | None, fault: "Fault", calls: list[str]) -> str:
    return f"{group}, {case.name}: {fault} ({reached(calls)})" if case else f"{group}: {fault} ({reached(calls)})"


@dataclasses.dataclass(frozen=True)
class Fault:
    """Which one of which calls, about what, fails by what, and whether all after it do, too.

    It is counted among the calls of one name and subject, since threads do not come to theirs in the same order each time.
    """

    nth: int
    error: str
    calls: tuple[str, ...]
    about: str = ""
    lasts: bool = False

    @property
    def options(self) -> list[object]:
        about = ["--about", self.about] if self.about else []
        return ["--nth", self.nth, "--fault", self.error, *about, *["--lasting"] * self.lasts]

    @property
    def control(self) -> str:
        return f"{self.nth} {self.error} {int(self.lasts)} {','.join(self.calls)} {self.about or '-'}\n"

    def __str__(self) -> str:
        calls = f"{self.calls[0]} {self.about}".strip() if len(self.calls) == 1 else " and others"
        return f"{self.error}{' for good' if self.lasts else ''} at {self.nth} of {calls}"


def subject(line: str) -> str:
    """What a counted call is about, without what differs between two runs."""
    about = line.split(" ", 1)[1].strip() if " " in line else ""
    for pattern in (r"command \d+$", r"socket:", r"pipe:", r"\(deleted\)", r"anon_inode:\S+", r"/temporary/", r"/proc/", r"/dev/pts/"):
        if found := re.search(pattern, about):
            return found[0]
    return re.sub(r"^-?\d+ ?", "", about)


def faults_of(calls: list[str]) -> list[Fault]:
    """What there is to try after these calls were seen."""
    faults = []
    for nth, line in enumerate(calls):
        name, about = line.split()[0], subject(line)
        errors = next((errors for pattern, errors in NARROWER if re.match(pattern, line)), ERRORS[name])
        before = sum(other.split()[0] == name and about in other for other in calls[:nth])
        faults += [Fault(before + 1, error, (name,), about) for error in errors]
    for error, names in LASTING.items():
        count = sum(line.split()[0] in names for line in calls)
        faults += [Fault(nth, error, tuple(names), lasts=True) for nth in range(1, count + 1)]
    return list(dict.fromkeys(faults))


def torture_client(place: Place, group: str) -> None:
    """The client's calls fail; the daemon is well. `standalone` has a daemon of its own."""
    run, report = place.run_, place.folder / "report"
    with contextlib.ExitStack() as stack:
        address = ""
        if group == "client":
            daemon = stack.enter_context(Daemon(place.configuration))
            daemon.first_answer(call("org.muster.Reports.List"))
            address = daemon.address
            end([str(BINARIES / "muster"), "--address", address, "export", "entries"])
        cases = client_cases(place.folder / "exports") if address else [Case("run to a pipe", ["run", "entries"])]
        points = []
        for case in cases:
            command = place.muster(address, case)
            place.prepare(case)
            ended = place.end(case, place.interrupter.command("muster", CALLS, command, "--report", report))
            run.expect(ended.status == 0, f"{group}, {case.name}: undisturbed it ends with {ended.status}: {ended.errors}")
            case.expected = place.result.read_bytes() if case.output else ended.output
            if case.terminal:
                case.plain = end(command).output.replace(b"\n", b"\r\n")
            points += [(case, fault) for fault in faults_of(counted(report))]
        place.begin(points)
        while points and place.goes_on():
            case, fault = points.pop()
            place.prepare(case)
            command = place.interrupter.command(
                "muster", fault.calls, place.muster(address, case), *fault.options, "--report", report)
            try:
                ended = place.end(case, command)
            except subprocess.TimeoutExpired:
                run.expect(False, f"{where(group, case, fault, counted(report))}: it hangs")
                continue
            calls = counted(report)
            place.count(group, bool(reached(calls)))
            if run.is_self_test:
                ended.status = 0
            for finding in place.judge(case, ended, calls, is_own=True):
                run.expect(False, f"{where(group, case, fault, calls)}: {finding}")


def torture_serving(place: Place, group: str) -> None:
    """Calls of the daemon, or of its launcher, fail while it serves; the client is well, and so is the next one."""
    run, program = place.run_, "musterd" if group == "serving" else "muster-launcher"
    os.environ["TMPDIR"] = str(place.folder.parent / "temporary")
    daemon = Traced(place, program)
    cases = daemon_cases() if group == "serving" else [Case("run with a plugin", ["run", "plugged"])]
    sound = Case("the next run", ["run", "arrivals"])
    sound.expected = end(place.muster(daemon.address, sound)).output
    end(place.muster(daemon.address, Case("", ["export", "entries"])))
    points = []
    for case in cases:
        # What happens once for all has happened then.
        end(place.muster(daemon.address, case))
        daemon.begin()
        ended = end(place.muster(daemon.address, case))
        calls = daemon.stop_faults()
        run.expect(ended.status == 0 and bool(calls), f"{group}, {case.name}: undisturbed it ends with {ended.status}: {ended.errors}")
        case.expected = ended.output
        points += [(case, fault) for fault in faults_of(calls)]
    place.begin(points)
    daemon.descriptors = daemon.descriptor_count()
    while points and place.goes_on():
        case, fault = points.pop()
        daemon.begin(fault)
        findings = []
        try:
            ended = end(place.muster(daemon.address, case))
        except subprocess.TimeoutExpired:
            ended = None
            findings.append("the client hangs")
        calls = daemon.stop_faults()
        place.count(group, bool(reached(calls)))
        if ended:
            findings += place.judge(case, ended, calls, is_own=False)
        try:
            after = end(place.muster(daemon.address, sound))
            if (after.status, after.output) != (0, sound.expected):
                findings.append(f"the next client ends with {after.status}: {after.errors[-300:]!r}")
        except subprocess.TimeoutExpired:
            findings.append("the next client hangs")
        if daemon.process.poll() is not None and is_known(group, daemon.process.returncode, calls):
            findings = []
            place.count("known", True)
        elif daemon.process.poll() is not None:
            findings.append(f"the daemon ended with {daemon.process.returncode}: {daemon.log.read_text()[-2000:]!r}")
        if group == "launcher" and daemon.process.poll() is None:
            children = f"/proc/{daemon.pid}/task/{daemon.pid}/children"
            if not wait_until(lambda: not open(children).read().strip(), 10):
                findings.append("a process of the plugin is left")
        for finding in findings:
            run.expect(False, f"{where(group, case, fault, calls)}: {finding}")
        if case.name == "export":
            place.expect_export(where(group, case, fault, calls))
        if daemon.process.poll() is not None or any("hangs" in finding for finding in findings):
            daemon.stop()
            daemon.start()
    end(place.muster(daemon.address, Case("", ["export", "entries"])))
    left = [path.name for path in (place.folder / "exports").iterdir() if path.name.startswith(".muster-new")]
    run.expect(not left, f"{group}: after the last export {left} are left")
    if wait_until(lambda: daemon.descriptor_count() <= daemon.descriptors + 2, 5) is False:
        links = [os.readlink(f"/proc/{daemon.pid}/fd/{number}") for number in os.listdir(f"/proc/{daemon.pid}/fd")]
        run.expect(False, f"{group}: descriptors were {daemon.descriptors} and are {daemon.descriptor_count()}: {links}")
    status = daemon.stop()
    run.expect(status == 0, f"{group}: told to stop, the daemon ends with {status}")


def torture_start(place: Place, group: str) -> None:
    """Calls of the daemon fail from its first one to its last: it serves rightly, or ends and says why."""
    run, report, log = place.run_, place.folder / "report", place.folder / "start.log"
    address = f"unix:{place.folder / 'start'}"
    sound = Case("run", ["run", "arrivals"])
    sound.expected = end(place.muster("", sound)).output

    def attempt(names: tuple[str, ...], *options: object) -> list[str]:
        command = place.interrupter.command(
            "musterd", names, [BINARIES / "musterd", "--config", place.configuration, "--listen", address], *options,
            "--report", report)
        (place.folder / "start").unlink(missing_ok=True)
        findings = []
        with open(log, "wb") as file:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file)
        def serves() -> bool:
            return " serving " in log.read_text(errors="replace") or process.poll() is not None
        if not wait_until(serves, 5):
            # The line that it serves may be the one that could not be written.
            with contextlib.suppress(subprocess.TimeoutExpired):
                if end(place.muster(address, sound)).status != 0:
                    findings.append("it neither serves nor ends")
        told = None
        if process.poll() is None:
            try:
                ended = end(place.muster(address, sound))
                if ended.status == 0 and ended.output != sound.expected:
                    findings.append("status 0 with other bytes")
                if ended.status != 0 and not EXPLAINED["muster"].search(ended.errors):
                    findings.append(f"the client ends with {ended.status} without a word")
            except subprocess.TimeoutExpired:
                findings.append("the client hangs")
            with contextlib.suppress(ProcessLookupError, IndexError, FileNotFoundError):
                told = child_of(process.pid)
                os.kill(told, signal.SIGTERM)
        try:
            status = process.wait(HANG_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return findings + ["it does not stop"]
        text = log.read_text(errors="replace")
        calls = counted(report)
        is_silenced = any(re.match(r"\w*write\w* [12] .* FAULT", line) for line in calls)
        if is_known(group, status, calls):
            place.count("known", True)
            return []
        if status in CRASHES or status not in place.statuses["musterd"]:
            findings.append(f"status {status}: {text[:500]!r}")
        elif status != 0 and not is_silenced and not text.strip():
            findings.append(f"status {status} without a word")
        return findings

    for finding in attempt(tuple(CALLS)):
        run.expect(False, f"{group}, undisturbed: {finding}")
    points = faults_of(counted(report))
    place.begin(points)
    while points and place.goes_on():
        fault = points.pop()
        findings = attempt(fault.calls, *fault.options)
        calls = counted(report)
        place.count(group, bool(reached(calls)))
        for finding in findings:
            run.expect(False, f"{where(group, None, fault, calls)}: {finding}")


GROUPS = {
    "client": torture_client, "standalone": torture_client, "serving": torture_serving, "launcher": torture_serving,
    "start": torture_start,
}


def main() -> None:
    need_programs("musterd", "muster", "muster-launcher")
    interrupter = Interrupter("failures")
    run = Run("failures")
    # Where each failure is taken for a success, bytes are missing.
    chosen = ["client"] if run.is_self_test else (os.environ.get("PARTS") or " ".join(GROUPS)).split()
    with tempfile.TemporaryDirectory(prefix="muster-torture-") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        (folder / "temporary").mkdir(mode=0o777)
        (folder / "temporary").chmod(0o777)
        tally: dict[str, int] = {}
        # One after the other, each with the same share of the time: a hang is told by the clock.
        for group in chosen:
            place = Place(folder / group, interrupter, run)
            place.seconds = run.seconds / len(chosen)
            GROUPS[group](place, group)
            reached_count = place.tally.get(group, 0)
            run.figures.append(f"{group} {reached_count} of {place.tally['possible']} failures")
            for key in ("known", "not reached"):
                tally[key] = tally.get(key, 0) + place.tally.get(key, 0)
        run.figures.append(f"{tally['known']} ended the daemon inside libdispatch or NIO, as known")
        run.figures.append(f"{tally['not reached']} not reached")
    interrupter.remove()
    run.finish()


main()
