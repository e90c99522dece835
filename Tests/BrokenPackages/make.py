#!/usr/bin/env python3
"""make.py PACKAGE OUT: copy PACKAGE to OUT/NAME for each variant of variants.json, and edit the copy as it says.

An edit names its file, and the text to find and what replaces it (once, or all), how many lines to keep, what to append,
or that the file is deleted.
"""

import json
import pathlib
import shutil
import sys


def apply(edit: dict, folder: pathlib.Path) -> None:
    file = folder / edit["file"]
    if edit.get("delete"):
        file.unlink()
        return
    data = file.read_bytes()
    if "find" in edit:
        find = edit["find"].encode()
        found = data.count(find)
        if found != 1 and not (found and edit.get("all")):
            sys.exit(f"{folder.name}: {edit['find']!r} occurs {found} times in {edit['file']}, not once")
        replacement = bytes.fromhex(edit["replaceHex"]) if "replaceHex" in edit else edit["replace"].encode()
        data = data.replace(find, replacement)
    if "keepLines" in edit:
        data = b"".join(data.splitlines(keepends=True)[: edit["keepLines"]])
    file.write_bytes(data + edit.get("append", "").encode())


def make(package: pathlib.Path, out: pathlib.Path) -> None:
    variants = json.loads((pathlib.Path(__file__).parent / "variants.json").read_text(encoding="utf-8"))
    for variant in variants:
        folder = out / variant["name"]
        shutil.copytree(package, folder)
        for edit in variant["edits"]:
            apply(edit, folder)


if __name__ == "__main__":
    make(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
