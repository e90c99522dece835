"""files.py FOLDER: what other programs make of exported files."""

import csv
import filecmp
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree
import zipfile

import html5lib
import markdown_it
import openpyxl

from checks import check, finish, section

folder = pathlib.Path(sys.argv[1])
samples = ["country-summary", "bloc-aggregate", "hard"]


def rows_of(name):
    """A sample as JSON has it, its rows without what each number covers: the other formats do not have that there."""
    document = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    for row in document["rows"]:
        row.pop("@coverage", None)
    return document


def squeezed(text):
    return " ".join(text.split())


for name in samples + ["wide"]:
    with section(f"{name}: two runs give the same bytes"):
        files = sorted(path.name for path in folder.glob(f"{name}.*") if path.suffix != ".png")
        same, different, missing = filecmp.cmpfiles(folder, folder / "again", files, shallow=False)
        check(f"{name}: two runs give the same bytes", len(same) == len(files) > 5, f"{different} {missing}")

    with section(f"{name}: json"):
        document = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        columns = [column["name"] for column in document["columns"]]
        covered = [row.pop("@coverage", {}) for row in document["rows"]]
        check(f"{name}: json has a value for each column", all(list(row) == columns for row in document["rows"]))
        check(f"{name}: json tells the coverage of columns alone", all(set(cells) <= set(columns) for cells in covered))
        if name in ["country-summary", "bloc-aggregate"]:
            sums = [
                ("total" in cells)
                for row, cells in zip(document["rows"], covered)
                if sum(isinstance(row[column], int) for column in columns if column != "total") > 1
            ]
            check(f"{name}: json tells the coverage of every sum", sums and all(sums), covered)

    with section(f"{name}: ndjson"):
        lines = (folder / f"{name}.ndjson").read_text(encoding="utf-8").splitlines()
        check(f"{name}: ndjson has the rows of json", [json.loads(line) for line in lines] == rows_of(name)["rows"])

    with section(f"{name}: csv"):
        with open(folder / f"{name}.csv", encoding="utf-8", newline="") as file:
            records = list(csv.DictReader(file, strict=True))
        expected = [
            {key: "" if value is None else str(value) for key, value in row.items()} for row in rows_of(name)["rows"]
        ]
        unescaped = [{key: re.sub(r"^'(?=[=+@-])", "", value) for key, value in record.items()} for record in records]
        check(f"{name}: csv has the rows of json", unescaped == expected)
        texts = [column["name"] for column in rows_of(name)["columns"] if column["kind"] == "text"]
        formulas = [record[text] for record in records for text in texts if re.match(r"[=+@\t\r]|-.", record[text])]
        check(f"{name}: csv has no formula", formulas == [], formulas)

    with section(f"{name}: datapackage"):
        archive = folder / f"{name}.zip"
        with zipfile.ZipFile(archive) as files, tempfile.TemporaryDirectory() as unpacked:
            check(f"{name}: the archive is whole", files.testzip() is None)
            files.extractall(unpacked)
            frictionless = [str(pathlib.Path(sys.executable).parent / "frictionless"), "validate"]
            for what, path in [("folder", f"{unpacked}/datapackage.json"), ("zip", str(archive))]:
                result = subprocess.run(frictionless + [path], capture_output=True, text=True)
                valid = result.returncode == 0 and "data" in result.stdout and "INVALID" not in result.stdout
                check(f"{name}: frictionless finds the {what} valid", valid, result.stdout + result.stderr)
        if name == "hard":
            # The validator would notice if a mark of a missing number were not declared.
            with zipfile.ZipFile(archive) as files, tempfile.TemporaryDirectory() as unpacked:
                files.extractall(unpacked)
                descriptor = pathlib.Path(unpacked) / "datapackage.json"
                descriptor.write_text(descriptor.read_text(encoding="utf-8").replace('"value":"–"', '"value":"?"'))
                result = subprocess.run(frictionless + [str(descriptor)], capture_output=True, text=True)
                check("hard: frictionless refuses a mark that is not declared", result.returncode != 0)

    with section(f"{name}: svg"):
        root = xml.etree.ElementTree.parse(folder / f"{name}.svg").getroot()
        titles = [element.text for element in root.iter("{http://www.w3.org/2000/svg}title")]
        check(f"{name}: svg is XML with a title", titles and titles[0] == rows_of(name)["title"])

