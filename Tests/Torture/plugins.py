"""External plugins that fail in every way, many at once: each costs its own request an error, and nothing is left."""

import concurrent.futures
import json
import os
import pathlib
import tempfile
import time

from torture import Connection, Neighbour, Run, Watched, call, need_programs

AT_ONCE = 50
SCRIPTS = {
    "exits": "exit 3",
    "says-nothing": "exit 0",
    "reads-one-line": "head -n 1 >/dev/null",
    "reads-nothing": "sleep 0.01",
    "closes-output": "exec 1>&-; cat >/dev/null",
    "closes-input": "exec 0<&-; sleep 0.01; echo x",
    "garbage": "head -c 5000 /dev/urandom",
    "no-json": "cat >/dev/null; echo '{'",
    "never-ends-a-line": "cat >/dev/null; tr '\\\\0' x </dev/zero",
    "complains": "yes >&2",
    "crashes": "kill -SEGV $$",
    "kills-its-group": "kill -9 0",
    "forks": "sleep 100 & sleep 100 & exit 1",
    "daemon": "setsid sleep 100 </dev/null >/dev/null 2>&1 & exit 1",
    "hangs": "sleep 100",
    "ignores-signals": "trap '' TERM INT HUP; sleep 100",
    "fills-its-folder": "while :; do mkdir d && cd d || exit; echo x >f; done",
    "stops-itself": "kill -STOP $$",
    "missing": "exec /nowhere/at/all",
}
MANIFEST = """\
name: {name}
kind: transform
summary: Fails
command: [./{name}.sh]
columns: same
limits: {{ time: 300ms, processes: 32 }}
"""
CONFIGURATION = """\
dataset: {{ package: {harbours}/datapackage.json, observations: entries, source: register, place: harbour, breakdown: cargo, measure: ships, repeated: add, role: kind, locus: page, label: label, schemes: groupings, blocs: groups, bloc_members: group-members }}
reports:
  quiet: {{ pipeline: [country-summary] }}
{reports}
plugins: plugins.d/*.yaml
limits: {{ plugins: 8, cache_size: 0 }}
"""
QUIET = call("org.muster.Reports.Run", report="quiet", format="csv")


def prepare(folder: pathlib.Path) -> None:
    plugins = folder / "plugins.d"
    plugins.mkdir()
    for name, script in SCRIPTS.items():
        program = plugins / f"{name}.sh"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        (plugins / f"{name}.yaml").write_text(MANIFEST.format(name=name))
    harbours = pathlib.Path(__file__).resolve().parent.parent / "Fixtures" / "harbours"
    reports = "\n".join(f"  run-{name}: {{ pipeline: [country-summary, {name}] }}" for name in SCRIPTS)
    (folder / "musterd.yaml").write_text(CONFIGURATION.format(harbours=harbours, reports=reports))


def fail(daemon: Watched, run: Run, name: str) -> bool:
    """Whether the plugin failed; a finding if the daemon did."""
    try:
        connection = Connection(daemon.path)
        reply = json.loads(connection.exchange(call("org.muster.Reports.Run", report=f"run-{name}", format="csv"))[:-1])
        connection.close()
    except (OSError, ConnectionError) as error:
        run.expect(False, f"{name}: {error}")
        return False
    known = ("org.muster.Reports.ReportFailed", "org.muster.Reports.LimitReached")
    run.expect(reply.get("error", known[0]) in known, f"{name}: {str(reply)[:300]}")
    return "error" in reply


def main() -> None:
    need_programs("musterd", "muster-launcher")
    run = Run("plugins")
    with tempfile.TemporaryDirectory(prefix="muster-torture-") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        prepare(folder)
        temporary = folder / "temporary"
        temporary.mkdir(mode=0o777)
        temporary.chmod(0o777)
        os.environ["TMPDIR"] = str(temporary)
        with Watched(folder / "musterd.yaml") as daemon:
            daemon.first_answer(call("org.muster.Reports.List"))
            before = daemon.counts()
            neighbour = Neighbour(daemon, QUIET, 0.005)
            time.sleep(2)
            alone = neighbour.end()
            run.begin()
            neighbour = Neighbour(daemon, QUIET, 0.005)
            count = failed = 0
            middle = None
            with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
                while run.goes_on():
                    names = [run.random.choice(list(SCRIPTS)) for _ in range(AT_ONCE)]
                    failed += sum(pool.map(lambda name: fail(daemon, run, name), names))
                    count += AT_ONCE
                    if middle is None and time.monotonic() > run.end - run.seconds / 2:
                        middle = daemon.counts()
            beside = neighbour.end()
            for seen in (alone, beside):
                run.expect(seen["error"] is None, f"a neighbour was not answered: {seen['error']}")
            deadline = time.monotonic() + (2 if run.is_self_test else 20)
            if run.is_self_test:
                (temporary / "left").mkdir()
            while time.monotonic() < deadline:
                after = daemon.counts()
                if after["children"] == 0 and not list(temporary.iterdir()):
                    break
                time.sleep(0.05)
            run.expect(after["children"] == 0, f"{after['children']} processes are left, zombies among them")
            left = [path.name for path in temporary.iterdir()]
            run.expect(not left, f"folders are left: {left[:5]}")
            run.expect(after["descriptors"] <= before["descriptors"] + 2, f"descriptors: {before} {after}")
            growth = after["memory"] - (middle or after)["memory"]
            run.expect(growth < 64 << 20, f"memory grew by {growth >> 10} KiB in the second half")
            run.figures.append(
                f"another's 99th percentile {beside['answered']:.1f} ms, alone {alone['answered']:.1f} ms; "
                f"the machine's own {beside['late']:.1f} and {alone['late']:.1f} ms"
            )
            run.figures += [f"{count} runs", f"{failed} failed", f"{after['memory'] >> 20} MiB"]
    run.finish()


main()
