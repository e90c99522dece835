#!/usr/bin/env bash
# Tests/Torture/torture.sh [TEST...]: runs the tests of this folder one after the other, each for TORTURE_SECONDS of the
# environment, and fails if one finds something. SEED repeats a run.
set -uo pipefail
cd "$(dirname "$0")/../.."

tests=("$@")
((${#tests[@]})) || tests=(reloads inputs connections plugins soak)
status=0
for test in "${tests[@]}"; do
  python3 "Tests/Torture/$test.py" || status=1
done
exit $status
