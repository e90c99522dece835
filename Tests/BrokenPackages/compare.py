"""compare.py PACKAGE [COMMAND...]: the verdicts of frictionless and of COMMAND on PACKAGE and its broken variants.

COMMAND is run with the path of a configuration that names the variant, such as `musterd check --config`. Without it
only frictionless is asked. The exit code is 1 if a verdict is not the expected one.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

from frictionless import validate

import make

CONFIGURATION = """\
dataset:
  package: {package}
  place: country
  breakdown: disposition
  measure: persons
"""


def frictionless_verdict(package: pathlib.Path) -> str:
    try:
        return "valid" if validate(str(package)).valid else "invalid"
    except Exception:
        # Some malformed descriptors end frictionless with a traceback; its program then exits as for invalid data.
        return "invalid"


def our_verdict(command: list[str], package: pathlib.Path) -> str:
    configuration = package.with_name("musterd.yaml")
    configuration.write_text(CONFIGURATION.format(package=package.name), encoding="utf-8")
    try:
        run = subprocess.run([*command, configuration], capture_output=True, timeout=60)
    except subprocess.TimeoutExpired:
        return "hangs"
    if run.returncode < 0:
        return f"signal {-run.returncode}"
    if run.returncode and not (run.stdout + run.stderr).strip():
        return "silent"
    return "invalid" if run.returncode else "valid"


def compare(package: pathlib.Path, command: list[str]) -> int:
    variants = json.loads((pathlib.Path(__file__).parent / "variants.json").read_text(encoding="utf-8"))
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder)
        make.make(package, out)
        print(f"{'variant':46}{'frictionless':14}ours")
        for variant in variants:
            descriptor = out / variant["name"] / "datapackage.json"
            expected = {"frictionless": variant["verdict"]}
            found = {"frictionless": frictionless_verdict(descriptor)}
            if command:
                expected["ours"] = variant.get("ours", variant["verdict"])
                found["ours"] = our_verdict(command, descriptor)
            remarks = [f"expected {expected[who]} of {who}" for who in expected if found[who] != expected[who]]
            wrong += bool(remarks)
            remark = "  << " + ", ".join(remarks) if remarks else ""
            print(f"{variant['name']:46}{found['frictionless']:14}{found.get('ours', 'not asked'):10}{remark}".rstrip())
    print("\nStricter than frictionless on purpose:")
    for variant in variants:
        if "ours" in variant:
            print(f"  {variant['name']}: {variant['because']}")
    print(f"\n{len(variants)} variants, {wrong} not as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    # A program that is not there must not pass for one that finds every package invalid.
    if len(sys.argv) > 2 and not shutil.which(sys.argv[2]):
        sys.exit(f"{sys.argv[2]} cannot be run")
    sys.exit(compare(pathlib.Path(sys.argv[1]), sys.argv[2:]))