for name in samples:
    document = rows_of(name)

    with section(f"{name}: markdown"):
        text = (folder / f"{name}.md").read_text(encoding="utf-8")
        rendered = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)
        tree = html5lib.parse(rendered, namespaceHTMLElements=False)
        cells = [[squeezed("".join(cell.itertext())) for cell in row.iter("td")] for row in tree.iter("tr")][1:]
        marks = re.compile(r" \[[0-9,]+\]$")
        texts = [[marks.sub("", cell) for cell in row] for row in cells]
        for row, record in zip(texts, document["rows"]):
            for index, value in enumerate(record.values()):
                shown = row[index] if value is not None else ""
                expected = "" if value is None else squeezed(str(value))
                check(f"{name}: markdown shows {expected!r}", shown == expected, shown) if shown != expected else None
        check(f"{name}: markdown has all rows and the totals", len(texts) == len(document["rows"]) + 1)
        check(f"{name}: markdown has bold totals", "<strong>Total</strong>" in rendered)
        items = [squeezed("".join(item.itertext())) for item in tree.iter("li")]
        notes = [squeezed(note["text"]) for note in document["notes"]]
        check(f"{name}: markdown lists the notes", items == notes, f"{items} {notes}")
        check(f"{name}: markdown's title is one", squeezed("".join(tree.find(".//h1").itertext())) == document["title"])
        foreign = {element.tag for element in tree.iter()} - set(
            "html head body h1 p table thead tbody tr th td strong ol ul li".split()
        )
        check(f"{name}: markdown has no markup of the data", not foreign, foreign)

    with section(f"{name}: html"):
        parser = html5lib.HTMLParser(strict=True)
        tree = parser.parse((folder / f"{name}.html").read_text(encoding="utf-8"))
        check(f"{name}: html has no error", not parser.errors)

for name in samples + ["wide"]:
    document = rows_of(name)
    with section(f"{name}: xlsx"):
        book = openpyxl.load_workbook(folder / f"{name}.xlsx")
        table = book["Table"]
        values = [[cell.value for cell in row] for row in table.iter_rows()]
        expected = [
            [str(value) if isinstance(value, int) and abs(value) > 999_999_999_999_999 else value for value in row.values()]
            for row in document["rows"]
        ]
        check(f"{name}: xlsx has the rows of json, typed", values[1 : len(expected) + 1] == expected)
        check(f"{name}: xlsx has titles", values[0] == [column["title"] for column in document["columns"]])
        check(f"{name}: xlsx has no formula", all(cell.data_type != "f" for row in table.iter_rows() for cell in row))
        check(f"{name}: xlsx keeps its header in sight", table.freeze_panes == "A2")
        check(f"{name}: xlsx has the title and no time", book.properties.title == document["title"]
              and book.properties.created.year == 1980)
        check(f"{name}: xlsx fits its columns", all(8 <= table.column_dimensions[c].width <= 62 for c in "AB"))
        notes = [[cell.value for cell in row] for row in book["Notes"].iter_rows()]
        start = next(index for index, row in enumerate(notes) if row[0] == "Note")
        listed = [(row[2], row[3]) for row in notes[start + 1 :]]
        letters = {column["name"]: openpyxl.utils.get_column_letter(i + 1) for i, column in enumerate(document["columns"])}
        cells = [
            (note["text"], ", ".join(f"{letters[c['column']]}{c['row'] + 2}" for c in note["cells"]) or None)
            for note in document["notes"]
        ]
        check(f"{name}: xlsx has the notes and their cells", listed == cells, f"{listed} {cells}")
        if name != "wide":
            sums = [
                sum(row[column["name"]] or 0 for row in document["rows"]) if column["kind"] == "integer" else None
                for column in document["columns"]
            ]
            check(f"{name}: xlsx ends with the totals", values[-1][-1] == sums[-1] and values[-1][0] == "Total")

finish()
