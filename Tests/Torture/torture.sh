#!/usr/bin/env bash
# Tests/Torture/torture.sh [--self-test] [TEST...]: runs the tests of this folder one after the other, each for TORTURE_SECONDS
# of the environment, and fails if one finds something. SEED repeats a run. With --self-test each breaks on purpose what it looks
# at, and fails if it finds nothing.
set -uo pipefail
cd "$(dirname "$0")/../.."

options=()
if [ "${1:-}" = --self-test ]; then options=("$1"); shift; fi
tests=("$@")
((${#tests[@]})) || tests=(reloads inputs connections sleepers plugins soak kills failures)
status=0
for test in "${tests[@]}"; do
  python3 "Tests/Torture/$test.py" "${options[@]}" || status=1
done
exit $status
