"""Every report in every format and with every choice, every cell explained."""

import itertools

from place import Connection, Place

REPORTS = "org.muster.Reports"
# Cells of reports that have more than this are explained for the defaults alone.
MANY_CELLS = 400


def settings(parameters: list[dict]) -> list[dict[str, str]]:
    """None set; each choice of each parameter; each choice of one with both kinds of totals, where there are totals."""
    chosen = [{}]
    for parameter in parameters:
        choices = parameter.get("choices")
        if parameter["kind"] == "boolean":
            choices = ["true", "false"]
        elif parameter["kind"] == "integer":
            choices = ["1", "7"]
        for choice in choices or ["x"]:
            chosen.append({parameter["name"]: choice})
            if parameter["name"] != "totals" and any(other["name"] == "totals" for other in parameters):
                chosen.append({parameter["name"]: choice, "totals": "both"})
    pairs = [parameter for parameter in parameters if parameter["name"] in ("rows", "columns", "from", "to")]
    if len(pairs) == 2:
        for first, second in itertools.product(*(pair["choices"] for pair in pairs)):
            chosen.append({pairs[0]["name"]: first, pairs[1]["name"]: second})
    return chosen


def filters(dimensions: list[dict]) -> list[list[dict]]:
    """Each code of each dimension, two codes of each, and one of all dimensions at once."""
    chosen = []
    for dimension in dimensions:
        ids = [code["id"] for code in dimension["codes"]]
        chosen += [[{"dimension": dimension["name"], "codes": [code]}] for code in ids]
        chosen.append([{"dimension": dimension["name"], "codes": ids[-2:]}])
    chosen.append([{"dimension": each["name"], "codes": [each["codes"][0]["id"]]} for each in dimensions])
    return chosen


def words(setting: dict[str, str]) -> str:
    return ",".join(f"{name}={value}" for name, value in setting.items()) or "defaults"


def words_of_where(where: list[dict]) -> str:
    return ",".join(f"{each['dimension']}={'+'.join(each['codes'])}" for each in where)


def sets(option: str, setting: dict[str, str]) -> list[str]:
    return [argument for name, value in setting.items() for argument in (option, f"{name}={value}")]


def keep_formats(place: Place, report: str, described: dict) -> None:
    """Every format with each choice of its parameters, as the client writes it."""
    for format in described["formats"]:
        suffix = format["fileExtensions"][0]
        for setting in settings(format["parameters"]):
            if setting.get("series") == "x":
                setting = {"series": described["columns"][-1]["name"]}
            place.muster(
                f"run/{report}/{format['name']}.{words(setting)}.{suffix}",
                "run",
                report,
                "--format",
                format["name"],
                *sets("--format-set", setting),
            )


def keep_settings(place: Place, report: str, described: dict, dimensions: list[dict]) -> None:
    """Each choice of the report's parameters, and a few filters, in formats that tell the most."""
    full = ["--format", "csv", "--format-set", "notes=true", "--format-set", "totals=true"]
    for setting in settings(described["parameters"])[1:]:
        place.muster(f"run/{report}/set.{words(setting)}.csv", "run", report, *full, *sets("--set", setting))
        place.muster(
            f"run/{report}/set.{words(setting)}.txt", "run", report, "--format", "table", *sets("--set", setting)
        )
    for where in filters([dimension | {"codes": dimension["codes"][:2]} for dimension in dimensions]):
        given = [
            argument for each in where for argument in ("--where", f"{each['dimension']}={','.join(each['codes'])}")
        ]
        place.muster(f"run/{report}/where.{words_of_where(where)}.csv", "run", report, *full, *given)


def keep_replies(place: Place, connection: Connection, report: str, described: dict, dimensions: list[dict]) -> None:
    """What Run replies, with and without more, byte by byte."""

    def lines(asked: dict, more: bool) -> bytes:
        return b"\n".join(connection.call(f"{REPORTS}.Run", {"report": report} | asked, more)) + b"\n"

    for setting in settings(described["parameters"]):
        asked = {"parameters": setting} if setting else {}
        place.keep(f"replies/{report}/{words(setting)}.json", lines(asked, False))
        place.keep(f"replies/{report}/{words(setting)}.more.json", lines(asked, True))
    for where in filters(dimensions):
        place.keep(f"replies/{report}/where.{words_of_where(where)}.json", lines({"where": where}, True))
    for format in described["formats"]:
        for more in False, True:
            suffix = "more.json" if more else "json"
            place.keep(f"replies/{report}/format.{format['name']}.{suffix}", lines({"format": format["name"]}, more))


