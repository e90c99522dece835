"""A data package of any size, the same for the same parameters on every machine."""

import array
import hashlib
import itertools
import json
import multiprocessing
import pathlib
import random
import sys
from concurrent.futures import ProcessPoolExecutor

SOURCES = [f"s{number:02}" for number in range(1, 21)]
COUNTRIES = [f"c{number:03}" for number in range(1, 201)]
CATEGORIES = ["k1", "k2", "k3"]
DISPOSITIONS = ["released", "held", "moved"]
BLOCS = [f"bloc_{number}" for number in range(1, 7)]
ROLES = ["counted", "of_which", "contested"]
DASH = "-"

# One group without any observation, and one in which all numbers are missing: their sums are missing, not 0.
EMPTY_GROUP = ("c199", "held")
DASHED_GROUP = ("c200", "moved")
# The last countries belong to no bloc.
UNCLASSIFIED = 3

SEED = 1955
CHUNK = 200_000
HEADER = "id,source,country,category,disposition,persons,role,locus\n"
PARAMETERS = (
    f"seed {SEED}, {len(SOURCES)} sources, {len(COUNTRIES)} countries, {len(CATEGORIES)} categories, "
    f"{len(DISPOSITIONS)} dispositions, persons 0 to 999, 2 % of them a dash, 1.5 % of_which, 0.5 % contested"
)


def blocs() -> dict[str, str]:
    """The bloc of each country that has one."""
    return {country: BLOCS[index % len(BLOCS)] for index, country in enumerate(COUNTRIES[:-UNCLASSIFIED])}


def chunk(bounds: tuple[int, int]) -> bytes:
    """The rows with the ids from the first to before the second bound."""
    first, end = bounds
    count = end - first
    codes, numbers = (array.array("H") for _ in range(2))
    source = random.Random(SEED * 1_000_003 + first)
    for column in (codes, numbers):
        column.frombytes(source.randbytes(2 * count))
        if sys.byteorder == "big":
            column.byteswap()
    rows = map("".join, zip(map(str, range(first, end)), map(CODES.__getitem__, codes), map(TAILS.__getitem__, numbers)))
    return "".join(rows).encode()


def code_texts() -> list[str]:
    groups = itertools.product(SOURCES, COUNTRIES, CATEGORIES, DISPOSITIONS)
    texts = [
        f",{source},{country},{category},{disposition},"
        for source, country, category, disposition in groups
        if (country, disposition) not in (EMPTY_GROUP, DASHED_GROUP)
    ]
    random.Random(SEED).shuffle(texts)
    return [texts[index % len(texts)] for index in range(1 << 16)]


def tail_texts() -> list[str]:
    choices = random.Random(SEED + 1)
    texts = []
    for _ in range(1 << 16):
        persons = DASH if choices.random() < 0.02 else str(choices.randrange(1000))
        role = choices.choices(ROLES, [98, 1.5, 0.5])[0]
        texts.append(f"{persons},{role},p. {choices.randrange(1, 1000)}\n")
    return texts


CODES = code_texts()
TAILS = tail_texts()


def dashed_rows() -> list[str]:
    country, disposition = DASHED_GROUP
    groups = itertools.product(SOURCES, CATEGORIES)
    return [
        f"{number},{source},{country},{category},{disposition},{DASH},counted,p. 1\n"
        for number, (source, category) in enumerate(groups, 1)
    ]


def write_observations(path: pathlib.Path, rows: int) -> None:
    dashed = dashed_rows()[:rows]
    starts = range(len(dashed) + 1, rows + 1, CHUNK)
    chunks = [(start, min(start + CHUNK, rows + 1)) for start in starts]
    # Forked, so that the tables of texts are shared.
    fork = multiprocessing.get_context("fork")
    with open(path, "wb") as file, ProcessPoolExecutor(mp_context=fork) as pool:
        file.write((HEADER + "".join(dashed)).encode())
        for part in pool.map(chunk, chunks):
            file.write(part)


