"""What a daemon tells of itself, its exports and their manifests, and what it refuses."""

import json
import pathlib
import re

from place import Connection, Place

INTERFACES = ["org.varlink.service", "org.muster.Reports", "org.muster.Exports", "org.muster.Manage"]
DESCRIPTION = "org.varlink.service.GetInterfaceDescription"


def keep_lists(place: Place) -> None:
    connection = Connection(place)
    place.keep("socket/info.json", connection.call("org.varlink.service.GetInfo")[0])
    for interface in INTERFACES:
        place.keep(f"socket/{interface}.json", connection.call(DESCRIPTION, {"interface": interface})[0])
    for command in "list", "dimensions", "reconcile", "plugins":
        place.muster(f"lists/{command}.txt", command)
        place.muster(f"lists/{command}.json", command, "--json")
        place.terminal(f"lists/{command}.terminal", command)
    place.muster("lists/reconcile-all.txt", "reconcile", "--all")
    place.muster("lists/reconcile-fail-on-any.txt", "reconcile", "--fail-on", "any")
    for dimension in connection.parameters("org.muster.Reports.ListDimensions")["dimensions"]:
        place.muster(f"lists/dimensions.{dimension['name']}.txt", "dimensions", dimension["name"])
    for plugin in connection.parameters("org.muster.Manage.Plugins")["plugins"]:
        place.muster(f"lists/audit.{plugin['name']}.txt", "plugins", "--audit", plugin["name"])
    for method in "Reports.List", "Reports.ListDimensions", "Reports.Reconcile", "Manage.Plugins", "Manage.SelfTest":
        place.keep(f"socket/{method}.json", connection.call(f"org.muster.{method}")[0])


def keep_pages(place: Place) -> None:
    """What the programs say without a daemon."""
    for page in "configuration", "plugins", "manual", "configuration-manual", "bash", "zsh", "fish":
        place.command(f"reference/musterd.{page}", "musterd", "reference", page)
    for page in "manual", "bash", "zsh", "fish":
        place.command(f"reference/muster.{page}", "muster", "reference", page)
    for verb in "", "serve", "check", "reference":
        place.command(f"reference/musterd.help.{verb}", "musterd", *filter(None, [verb]), "--help")
    verbs = (
        "list describe dimensions run why reconcile export exports verify plugins status metrics watch reload reference"
    )
    for verb in ["", *verbs.split()]:
        place.command(f"reference/muster.help.{verb}", "muster", *filter(None, [verb]), "--help")


def keep_state(place: Place) -> None:
    """The counts of all calls before, so that a call more or less shows. How much memory a cache takes is masked."""
    reply = Connection(place).call("org.muster.Manage.Status")[0]
    place.keep("status.json", re.sub(rb'"cacheBytes":\d+', b'"cacheBytes":SIZE', reply))
    metrics = place.run("muster", "metrics").stdout
    place.keep("metrics.txt", re.sub(rb"(?m)^([^#].*) [-+.\de]+$", rb"\1 NUMBER", metrics))


