#!/usr/bin/env bash
# Tests/Torture/sanitize.sh build: builds all tests and programs with the thread sanitizer, and with checks of what is undefined
# in C, below SANITIZE_BUILD.
# Tests/Torture/sanitize.sh run [FILTER...]: runs the tests of the service, or those that a filter of `swift test` names. The exit
# status is 1 when a test fails or a race is reported, whichever process it is in.
# Tests/Torture/sanitize.sh self-test: whether planted faults are found.
set -euo pipefail
cd "$(dirname "$0")/../.."

scratch=$(realpath -m "${SANITIZE_BUILD:-.build-thread}")
# Its name tells what is in it, since nothing is linked again for a file that only changed.
told=$scratch/told-$(sha1sum <Tests/Torture/thread-sanitizer.c | cut -c1-10).o
options=(--scratch-path "$scratch" --sanitize=thread -Xcc -fsanitize=undefined -Xcc -fsanitize-trap=undefined
  -Xlinker "$told")
export MUSTER_SANITIZE=1
# Its own report of a crash hangs beside the sanitizer.
export SWIFT_BACKTRACE=enable=no

build() {
  mkdir -p "$scratch"
  "$(dirname "$(readlink -f "$(command -v swift)")")/clang" -Wall -Wextra -Werror -O1 -g -fPIC -c Tests/Torture/thread-sanitizer.c \
    -o "$told"
  swift build --build-tests "${options[@]}"
  # The launcher is one static program; and a plugin's process has a limit of address space, which the sanitizer takes more than.
  local program
  for program in muster-launcher largest-observations; do
    MUSTER_SANITIZE= swift build --product "$program" --scratch-path "$scratch/plain" -Xcc -fsanitize=undefined \
      -Xcc -fsanitize-trap=undefined
    cp "$scratch/plain/debug/$program" "$scratch/debug/"
  done
}

# report_to FOLDER: a report goes to a file of its own, whichever process makes it: tests start programs, and read what those print.
report_to() {
  rm -rf "$1"
  mkdir -p "$1"
  export TSAN_OPTIONS="suppressions=$PWD/Tests/Torture/thread-sanitizer.supp log_path=$1/race history_size=4"
}

run() {
  local filters=("$@") filter report status=0
  ((${#filters[@]})) || filters=(VarlinkServerTests VarlinkTests MusterDaemonTests ExternalPluginsTests ExportsTests PosixTests
    TabularPackageTests ColumnarTests)
  report_to "$scratch/reports"
  for filter in "${filters[@]}"; do
    swift test --skip-build "${options[@]}" --filter "$filter" || status=1
  done
  for report in "$scratch"/reports/race.*; do
    [ -e "$report" ] || continue
    status=1
    printf '\n%s\n' "$report"
    cat "$report"
  done
  return $status
}

# planted NAME: runs the test of a planted fault.
planted() {
  report_to "$scratch/planted"
  MUSTER_PLANTED=$1 swift test --skip-build "${options[@]}" --filter PlantedFaultTests >"$scratch/planted/log" 2>&1
}

self_test() {
  planted race || true
  if ! grep -Eqs 'WARNING: ThreadSanitizer: (data|Swift access) race' "$scratch"/planted/race.*; then
    echo "a number that two threads count is not found: see $scratch/planted" >&2
    return 1
  fi
  echo "a number that two threads count is found"
  if planted undefined || ! grep -q 'signal code 4' "$scratch/planted/log"; then
    echo "a shift that C does not define is not found: see $scratch/planted" >&2
    return 1
  fi
  echo "a shift that C does not define is found"
}

case ${1-} in
  build) build ;;
  run) run "${@:2}" ;;
  self-test) self_test ;;
  *) sed -n '2,6s/^# //p' "$0" >&2; exit 64 ;;
esac
