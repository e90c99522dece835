"""Which files of two folders differ, and how."""

import difflib
import io
import pathlib
import zipfile


def files(folder: pathlib.Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def lines(data: bytes) -> list[str]:
    """Lines that a person can compare: members of JSON stand on lines of their own, and zip files are unpacked."""
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [line for name in archive.namelist() for line in [f"[{name}]", *lines(archive.read(name))]]
    if b"\0" in data:
        return [f"{len(data)} bytes that are no text"]
    text = data.decode(errors="backslashreplace")
    if '":' in text:
        text = text.replace(',"', ',\n"').replace("},{", "},\n{")
    return text.replace("><", ">\n<").split("\n")


def difference(old: bytes, new: bytes, most: int) -> list[str]:
    # Without the lines that both begin and end with, so that a long file takes no longer than its difference.
    before, after = lines(old), lines(new)
    start = next(
        (place for place, (one, other) in enumerate(zip(before, after)) if one != other), min(len(before), len(after))
    )
    start = max(0, start - 3)
    shown = list(difflib.unified_diff(before[start : start + 2000], after[start : start + 2000], lineterm="", n=2))[2:]
    shown = shown or ["(the same to read; other bytes)"]
    rest = [f"… and {len(shown) - most} lines more"] if len(shown) > most else []
    return [line[:200] for line in shown[:most]] + rest


def compare(old: pathlib.Path, new: pathlib.Path, most: int) -> int:
    before, after = files(old), files(new)
    if not before or not after:
        raise SystemExit(f"there are no answers in {new if before else old}")
    gone, come = sorted(before.keys() - after.keys()), sorted(after.keys() - before.keys())
    changed = sorted(name for name in before.keys() & after.keys() if before[name] != after[name])
    for name in gone:
        print(f"gone     {name}")
    for name in come:
        print(f"new      {name}")
    for name in changed:
        print(f"changed  {name}")
        for line in difference(before[name], after[name], most):
            print(f"    {line}")
    same = len(before) - len(gone) - len(changed)
    print(f"{same} answers are the same, {len(changed)} differ, {len(gone)} are gone, {len(come)} are new")
    return 1 if gone or come or changed else 0
