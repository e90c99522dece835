"""Reloads under load: files are replaced, half of them by broken ones, while clients ask for reports.

Each version of the dataset has numbers and codes of its own. No request may fail, and each answer must be that of one
version, whole.
"""

import json
import pathlib
import tempfile
import threading
import time

from torture import Connection, Run, Watched, call, need_programs

CLIENTS = 8
PLACES = 300
# After so many reloads memory and descriptors are counted, and again when there were at least so many.
WARM, LEAST = 20, 60
CONFIGURATION = """\
dataset: { package: datapackage.json, place: place, breakdown: kind, measure: n }
reports:
  places: { title: Places, pipeline: [country-summary] }
"""


def descriptor() -> str:
    places = {"fields": [{"name": "id"}, {"name": "name"}], "primaryKey": "id"}
    fields = [{"name": "place"}, {"name": "kind", "categories": ["a", "b"]}, {"name": "n", "type": "integer"}]
    keys = [{"fields": "place", "reference": {"resource": "places", "fields": "id"}}]
    return json.dumps(
        {
            "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
            "name": "versions",
            "resources": [
                {"name": "observations", "path": "observations.csv", "schema": {"fields": fields, "foreignKeys": keys}},
                {"name": "places", "path": "places.csv", "schema": places},
            ],
        }
    )


def replace(path: pathlib.Path, text: str) -> None:
    new = path.with_suffix(".new")
    new.write_text(text)
    new.rename(path)


def write(folder: pathlib.Path, version: int) -> None:
    codes = [f"p{place}v{version}" for place in range(PLACES)]
    replace(folder / "places.csv", "id,name\n" + "".join(f"{code},Place {code}\n" for code in codes))
    rows = "".join(f"{code},{kind},{version}\n" for code in codes for kind in "ab")
    if Run.is_self_test:
        # A number of another version.
        rows = rows.removesuffix(f",{version}\n") + f",{version - 1}\n"
    replace(folder / "observations.csv", "place,kind,n\n" + rows)


def broken(folder: pathlib.Path, run: Run) -> None:
    """Spoils one of the files, each in a way that a load must refuse."""
    name = run.random.choice(["observations.csv", "places.csv", "datapackage.json", "musterd.yaml"])
    path = folder / name
    text = path.read_text()
    last = text.splitlines()[-1] + "\n"
    spoilt = {
        "observations.csv": [text + "nowhere,a,1\n", text + "x\n", text.replace(",a,", ",c,", 1), ""],
        "places.csv": [text + last, text.replace("p1v", "q1v", 1), text + '"\n'],
        "datapackage.json": [text[:-1], text.replace('"place"', '"plaice"', 1), "[]"],
        "musterd.yaml": [text + "x: [", text.replace("country-summary", "contry-summary"), text + "\tx"],
    }[name]
    replace(path, run.random.choice(spoilt))


def ask(daemon: Watched, run: Run, counts: dict[str, int]) -> None:
    connection = Connection(daemon.path)
    question = call("org.muster.Reports.Run", report="places", format="csv")
    while run.goes_on():
        try:
            reply = connection.ask(question)
        except Exception as error:  # Whatever it is, a client was not answered.
            return run.expect(False, f"a request failed: {error}")
        lines = reply["content"].splitlines()[1:]
        versions = {line.split(",")[0].split("v")[1] for line in lines}
        numbers = {cell for line in lines for cell in line.split(",")[2:4]}
        counts["answers"] += 1
        run.expect(len(lines) == PLACES and len(versions) == 1 and numbers == versions, f"mixed: {reply['content'][:200]}")


def main() -> None:
    need_programs("musterd")
    run = Run("reloads")
    with tempfile.TemporaryDirectory(prefix="muster-torture-") as name:
        folder = pathlib.Path(name)
        (folder / "datapackage.json").write_text(descriptor())
        (folder / "musterd.yaml").write_text(CONFIGURATION)
        write(folder, 1)
        with Watched(folder / "musterd.yaml") as daemon:
            daemon.first_answer(call("org.muster.Reports.List"))
            counts = {"answers": 0, "reloads": 0, "refused": 0}
            clients = [threading.Thread(target=ask, args=(daemon, run, counts)) for _ in range(CLIENTS)]
            manager = Connection(daemon.path)
            version, early = 1, daemon.counts()
            run.begin(least=LEAST, counts=True)
            for client in clients:
                client.start()
            while run.goes_on():
                version += 1
                write(folder, version)
                if run.random.random() < 0.5:
                    broken(folder, run)
                # Files are replaced while they are read, too.
                writer = None
                if run.random.random() < 0.3:
                    writer = threading.Thread(target=write, args=(folder, version))
                    writer.start()
                reply = json.loads(manager.exchange(call("org.muster.Manage.Reload"))[:-1])
                counts["refused" if "error" in reply else "reloads"] += 1
                run.count += 1
                run.expect(reply.get("error", "org.muster.Manage.ReloadFailed") == "org.muster.Manage.ReloadFailed", str(reply)[:300])
                if writer:
                    writer.join()
                (folder / "datapackage.json").write_text(descriptor())
                (folder / "musterd.yaml").write_text(CONFIGURATION)
                if run.count == WARM:
                    early = daemon.counts()
            for client in clients:
                client.join()
            time.sleep(0.2)
            late = daemon.counts()
            run.expect_count("reloads")
            growth = late["memory"] - early["memory"]
            run.expect(growth < 24 << 20, f"memory grew by {growth >> 10} KiB since reload {WARM}")
            # The clients had their connections still; one more may be open for a moment.
            run.expect(late["descriptors"] <= early["descriptors"] - CLIENTS + 1, f"descriptors: {early} {late}")
            run.figures += [
                f"{counts['answers']} answers", f"{run.count} reloads, of which {counts['refused']} were refused",
                f"{early['memory'] >> 20}, then {late['memory'] >> 20} MiB",
                f"{early['descriptors']}, then {late['descriptors']} descriptors",
            ]
    run.finish("mixed")


main()
