"""SIGKILL before and after each system call by which an export or `muster run --output` writes: old or new, never a part.

Each round puts back what stood in the folder, has it written anew, and kills the writer at one call. The file must then be the
old one or the new one, and its manifest must know it. The next run must succeed and leave what an undisturbed one leaves.
"""

import concurrent.futures
import dataclasses
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading

from torture import BINARIES, ROOT, Daemon, Interrupter, Run, call, counted, need_programs

WORKERS = 2
# What changes files or folders, and opening, which creates and locks.
CALLS = [
    "open", "openat", "write", "writev", "pwrite64", "copy_file_range", "sendfile", "fsync", "fdatasync", "rename", "renameat",
    "renameat2", "link", "linkat", "unlink", "unlinkat", "symlinkat", "mkdirat", "ftruncate", "fallocate", "flock", "fcntl",
    "fchmod", "fchmodat", "fchown", "fchownat", "utimensat", "fsetxattr", "fremovexattr",
]
FAULTS = ["kill-before", "kill-after"]
SECONDS = 60
# So that a file takes several writes.
ROWS = 3_000
CONFIGURATION = """\
dataset: {{ package: datapackage.json, observations: entries, source: register, place: harbour, breakdown: cargo, measure: ships, repeated: add, role: kind, locus: page, label: label, schemes: groupings, blocs: groups, bloc_members: group-members }}
reports:
  entries: {{ pipeline: [observations] }}
exports:
  directory: {directory}
  entries: {{ report: entries, exporter: csv, file: entries.csv, keep: 2 }}
"""
# They outlive each run of an export, and none of them keeps the next one from anything: the lock's file, of which the lock ends
# with its process and which is never removed, since somebody may wait for it; and how the last run went.
STAYS = {".muster-lock.entries.csv", ".muster-last.entries.csv"}


def dataset(folder: pathlib.Path, version: int) -> pathlib.Path:
    """A dataset with other numbers for each version; the configuration's path."""
    shutil.copytree(ROOT / "Tests" / "Fixtures" / "harbours", folder)
    with open(folder / "entries.csv", "a") as entries:
        entries.writelines(f"{1000 + row},north,alby,grain,{row % 90 + version},p. 9,counted\n" for row in range(ROWS))
    return folder / "musterd.yaml"


def muster(*arguments: object) -> list[str]:
    return [str(BINARIES / "muster"), *map(str, arguments)]


def end(command: list[str]) -> subprocess.CompletedProcess:
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, stdin=subprocess.DEVNULL)