def explained(connection: Connection, report: str, asked: dict) -> list[tuple[str, str]] | None:
    """The rows and columns that a report has; None when there is nothing to tell of."""
    try:
        result = connection.parameters(f"{REPORTS}.Run", {"report": report} | asked)
    except LookupError:
        return None
    rows = [f"#{number}" for number in range(1, len(result["rows"]) + 1)]
    rows += dict.fromkeys(total["title"] for total in result.get("totals", []))
    return [(row, column["name"]) for row in rows for column in result["columns"]]


def keep_explanations(
    place: Place, connection: Connection, report: str, described: dict, dimensions: list[dict]
) -> int:
    """Every cell of a report: a line of JSON each, and for the defaults a page of the client for some."""
    count = 0
    variants = [
        (words(setting), {"parameters": setting} if setting else {}) for setting in settings(described["parameters"])
    ]
    variants += [("where." + words_of_where(where), {"where": where}) for where in filters(dimensions)]
    for name, asked in variants:
        cells = explained(connection, report, asked)
        if cells is None or (asked and len(cells) > MANY_CELLS):
            continue
        lines = []
        for row, column in cells:
            reply = connection.call(f"{REPORTS}.Explain", {"report": report, "row": row, "column": column} | asked)[0]
            lines.append(f"{row} {column}: ".encode() + reply + b"\n")
        count += len(cells)
        place.keep(f"why/{report}/{name}.jsonl", b"".join(lines))
    for row, column in sample(explained(connection, report, {}) or []):
        place.muster(f"why/{report}/page.{row.replace('/', '_')}.{column}.txt", "why", report, row, column)
        place.muster(f"why/{report}/page.{row.replace('/', '_')}.{column}.json", "why", report, row, column, "--json")
    return count


def keep_rows_by_text(place: Place, connection: Connection, report: str) -> None:
    """The last column, with each row named by each text in it rather than by its number."""
    try:
        result = connection.parameters(f"{REPORTS}.Run", {"report": report})
    except LookupError:
        return
    texts = dict.fromkeys(text for row in result["rows"] for text in row.values() if isinstance(text, str) and text)
    lines = []
    for text in texts:
        asked = {"report": report, "row": text, "column": result["columns"][-1]["title"], "limit": 3}
        lines.append(text.encode() + b": " + connection.call(f"{REPORTS}.Explain", asked)[0] + b"\n")
    place.keep(f"why/{report}/by-text.jsonl", b"".join(lines))


def sample(cells: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """All cells of the first two rows, of the last, and of every total."""
    numbered = [row for row, _ in cells if row.startswith("#")]
    wanted = {row for row, _ in cells if not row.startswith("#")} | {"#1", "#2", *numbered[-1:]}
    return [cell for cell in cells if cell[0] in wanted]


def keep_reports(place: Place) -> int:
    """Everything about every report. Returns how many cells were explained."""
    connection = Connection(place)
    dimensions = connection.parameters(f"{REPORTS}.ListDimensions")["dimensions"]
    count = 0
    for summary in connection.parameters(f"{REPORTS}.List")["reports"]:
        report = summary["name"]
        described = connection.parameters(f"{REPORTS}.Describe", {"report": report})
        place.muster(f"describe/{report}.txt", "describe", report)
        place.muster(f"describe/{report}.json", "describe", report, "--json")
        place.terminal(f"terminal/run.{report}", "run", report)
        place.terminal(f"terminal/why.{report}", "why", report, "#1", described["columns"][-1]["name"])
        keep_formats(place, report, described)
        keep_settings(place, report, described, dimensions)
        keep_replies(place, connection, report, described, dimensions)
        keep_rows_by_text(place, connection, report)
        count += keep_explanations(place, connection, report, described, dimensions)
    return count