def keep_refusals(place: Place, report: str, dimension: str, code: str) -> None:
    """Each kind of mistake, through the client and, where the client could see it first, over the socket."""
    mistakes = {
        "report": ["run", report[:-1]],
        "report-far": ["run", "qqqqqqqq"],
        "report-empty": ["run", ""],
        "parameter": ["run", report, "--set", "total=both"],
        "value": ["run", report, "--set", "totals=bothh"],
        "value-empty": ["run", report, "--set", "totals="],
        "no-value": ["run", report, "--set", "totals"],
        "twice": ["run", report, "--set", "totals=both", "--set", "totals=none"],
        "dimension": ["run", report, "--where", f"{dimension[:-1]}={code}"],
        "code": ["run", report, "--where", f"{dimension}={code}x"],
        "codes": ["run", report, "--where", f"{dimension}=nowhere,{code},elsewhere"],
        "code-empty": ["run", report, "--where", f"{dimension}="],
        "where-twice": ["run", report, "--where", f"{dimension}={code}", "--where", f"{dimension}={code}"],
        "format": ["run", report, "--format", "cvs"],
        "suffix": ["run", report, "--output", "x.docx"],
        "folder": ["run", report, "--output", "nowhere/x.csv"],
        "format-parameter": ["run", report, "--format", "csv", "--format-set", "note=true"],
        "format-value": ["run", report, "--format", "csv", "--format-set", "delimiter=colon"],
        "format-bool": ["run", report, "--format", "csv", "--format-set", "notes=yes"],
        "series": ["run", report, "--format", "svg", "--format-set", "series=nothing"],
        "why-report": ["why", "qqqq", "#1", "total"],
        "why-row": ["why", report, "qqqq", "total"],
        "why-column": ["why", report, "#1", "totl"],
        "why-number": ["why", report, "#0", "total"],
        "why-behind": ["why", report, "#9999", "total"],
        "why-word": ["why", report, "#x", "total"],
        "why-near": ["why", report, code[:-1] or "x", "total"],
        "why-limit": ["why", report, "#1", "total", "--limit", "1"],
        "why-limit-0": ["why", report, "#1", "total", "--limit", "0"],
        "why-limit-below": ["why", report, "#1", "total", "--limit=-1"],
        "describe": ["describe", report + "s"],
        "dimensions": ["dimensions", dimension + "s"],
        "audit": ["plugins", "--audit", "cvs"],
        "export": ["export", "nothing-such"],
        "export-none": ["export"],
        "verify": ["verify", "nothing-such"],
        "verify-file": ["verify", "./nothing.csv"],
        "verb": ["rum", report],
        "option": ["run", report, "--fromat", "csv"],
        "address": ["--address", "unix:/nowhere/socket", "list"],
        "address-kind": ["--address", "tcp:1.2.3.4:5", "list"],
        "standalone": ["--standalone", "/nowhere/musterd.yaml", "list"],
    }
    for name, arguments in mistakes.items():
        place.muster(f"refusals/{name}.txt", *arguments)
    run = "org.muster.Reports.Run"
    calls = {
        "report": (run, {"report": report + "x"}),
        "no-report": (run, {}),
        "number": (run, {"report": 5}),
        "parameter": (run, {"report": report, "parameters": {"foo": "x", "totals": "y"}}),
        "value": (run, {"report": report, "parameters": {"totals": "y"}}),
        "parameter-number": (run, {"report": report, "parameters": {"totals": 1}}),
        "dimension": (run, {"report": report, "where": [{"dimension": "x", "codes": ["y"]}]}),
        "code": (run, {"report": report, "where": [{"dimension": dimension, "codes": [code, "y"]}]}),
        "no-codes": (run, {"report": report, "where": [{"dimension": dimension, "codes": []}]}),
        "same-dimension": (run, {"report": report, "where": [{"dimension": dimension, "codes": [code]}] * 2}),
        "same-code": (run, {"report": report, "where": [{"dimension": dimension, "codes": [code, code]}]}),
        "format": (run, {"report": report, "format": "x"}),
        "format-parameter": (run, {"report": report, "format": "csv", "formatParameters": {"x": "y"}}),
        "format-value": (run, {"report": report, "format": "csv", "formatParameters": {"notes": "y"}}),
        "format-parameter-alone": (run, {"report": report, "formatParameters": {"notes": "true"}}),
        "unknown-member": (run, {"report": report, "colour": "red"}),
        "row": ("org.muster.Reports.Explain", {"report": report, "row": "", "column": "total"}),
        "limit": ("org.muster.Reports.Explain", {"report": report, "row": "#1", "column": "total", "limit": -1}),
        "describe": ("org.muster.Reports.Describe", {"report": ""}),
        "watch": ("org.muster.Reports.Watch", {}),
        "method": ("org.muster.Reports.Rum", {}),
        "interface": ("org.muster.Nothing.Run", {}),
        "word": ("run", {}),
        "description": (DESCRIPTION, {"interface": "org.muster.Nothing"}),
        "export": ("org.muster.Exports.Export", {}),
        "export-both": ("org.muster.Exports.Export", {"names": ["x"], "all": True}),
        "verify": ("org.muster.Exports.Verify", {}),
        "manifest": ("org.muster.Exports.Verify", {"manifest": {"version": 9}, "sha256": "0"}),
        "audit": ("org.muster.Manage.AuditPlugin", {"name": "x"}),
    }
    for name, (method, parameters) in calls.items():
        place.keep(f"refusals/socket.{name}.json", b"\n".join(Connection(place).call(method, parameters)) + b"\n")


def keep_exports(place: Place, exports: pathlib.Path, data: pathlib.Path, change: tuple[str, str]) -> None:
    """Exports written, left alone, written again, verified, and verified once more after their data changed."""

    def files(when: str) -> None:
        for file in sorted(exports.iterdir()):
            if not file.name.startswith(".muster-lock"):
                place.keep(f"exports/{when}/{place.mask(file.name.encode()).decode()}", file.read_bytes())

    def verified(when: str) -> None:
        names = [state["name"] for state in Connection(place).parameters("org.muster.Exports.List")["exports"]]
        place.muster(f"exports/{when}.verify.txt", "verify", *names)
        place.muster(f"exports/{when}.verify.json", "verify", *names, "--json", "--limit", "5")
        copies = sorted(str(file) for file in exports.glob("[!.]*") if not file.name.endswith(".muster.json"))
        place.muster(f"exports/{when}.verify-files.txt", "verify", *copies)

    place.muster("exports/before.txt", "exports")
    place.muster("exports/written.json", "export", "--all", "--json")
    files("written")
    place.muster("exports/unchanged.json", "export", "--all", "--json")
    place.muster("exports/forced.json", "export", "--all", "--force", "--json")
    files("forced")
    place.muster("exports/after.txt", "exports")
    place.muster("exports/after.json", "exports", "--json")
    place.terminal("exports/terminal", "export", "--all", "--force")
    verified("same")
    data.write_text(data.read_text(encoding="utf-8").replace(*change, 1), encoding="utf-8")
    place.muster("exports/reload.txt", "reload")
    verified("changed")
    place.muster("exports/again.json", "export", "--all", "--json")
    place.muster("exports/again.txt", "exports")
    files("again")
    first = next(file for file in sorted(exports.iterdir()) if file.suffix == ".csv")
    first.write_bytes(first.read_bytes() + b"x,y\n")
    verified("touched")


def exports_section(reports: list[str], formats: dict[str, str]) -> dict:
    """An export of each report as CSV with all that it can hold, and of two reports in every format."""
    section = {}
    for report in reports:
        section[report] = {
            "report": report,
            "exporter": "csv",
            "file": f"{report}.csv",
            "format_parameters": {"notes": True, "totals": True},
            "keep": 2,
        }
    for report in reports[:2]:
        for format, suffix in formats.items():
            section[f"{report}-{format}"] = {
                "report": report,
                "exporter": format,
                "file": f"{report}-{format}.{suffix}",
            }
    return section


def as_yaml(section: dict) -> str:
    """Flow mappings of YAML, which JSON is nearly a part of."""
    return "".join(f"  {name}: {json.dumps(value)}\n" for name, value in section.items())
