#!/usr/bin/env bash
# Tests/manuals.sh: holds the manual pages against mandoc and groff. Prints PASS or FAIL for each check and fails if one
# does. MAN is the folder that `make build` wrote them to.
set -euo pipefail
cd "$(dirname "$0")/.."

man=${MAN:-.build/man}
export LC_ALL=C.UTF-8

missing=()
command -v mandoc >/dev/null || missing+=(mandoc)
command -v man >/dev/null || missing+=(man-db)
if ((${#missing[@]})); then
  sudo=""; [ "$(id -u)" = 0 ] || sudo="sudo"
  $sudo apt-get update -qq
  $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

status=0
silent() { # silent WHAT COMMAND...: it prints nothing
  local output
  output=$("${@:2}" 2>&1) || true
  if [ -z "$output" ]; then echo "PASS $1"; else
    printf 'FAIL %s\n%s\n' "$1" "$output"
    status=1
  fi
}

warnings_of_man() { man --warnings --encoding=UTF-8 --local-file "$1" >/dev/null; }
warnings_of_groff() { groff -man -ww -Tutf8 "$1" >/dev/null; }
wide_lines() { MANWIDTH=80 man --local-file "$1" | col -b | awk 'length > 80'; }
untold_pages() { # What SEE ALSO names of ours is there, too.
  sed -n 's/^\.Xr \(muster[^ ]*\) \([0-9]\).*/\1.\2/p' "$1" | while read -r page; do
    [ -e "$man/$page" ] || echo "$page is missing"
  done
}

for page in muster.1 musterd.8 musterd.yaml.5; do
  silent "$page: mandoc warns of nothing" mandoc -T lint -W warning "$man/$page"
  silent "$page: man warns of nothing" warnings_of_man "$man/$page"
  silent "$page: groff warns of nothing" warnings_of_groff "$man/$page"
  silent "$page: 80 columns are enough" wide_lines "$man/$page"
  silent "$page: the pages that it names are there" untold_pages "$man/$page"
done
exit $status
