#!/usr/bin/env python3
"""Holds the modules, dependencies and files that Sources/README.md names against the package's manifest and the tree.

    swift package dump-package | Tests/architecture.py Sources/README.md

Exit status 0 when both say the same, 1 with a line for each difference, 2 when the page has no table of modules.
"""
import json
import os
import re
import sys


def drawn(page):
    """The rows of the table of modules: name -> what it depends on, and the line where that stands."""
    rows = {}
    with open(page, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            match = re.fullmatch(r"`([\w-]+)`", cells[0])
            if not line.startswith("|") or len(cells) != 4 or not match:
                continue
            rows[match[1]] = (set(re.findall(r"`([\w-]+)`", cells[3])), number)
    return rows


def declared(manifest):
    """Of the manifest: every target that is no test, with the modules of this package that it depends on."""
    targets = {t["name"]: t for t in manifest["targets"] if t["type"] != "test" and not t["path_of_tests"]}
    return {
        name: {d["byName"][0] for d in target["dependencies"] if "byName" in d} & set(targets)
        for name, target in targets.items()
    }


def lost_files(page):
    """The files that the page names and that are not there: below the page's folder, or beside it under Plugins."""
    folder = os.path.dirname(page)
    with open(page, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            for name in re.findall(r"`([\w+/-]+\.swift)`", line):
                if not os.path.exists(os.path.join(folder, name)):
                    yield f"{page}:{number}: there is no file {name}"


def main():
    page = sys.argv[1]
    manifest = json.load(sys.stdin)
    for target in manifest["targets"]:
        target["path_of_tests"] = (target.get("path") or "").startswith("Tests/")
    rows, targets = drawn(page), declared(manifest)
    if not rows:
        print(f"{page}: there is no table of modules", file=sys.stderr)
        return 2
    problems = [f"{page}: the module {name} is missing" for name in sorted(targets.keys() - rows.keys())]
    problems += lost_files(page)
    for name, (dependencies, line) in rows.items():
        if name not in targets:
            problems.append(f"{page}:{line}: the package has no module {name}")
            continue
        for more in sorted(dependencies - targets[name]):
            problems.append(f"{page}:{line}: {name} does not depend on {more}")
        for less in sorted(targets[name] - dependencies):
            problems.append(f"{page}:{line}: {name} depends on {less}, which is not drawn")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
