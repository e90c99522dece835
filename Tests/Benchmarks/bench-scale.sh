#!/usr/bin/env bash
# Measures loading, memory and both reports with ten million generated observations, beside DuckDB on the same file, and
# the reconciliation of 20,000 stated totals (alone: reconcile.py).
#
# bench-scale.sh [--rows N]. Takes the programs from $MUSTER_BIN, by default .build/release. The exit status is non-zero
# when the two disagree on an answer, or measuring failed; a figure over its limit is told and is no failure.

set -euo pipefail
cd "$(dirname "$0")/../.."
. Tests/Benchmarks/tools.sh

need_python

exec "$venv/bin/python" -B Tests/Benchmarks/scale.py "$@"
