#!/bin/sh
# Tests/frictionless.sh [COMMAND...]: the shipped package is valid, and on broken ones COMMAND, run with the path of a
# configuration (such as `.build/debug/musterd check --config`), comes to the verdict of the reference implementation.
set -eu
cd "$(dirname "$0")/.."

version=5.21.0
venv=.build/tools/conformance-venv
package=Config/datasets/repatriation-1955

if ! "$venv/bin/python" -c "import frictionless; assert frictionless.__version__ == '$version'" 2>/dev/null; then
  python3 -m venv "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "frictionless==$version"
fi

"$venv/bin/frictionless" validate "$package/datapackage.json"
PYTHONDONTWRITEBYTECODE=1 exec "$venv/bin/python" Tests/BrokenPackages/compare.py "$package" "$@"
