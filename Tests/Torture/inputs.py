"""Mutants of all that musterd reads: `musterd check` refuses them with their places, or takes them, and never crashes.

Each mutant is made of a good file by cutting, doubling, swapping, and by bytes that mean something to some reader.
"""

import concurrent.futures
import pathlib
import re
import shutil
import subprocess
import tempfile

from torture import BINARIES, ROOT, Run, need_programs

WORKERS = 2
TOKENS = [
    b"", b"\0", b"\n", b"\r", b"\r\n", b'"', b'""', b",", b"\xef\xbb\xbf", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
    b"{", b"}", b"[", b"]", b":", b"- ", b"&a", b"*a", b"<<", b"!!int", b"? ", b"|\n", b"\t", b"\x1b[2J", "\u202e".encode(),
    b"-9223372036854775808", b"9223372036854775808", b"1e999", b"-0", b"0x", b"0o", b".inf", b"null", b"true", b"\\u0000",
    b"\\ud800", b"2147483648", b"-1", b"99999999999999999999999999999999999999999", b"0." + b"1" * 40, b"e\xcc\x81",
]


def mutant(data: bytes, run: Run) -> bytes:
    random = run.random
    for _ in range(random.choice([1, 1, 1, 2, 4, 16])):
        at = random.randrange(len(data) + 1)
        length = random.choice([0, 1, 1, 2, 8, 64, 1024])
        match random.randrange(6):
            case 0:
                data = data[:at] + data[at + length :]
            case 1:
                data = data[:at] + random.choice(TOKENS) + data[at + random.choice([0, 0, 1, length]) :]
            case 2:
                data = data[:at] + data[at : at + length] * random.choice([2, 3, 1000]) + data[at:]
            case 3:
                data = data[:at] + random.choice(TOKENS) * random.choice([1, 10, 20_000]) + data[at:]
            case 4 if at < len(data):
                data = data[:at] + bytes([data[at] ^ (1 << random.randrange(8))]) + data[at + 1 :]
            case 5:
                lines = data.split(b"\n")
                one, other = random.randrange(len(lines)), random.randrange(len(lines))
                lines[one], lines[other] = lines[other], random.choice([lines[one], b"", lines[other]])
                data = b"\n".join(lines)
        data = data[: 2 << 20]
    return data


def check(folder: pathlib.Path) -> tuple[int, bytes]:
    command = [str(BINARIES / "musterd"), "check", "--config", str(folder / "musterd.yaml"), "--explain"]
    if Run.is_self_test:
        command = ["/bin/sh", "-c", "kill -SEGV $$"]
    try:
        ended = subprocess.run(command, capture_output=True, timeout=60)
        return ended.returncode, ended.stdout + ended.stderr
    except subprocess.TimeoutExpired:
        return 124, b"it takes more than a minute"


def main() -> None:
    need_programs("musterd")
    run = Run("inputs")
    kept = pathlib.Path(tempfile.mkdtemp(prefix="muster-findings-"))
    count = refused = 0
    with tempfile.TemporaryDirectory(prefix="muster-torture-") as name:
        good = [ROOT / "Tests" / "Fixtures" / "harbours", pathlib.Path(name) / "everything", ROOT / "Config"]
        reference = subprocess.run([str(BINARIES / "musterd"), "reference", "dataset"], capture_output=True, text=True, check=True)
        good[1].mkdir()
        everything = reference.stdout.split("## An example with everything")[1]
        for file, text in re.findall(r"^`([^`\n]+)`:\n\n```\w*\n(.*?)^```", everything, re.MULTILINE | re.DOTALL):
            (good[1] / file).write_text(text)
        folders = [pathlib.Path(name) / f"worker{number}" for number in range(WORKERS)]
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            while run.goes_on():
                cases = []
                for folder in folders:
                    shutil.rmtree(folder, ignore_errors=True)
                    shutil.copytree(run.random.choice(good), folder)
                    files = sorted(path for path in folder.rglob("*") if path.suffix in (".csv", ".json", ".yaml"))
                    file = run.random.choice(files)
                    file.write_bytes(mutant(file.read_bytes(), run))
                    cases.append((folder, file))
                for (folder, file), (status, output) in zip(cases, pool.map(lambda case: check(case[0]), cases)):
                    count += 1
                    refused += status == 65
                    unsafe = any(byte < 0x20 and byte != 0x0A or byte == 0x7F for byte in output)
                    if status not in (0, 65) or unsafe:
                        place = kept / f"{count}"
                        shutil.copytree(folder, place)
                        what = "control characters" if unsafe else f"status {status}"
                        run.expect(False, f"{what} from {place}, of which {file.name} was changed: {output[:200]!r}")
    if run.is_self_test or not run.findings:
        shutil.rmtree(kept)
    run.figures += [f"{count} mutants", f"{refused} refused"]
    run.finish()


main()