def code_list(name: str, ids: list[str]) -> tuple[dict, str]:
    text = "id,name\n" + "".join(f"{id},{id.replace('_', ' ').upper()}\n" for id in ids)
    return resource(name, [field("id"), field("name")], ["id"]), text


def field(name: str, type: str = "string", **constraints) -> dict:
    return {"name": name, "type": type, "title": name.capitalize(), "constraints": {"required": True, **constraints}}


def resource(name: str, fields: list[dict], key: list[str], references: dict[str, str] | None = None, **more) -> dict:
    foreign = [
        {"fields": [column], "reference": {"resource": target, "fields": ["id"]}}
        for column, target in (references or {}).items()
    ]
    schema = {"fields": fields, "primaryKey": key, **more}
    if foreign:
        schema["foreignKeys"] = foreign
    return {"name": name, "type": "table", "path": f"{name}.csv", "format": "csv", "encoding": "utf-8", "schema": schema}


def small_tables() -> list[tuple[dict, str]]:
    members = "scheme,country,bloc\n" + "".join(f"blocs,{country},{bloc}\n" for country, bloc in blocs().items())
    scheme = field("scheme")
    return [
        code_list("sources", SOURCES),
        code_list("countries", COUNTRIES),
        code_list("categories", CATEGORIES),
        code_list("dispositions", DISPOSITIONS),
        (resource("schemes", [field("id"), field("title")], ["id"]), "id,title\nblocs,Six blocs\n"),
        (
            resource("blocs", [scheme, field("id"), field("name")], ["scheme", "id"], {"scheme": "schemes"}),
            "scheme,id,name\n" + "".join(f"blocs,{bloc},{bloc.capitalize()}\n" for bloc in BLOCS),
        ),
        (
            resource(
                "bloc_members",
                [scheme, field("country"), field("bloc")],
                ["scheme", "country"],
                {"scheme": "schemes", "country": "countries"},
            ),
            members,
        ),
    ]


def observations_resource() -> dict:
    persons = {"name": "persons", "type": "integer", "title": "Persons", "constraints": {"minimum": 0}}
    dimensions = ["source", "country", "category", "disposition"]
    return resource(
        "observations",
        [field("id", "integer"), *map(field, dimensions), persons, field("role", enum=ROLES), field("locus")],
        ["id"],
        dict(zip(dimensions, ["sources", "countries", "categories", "dispositions"])),
        missingValues=[{"value": DASH, "label": "none printed"}, {"value": "", "label": "not given"}],
    )


CONFIGURATION = """\
dataset: { package: datapackage.json, place: country, breakdown: disposition, measure: persons, repeated: add }
reports:
  country-summary: { title: Persons by country, pipeline: [country-summary: { scheme: blocs }] }
  bloc-aggregate: { title: Persons by bloc, pipeline: [bloc-aggregate: { scheme: blocs }] }
limits: { cache_size: 0 }
"""


def package(folder: pathlib.Path, rows: int) -> pathlib.Path:
    """Makes the package with its configuration unless it is there, and returns the path of the configuration."""
    configuration = folder / "musterd.yaml"
    digest = hashlib.sha256(pathlib.Path(__file__).read_bytes()).hexdigest()
    stamp = folder / "generated-by"
    if stamp.exists() and stamp.read_text() == f"{digest} {rows}":
        return configuration
    folder.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    tables = small_tables()
    for description, text in tables:
        (folder / description["path"]).write_text(text)
    write_observations(folder / "observations.csv", rows)
    resources = [description for description, _ in tables] + [observations_resource()]
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"generated-{rows}",
        "title": f"{rows} generated observations",
        "resources": resources,
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor, indent=2) + "\n")
    configuration.write_text(CONFIGURATION)
    stamp.write_text(f"{digest} {rows}")
    return configuration


if __name__ == "__main__":
    print(package(pathlib.Path(sys.argv[1]), int(sys.argv[2])))
