#!/bin/sh
# Tests/exporters.sh [FOLDER]: writes sample files in every format, and lets other programs read them: Chromium, a reader
# of spreadsheets, the reference implementation of data packages, a renderer of Markdown. Prints PASS or FAIL for each
# check and fails if one does. The files and the screenshots stay in FOLDER, by default .build/exporter-samples.
set -eu
cd "$(dirname "$0")/.."

folder=${1:-.build/exporter-samples}
venv=.build/tools/exporters-venv
packages='frictionless==5.21.0 openpyxl==3.1.5 markdown-it-py==3.0.0 html5lib==1.1 websocket-client==1.8.0'

if ! command -v chromium >/dev/null; then
  sudo=$([ "$(id -u)" = 0 ] || echo sudo)
  $sudo apt-get update -qq
  $sudo apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core fonts-droid-fallback >/dev/null
fi
if [ "$(cat "$venv/packages" 2>/dev/null)" != "$packages" ]; then
  python3 -m venv "$venv"
  # shellcheck disable=SC2086 # one argument a package
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check $packages
  echo "$packages" >"$venv/packages"
fi

rm -rf "$folder"
mkdir -p "$folder/again"
folder=$(cd "$folder" && pwd)
swift build --build-tests
MUSTER_EXPORT_SAMPLES=$folder swift test --skip-build --filter SampleFiles
# In another locale and time zone, and not in the same second.
sleep 2
LC_ALL=C.UTF-8 TZ=Asia/Tokyo MUSTER_EXPORT_SAMPLES=$folder/again swift test --skip-build --filter SampleFiles

export PYTHONDONTWRITEBYTECODE=1
status=0
"$venv/bin/python" Tests/ExporterChecks/files.py "$folder" || status=1
"$venv/bin/python" Tests/ExporterChecks/pages.py "$folder" || status=1
exit $status
