"""What an external plugin costs beyond running it by hand, and how soon one that does not end is gone."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import time

import figures
from daemon import Connection, Daemon, need_programs, run
from figures import judge, median, milliseconds

CONFIG = pathlib.Path("Config").absolute()
EXAMPLES = pathlib.Path("Plugins/Examples").absolute()

# As a plugin has it, so that both find the same interpreter.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}

OVERHEAD_LIMIT = 0.005
LATENESS_LIMIT = 0.100
TIME_LIMIT = 0.300

OVERHEAD_ROUNDS = 200
LATENESS_ROUNDS = 20

CONFIGURATION = """\
dataset:
  package: {package}
  place: country
  breakdown: disposition
  measure: persons
plugins: {folder}/*.yaml
limits: {{ cache_size: 0 }}
reports:
  plain: {{ pipeline: [country-summary] }}
  tail: {{ pipeline: [country-summary, tail] }}
  python: {{ pipeline: [released-share] }}
{others}
"""

# By name: what a shell does instead of ending.
ENDLESS = {
    "hangs": "exec sleep 1000",
    "stops": "kill -STOP $$",
    "loops": "while :; do :; done",
    "ignores": "trap '' TERM HUP INT; while :; do sleep 1; done",
    # The shell ends when it may not fork any more; who waits for it does not.
    "forks": "(while :; do sleep 1000 & done) 2> /dev/null; exec sleep 1000",
}


def transform(folder: pathlib.Path, name: str, command: list[str], limits: str = "{}") -> None:
    text = f"name: {name}\nkind: transform\nsummary: Measured\ncommand: {json.dumps(command)}\n"
    (folder / f"{name}.yaml").write_text(text + f"columns: same\nlimits: {limits}\n")


def configuration(folder: pathlib.Path) -> pathlib.Path:
    plugins = folder / "plugins.d"
    plugins.mkdir()
    transform(plugins, "tail", ["tail", "-n", "+2"])
    manifest = (EXAMPLES / "plugins.d/released-share.yaml").read_text()
    (plugins / "released-share.yaml").write_text(manifest.replace("../released_share.py", f"{EXAMPLES}/released_share.py"))
    for name, script in ENDLESS.items():
        transform(plugins, name, ["sh", "-c", script], f"{{ time: {TIME_LIMIT * 1e3:.0f}ms }}")
    others = "\n".join(f"  {name}: {{ pipeline: [country-summary, {name}] }}" for name in ENDLESS)
    path = folder / "musterd.yaml"
    package = CONFIG / "datasets/repatriation-1955/datapackage.json"
    path.write_text(CONFIGURATION.format(package=package, folder=plugins, others=others))
    return path


def by_hand(command: list[str], given: bytes) -> float:
    """Seconds from the start of the program to its end. Python starts it by vfork, which costs it least."""
    started = time.perf_counter()
    subprocess.run(
        command, input=given, stdout=subprocess.DEVNULL, check=True, close_fds=False, env=ENVIRONMENT
    )
    return time.perf_counter() - started


def through(connection: Connection, message: bytes) -> float:
    started = time.perf_counter()
    connection.ask(message)
    return time.perf_counter() - started


def given_rows(connection: Connection) -> bytes:
    """What the transform reads: a request, and the rows of the report before it."""
    reply = connection.ask(run("plain"))
    header = {"plugin": "tail", "parameters": {}, "columns": reply["columns"]}
    lines = [header, *({**row, "@rows": [index]} for index, row in enumerate(reply["rows"]))]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def measure_overhead(daemon: Daemon) -> list[list[str]]:
    connection = daemon.connect()
    programs = {
        "tail": (["/usr/bin/tail", "-n", "+2"], given_rows(connection)),
        "python": (
            [str(EXAMPLES / "released_share.py")],
            (EXAMPLES / "released_share.ndjson").read_bytes(),
        ),
    }
    rows = []
    for name, (command, given) in programs.items():
        hand, host, plain = [], [], []
        # One after the other, so that a slow moment meets all of them.
        for _ in range(OVERHEAD_ROUNDS):
            hand.append(by_hand(command, given))
            host.append(through(connection, run(name)))
            plain.append(through(connection, run("plain")))
        # What the report costs without the plugin is not the plugin's.
        own = median(host) - median(plain)
        overhead = own - median(hand)
        figures_shown = [milliseconds(median(hand)), milliseconds(own), milliseconds(overhead)]
        rows.append([pathlib.Path(command[0]).name, *figures_shown, *judge(overhead, OVERHEAD_LIMIT, milliseconds)])
    return rows


def measure_lateness(daemon: Daemon) -> list[list[str]]:
    connection = daemon.connect()
    rows = []
    for name in ENDLESS:
        seconds = []
        for _ in range(LATENESS_ROUNDS):
            started = time.perf_counter()
            try:
                connection.ask(run(name))
                raise AssertionError(f"{name} went well")
            except RuntimeError as error:
                if "did not end within its time limit" not in str(error):
                    raise
            seconds.append(time.perf_counter() - started - TIME_LIMIT)
        middle = median(seconds)
        rows.append(
            [name, milliseconds(middle), milliseconds(max(seconds)), *judge(middle, LATENESS_LIMIT, milliseconds)]
        )
    return rows


def main() -> None:
    need_programs("musterd")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-bench-"))
    try:
        with Daemon(configuration(folder)) as daemon:
            print(f"External plugins beside the same programs by hand (medians of {OVERHEAD_ROUNDS} runs, in turn)")
            figures.print_table(["program", "by hand", "as a plugin", "overhead", "limit", ""], measure_overhead(daemon))
            print()
            print(f"How long after its time limit of {milliseconds(TIME_LIMIT)} a plugin's request ends")
            figures.print_table(["a plugin that", "median", "slowest", "limit", ""], measure_lateness(daemon))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
