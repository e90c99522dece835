#!/usr/bin/env python3
"""Writes down all that musterd and muster answer, and compares two such collections byte by byte. See README.md.

corpus.py write PROGRAMS OUT     the answers of the programs in the folder PROGRAMS, into the new folder OUT
corpus.py compare OLD NEW        what differs; the exit status is 1 when anything does
"""

import argparse
import importlib.util
import pathlib
import shutil
import sys
import time

from compare import compare
from place import SOURCE, Place
from reports import keep_reports
from service import as_yaml, exports_section, keep_exports, keep_lists, keep_pages, keep_refusals, keep_state

HERE = pathlib.Path(__file__).resolve().parent
FORMATS = {
    "csv": "csv",
    "json": "json",
    "ndjson": "ndjson",
    "table": "txt",
    "markdown": "md",
    "html": "html",
    "svg": "svg",
    "datapackage": "zip",
    "xlsx": "xlsx",
    "sqlite": "db",
}


def with_exports(place: Place, configuration: pathlib.Path, reports: list[str]) -> pathlib.Path:
    """Appends exports to a configuration; returns their folder."""
    exports = place.folder / "exports"
    exports.mkdir()
    text = f"\nexports:\n  directory: {exports}\n" + as_yaml(exports_section(reports, FORMATS))
    configuration.write_text(configuration.read_text(encoding="utf-8") + text, encoding="utf-8")
    return exports


def write_shipped(place: Place) -> int:
    """The shipped configuration, with the plugins of Plugins/Examples that are no compiled programs."""
    shutil.copytree(SOURCE / "Config", place.folder / "Config")
    shutil.copytree(SOURCE / "Plugins/Examples", place.folder / "Examples")
    configuration = place.folder / "Config/musterd.yaml"
    names = "at-least", "released-share", "sqlite"
    configuration.write_text(
        configuration.read_text(encoding="utf-8")
        + "\nplugins: [%s]\n" % ", ".join(f"../Examples/plugins.d/{name}.yaml" for name in names)
        + "reports:\n  released-share:\n    pipeline: [released-share, at-least: { persons: 100 }]\n",
        encoding="utf-8",
    )
    observations = place.folder / "Config/datasets/repatriation-1955/observations.csv"
    reports = [
        "country-summary",
        "bloc-aggregate",
        "breakdown",
        "source-tables",
        "reconciliation",
        "largest-groups",
        "released-share",
    ]
    exports = with_exports(place, configuration, reports)
    place.command("check.txt", "musterd", "check", "--config", str(configuration))
    with place.serve(configuration):
        return ask_all(place, "country-summary", "country", "finland", exports, observations, (",24,", ",25,"))


def write_harbours(place: Place) -> int:
    """Every plugin, over data of other names and without stated totals."""
    shutil.copytree(SOURCE / "Tests/Fixtures/harbours", place.folder, dirs_exist_ok=True)
    shutil.copytree(SOURCE / "Plugins/Examples", place.folder / "Examples")
    shutil.copytree(HERE / "plugins", place.folder / "plugins")
    configuration = place.folder / "musterd.yaml"
    shutil.copy(HERE / "harbours.yaml", configuration)
    reports = ["country-summary", "all-transforms", "observations", "pivoted", "external-both", "external-that-fails"]
    exports = with_exports(place, configuration, reports)
    for name in "broken", "broken-pipelines":
        shutil.copy(HERE / f"{name}.yaml", place.folder)
        place.command(f"check.{name}.txt", "musterd", "check", "--config", f"{name}.yaml")
    place.command("check.txt", "musterd", "check", "--config", str(configuration))
    place.command("check.nowhere.txt", "musterd", "check", "--config", "nowhere.yaml")
    with place.serve(configuration):
        return ask_all(
            place, "country-summary", "harbour", "alby", exports, place.folder / "entries.csv", ("grain,12", "grain,13")
        )


def ask_all(place: Place, report: str, dimension: str, code: str, exports, data, change) -> int:
    keep_lists(place)
    count = keep_reports(place)
    keep_refusals(place, report, dimension, code)
    keep_exports(place, exports, data, change)
    keep_state(place)
    return count


def write_checks(place: Place) -> int:
    """What check says of each broken package of Tests/BrokenPackages, and what needs no data at all."""
    keep_pages(place)
    specification = importlib.util.spec_from_file_location("make", SOURCE / "Tests/BrokenPackages/make.py")
    make = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(make)
    make.make(SOURCE / "Config/datasets/repatriation-1955", place.folder / "packages")
    dataset = (
        "dataset: { package: packages/%s/datapackage.json, place: country, breakdown: disposition, measure: persons }\n"
    )
    for package in sorted((place.folder / "packages").iterdir()):
        configuration = place.folder / f"{package.name}.yaml"
        configuration.write_text(dataset % package.name + "reports: { a: { pipeline: [country-summary] } }\n")
        place.command(f"check/{package.name}.txt", "musterd", "check", "--config", configuration.name)
    return 0


def write(programs: pathlib.Path, out: pathlib.Path) -> None:
    if out.exists():
        sys.exit(f"{out} is there already")
    for name, part in ("checks", write_checks), ("harbours", write_harbours), ("shipped", write_shipped):
        began = time.monotonic()
        place = Place(programs, out / name)
        try:
            cells = part(place)
        finally:
            place.close()
        files = sum(1 for file in (out / name).rglob("*") if file.is_file())
        print(f"{name}: {files} answers, {cells} cells explained, {time.monotonic() - began:.0f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="All that musterd and muster answer, written down and compared.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    writing = verbs.add_parser("write", help="write down the answers of some programs")
    writing.add_argument("programs", type=pathlib.Path, help="the folder with musterd, muster and muster-launcher")
    writing.add_argument("out", type=pathlib.Path, help="a folder that is not there yet")
    comparing = verbs.add_parser("compare", help="compare two collections")
    comparing.add_argument("old", type=pathlib.Path)
    comparing.add_argument("new", type=pathlib.Path)
    comparing.add_argument("--lines", type=int, default=20, help="how many lines are shown of each difference (20)")
    arguments = parser.parse_args()
    if arguments.verb == "write":
        write(arguments.programs, arguments.out)
    else:
        sys.exit(compare(arguments.old, arguments.new, arguments.lines))


if __name__ == "__main__":
    main()
