#!/usr/bin/env bash
# Measures client and daemon with the shipped dataset, and prints each figure beside its limit.
#
# Takes the programs from $MUSTER_BIN, by default .build/release. Installs hyperfine and sqlite3 if they are missing.
# A figure over its limit is told and is no failure; the exit status is non-zero when measuring failed.

set -euo pipefail
cd "$(dirname "$0")/../.."
. Tests/Benchmarks/tools.sh

need_command hyperfine hyperfine
need_command sqlite3 sqlite3
need_python

"$venv/bin/python" -B Tests/Benchmarks/bench.py
echo
exec "$venv/bin/python" -B Tests/Benchmarks/plugins.py
