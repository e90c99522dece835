#!/usr/bin/env bash
# Tests/Torture/sanitize.sh [FILTER...]: builds all tests with the thread sanitizer, and runs those of the service, or those
# that a filter of `swift test` names. The exit status is 1 when a test fails or a race is reported.
set -euo pipefail
cd "$(dirname "$0")/../.."

filters=("$@")
((${#filters[@]})) || filters=(VarlinkServerTests VarlinkTests MusterDaemonTests ExternalPluginsTests ExportsTests PosixTests
  TabularPackageTests ColumnarTests)
scratch=${SANITIZE_BUILD:-.build-thread}
reports=$scratch/reports
rm -rf "$reports"
mkdir -p "$reports"
# A report goes to a file of its own, whichever process makes it: tests start programs, and read what those print.
export TSAN_OPTIONS="suppressions=$PWD/Tests/Torture/thread-sanitizer.supp log_path=$PWD/$reports/race history_size=4"

swift build --build-tests --scratch-path "$scratch" --sanitize=thread
status=0
for filter in "${filters[@]}"; do
  swift test --skip-build --scratch-path "$scratch" --sanitize=thread --filter "$filter" || status=1
done
for report in "$reports"/race.*; do
  [ -e "$report" ] || continue
  status=1
  printf '\n%s\n' "$report"
  cat "$report"
done
exit $status