def digest(path: pathlib.Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


@dataclasses.dataclass
class Group:
    """A folder's state, what writes in it, and what may be there afterwards."""

    name: str
    # Whose calls are counted, and from which on.
    program: str
    options: list[str]
    # What writes, and what it says when it is not disturbed.
    command: list[str]
    # The folder as it was before, and where the command expects it. Rounds of one group run one after the other.
    base: pathlib.Path
    place: pathlib.Path
    lock: threading.Lock
    old: str | None
    new: str
    count: int = 0

    @property
    def file(self) -> pathlib.Path:
        return self.place / "entries.csv"

    def put_back(self) -> None:
        subprocess.run(["rm", "-rf", str(self.place)], check=True)
        # With links, times, owners and modes.
        subprocess.run(["cp", "-a", str(self.base), str(self.place)], check=True)

    def run(self, interrupter: Interrupter, report: pathlib.Path, *options: object) -> subprocess.CompletedProcess:
        return end(interrupter.command(self.program, CALLS, self.command, *self.options, "--report", report, *options))

    def after_kill(self) -> list[str]:
        now = digest(self.file)
        return [] if now in (self.old, self.new) else [f"the file is neither old nor new, of {size(self.file)} bytes"]

    def after_next(self) -> list[str]:
        raise NotImplementedError


def size(path: pathlib.Path) -> str:
    return str(path.stat().st_size) if path.exists() else "no"


class ExportGroup(Group):
    # The content of the versions that an undisturbed run keeps.
    versions: list[str] = []
    configuration: pathlib.Path | None = None

    def after_kill(self) -> list[str]:
        findings = super().after_kill()
        now, manifest = digest(self.file), manifest_of(self.file)
        # A run that is ended between the two leaves the new manifest, which knows the old file's digest.
        agrees = manifest is None if now is None else manifest and now in (manifest["sha256"], manifest.get("replaces"))
        if now is None and manifest:
            agrees = manifest["sha256"] == self.new and "replaces" not in manifest
        if not agrees:
            findings.append(f"the manifest is not the file's: {now} {manifest and manifest.get('sha256')}")
        return findings

    def after_next(self) -> list[str]:
        findings = []
        ended = end(self.command)
        if ended.returncode != 0:
            findings.append(f"the next export ends with {ended.returncode}: {ended.stderr[:300]}")
        manifest = manifest_of(self.file)
        if digest(self.file) != self.new or not manifest or manifest["sha256"] != self.new:
            findings.append("after the next export the file or its manifest is not the new one")
        names = {path.name for path in self.place.iterdir()}
        kept = sorted(name for name in names if name.endswith("~"))
        if [digest(self.place / name) for name in kept] != self.versions:
            findings.append(f"the versions that are kept are not those before: {kept}")
        for name in kept:
            manifest = manifest_of(self.place / name)
            if not manifest or manifest["sha256"] != digest(self.place / name):
                findings.append(f"the manifest of {name} is not its own")
        expected = {"entries.csv", "entries.csv.muster.json", *STAYS, *kept, *(f"{name}.muster.json" for name in kept)}
        if names != expected:
            findings.append(f"left over or missing: {sorted(names ^ expected)}")
        verified = end(muster("--standalone", self.configuration, "verify", "entries"))
        if verified.returncode != 0:
            findings.append(f"verify ends with {verified.returncode}: {verified.stdout[:300]}{verified.stderr[:300]}")
        return findings


class OutputGroup(Group):
    rights: tuple[int, int, int] | None = None

    def rights_now(self) -> tuple[int, int, int]:
        status = self.file.stat()
        return status.st_uid, status.st_gid, status.st_mode

    def after_kill(self) -> list[str]:
        findings = super().after_kill()
        if self.old and self.file.exists() and self.rights_now() != self.rights:
            findings.append(f"owner, group and mode are {self.rights_now()}, not {self.rights}")
        return findings

    def after_next(self) -> list[str]:
        findings = []
        ended = end(self.command)
        if ended.returncode != 0:
            findings.append(f"the next run ends with {ended.returncode}: {ended.stderr[:300]}")
        if digest(self.file) != self.new or self.rights_now() != self.rights:
            findings.append("after the next run the file or its rights are not the new one's")
        names = [path.name for path in self.place.iterdir()]
        if names != ["entries.csv"]:
            findings.append(f"left over: {names}")
        return findings


def manifest_of(file: pathlib.Path) -> dict | None:
    path = file.with_name(f"{file.name}.muster.json")
    if not path.exists():
        return None
    try:
        return json.loads(path.read_text())
    except ValueError:
        return {"sha256": "of no manifest, but a part of one"}


def export_groups(folder: pathlib.Path) -> list[Group]:
    """One that creates the file; one that replaces it while two versions are kept; one that forces the same content."""
    groups = []
    for name, before in [("export creates", 0), ("export replaces", 4), ("export forces", 4)]:
        own = folder / name.replace(" ", "-")
        own.mkdir()
        place, base = own / "out", own / "base"
        place.mkdir()
        digests = []
        for version in range(before + 1):
            configuration = dataset(own / f"dataset{version}", version)
            configuration.write_text(CONFIGURATION.format(directory=place))
            command = muster("--standalone", configuration, "export", "entries")
            if version == before:
                # What it is to be, from a folder of its own.
                subprocess.run(["cp", "-a", str(place), str(base)], check=True)
            subprocess.run(command, check=True)
            digests.append(digest(place / "entries.csv"))
        if "forces" in name:
            subprocess.run(["rm", "-rf", str(base)], check=True)
            subprocess.run(["cp", "-a", str(place), str(base)], check=True)
            command = command + ["--force"]
        old = digest(base / "entries.csv")
        group = ExportGroup(
            name, "musterd", ["--from", ".muster-lock"], command, base, place, threading.Lock(), old, digests[-1])
        group.versions, group.configuration = digests[-3:-1], configuration
        groups.append(group)
    return groups


def output_groups(folder: pathlib.Path, daemon: Daemon, configuration: pathlib.Path) -> list[Group]:
    """One that creates the file; one that replaces it, of another owner and mode; and both without nameless files."""
    groups = []
    for name, options in [("", []), (" by name", ["--no-tmpfile"])]:
        for verb in ("creates", "replaces"):
            own = folder / f"output-{verb}{name.replace(' ', '-')}"
            base, place = own / "base", own / "out"
            base.mkdir(parents=True)
            file = base / "entries.csv"
            if verb == "replaces":
                file.write_text("old\n" * 50_000)
                file.chmod(0o640)
                if os.geteuid() == 0:
                    os.chown(file, 12345, 54321)
            command = muster("--address", daemon.address, "run", "entries", "--output", place / "entries.csv")
            group = OutputGroup(
                f"output {verb}{name}", "muster", options, command, base, place, threading.Lock(), digest(file), "")
            group.put_back()
            subprocess.run(command, check=True)
            group.new, group.rights = digest(group.file), group.rights_now()
            groups.append(group)
    return groups


def broken_groups(groups: list[Group]) -> list[Group]:
    """The same, but what writes is cp(1), which writes into the file that is there: a part of it must be noticed."""
    for group in groups:
        source = group.base.parent / "new.csv"
        group.put_back()
        subprocess.run(group.command, check=True)
        shutil.copy(group.file, source)
        group.program, group.options = "cp", ["--from", "out/"]
        group.command = ["/bin/cp", str(source), str(group.file)]
    return groups


def kill_once(group: Group, nth: int, fault: str, interrupter: Interrupter, run: Run, counts: dict[str, int]) -> None:
    if not run.goes_on():
        return
    with group.lock:
        group.put_back()
        report = group.base.parent / "report"
        where = f"{group.name}, {fault} at call {nth}"
        try:
            ended = group.run(interrupter, report, "--nth", nth, "--fault", fault)
            calls = counted(report)
            if not calls or " FAULT " not in calls[-1]:
                # Threads do not come to their calls in the same order each time.
                counts["missed"] += 1
            else:
                counts[group.name] = counts.get(group.name, 0) + 1
                where += f" ({calls[-1]})"
            # A client of its own is told that its musterd was lost, unless that had answered already.
            if group.program == "musterd" and ended.returncode not in (0, 69):
                run.expect(False, f"{where}: the client ends with {ended.returncode}: {ended.stderr[:300]}")
            if group.program == "musterd" and ended.returncode == 0 and digest(group.file) != group.new:
                run.expect(False, f"{where}: the client ends with 0, but the file is not new")
            for finding in group.after_kill() + ([] if run.is_self_test else group.after_next()):
                run.expect(False, f"{where}: {finding}")
        except subprocess.TimeoutExpired as error:
            run.expect(False, f"{where}: {error}")


def main() -> None:
    need_programs("musterd", "muster")
    interrupter = Interrupter("kills")
    run = Run("kills")
    with tempfile.TemporaryDirectory(prefix="muster-torture-") as name:
        folder = pathlib.Path(name)
        configuration = dataset(folder / "dataset", 0)
        configuration.write_text(CONFIGURATION.format(directory=folder))
        with Daemon(configuration) as daemon:
            daemon.first_answer(call("org.muster.Reports.List"))
            groups = export_groups(folder) + output_groups(folder, daemon, configuration)
            if run.is_self_test:
                groups = broken_groups(groups)
            points = []
            for group in groups:
                group.put_back()
                report = group.base.parent / "report"
                group.run(interrupter, report)
                group.count = len(counted(report))
                points += [(group, nth + 1, fault) for nth in range(group.count) for fault in FAULTS]
            run.expect(all(group.count > 1 for group in groups), "hardly any calls were counted")
            run.random.shuffle(points)
            run.begin()
            counts = {"missed": 0}
            with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
                for result in [pool.submit(kill_once, *point, interrupter, run, counts) for point in points]:
                    result.result()
            missed = counts.pop("missed")
            run.figures.append(f"{sum(counts.values())} kills of {len(points)} possible ones")
            run.figures += [f"{counts.get(group.name, 0)} of {group.count * len(FAULTS)} while {group.name}" for group in groups]
            run.figures.append(f"{missed} not reached")
    interrupter.remove()
    run.finish()


main()
