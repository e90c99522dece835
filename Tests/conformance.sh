#!/usr/bin/env bash
# Holds our Varlink client and server against those of Python and Go, in both directions, with the protocol's own
# conformance suite, org.varlink.certification; our data packages against frictionless; and our metrics against the
# parsers of Prometheus' client.
#
# Prints PASS or FAIL for each step, with the output of a step that fails, and exits non-zero if one does.
# Needs python3 with venv, and varlink-go-certification (Debian: varlink-go), which root gets installed.

set -euo pipefail
cd "$(dirname "$0")/.."

readonly venv=$PWD/.build/tools/conformance-venv
readonly packages=(varlink==31.0.0 frictionless==5.21.0 prometheus_client==0.26.0)
readonly step_seconds=60

work=$(mktemp -d)
servers=()
failures=0

cleanup() {
  local pid
  for pid in "${servers[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${servers[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap cleanup EXIT

die() {
  echo "FAIL $1" >&2
  exit 1
}

bounded() {
  timeout --kill-after=5 "$step_seconds" "$@"
}

# step NAME COMMAND...
step() {
  local name=$1 status=0
  shift
  "$@" >"$work/output" 2>&1 || status=$?
  if ((status == 0)); then
    echo "PASS $name"
    return
  fi
  ((status == 124)) && echo "took too long" >>"$work/output"
  echo "FAIL $name (exit status $status)"
  sed 's/^/     /' "$work/output"
  failures=$((failures + 1))
}

# serve SOCKET COMMAND...: starts a server and waits until it accepts connections there.
serve() {
  local socket=$1 log=$1.log pid
  shift
  timeout --kill-after=5 600 "$@" >"$log" 2>&1 &
  pid=$!
  servers+=("$pid")
  local deadline=$((SECONDS + 20))
  until "$venv/bin/python" -c 'import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])' \
    "$socket" 2>/dev/null; do
    if ! kill -0 "$pid" 2>/dev/null || ((SECONDS > deadline)); then
      sed 's/^/     /' "$log"
      die "$1 does not listen"
    fi
    sleep 0.05
  done
}

# prints TEXT COMMAND...: the command succeeds and prints the text. Go's client exits with 0 whatever happens.
prints() {
  local text=$1
  shift
  bounded "$@" | tee "$work/printed" && grep -qF -- "$text" "$work/printed"
}

# --- Tools ---------------------------------------------------------------------------------------------------------

prepare_python() {
  local wanted
  wanted=$(printf '%s\n' "${packages[@]}")
  [[ -f $venv/packages && $(<"$venv/packages") == "$wanted" ]] && return
  rm -rf "$venv"
  mkdir -p "$(dirname "$venv")"
  python3 -m venv "$venv" || die "no Python environment (Debian: python3-venv)"
  timeout 600 "$venv/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}" ||
    die "pip cannot install ${packages[*]}"
  echo "$wanted" >"$venv/packages"
}

prepare_go() {
  command -v varlink-go-certification >/dev/null && return
  ((EUID == 0)) || die "varlink-go-certification is missing; install Debian's package varlink-go"
  timeout 600 sh -c 'apt-get install -qq -y varlink-go || { apt-get update -qq && apt-get install -qq -y varlink-go; }' \
    >"$work/output" 2>&1 || { cat "$work/output"; die "apt-get cannot install varlink-go"; }
}

prepare_python
prepare_go
swift build --product varlink-certification
swift build --product musterd
swift build --product muster
ours=$(swift build --show-bin-path)/varlink-certification

# --- Varlink -------------------------------------------------------------------------------------------------------

python=("$venv/bin/python" -m varlink.tests.test_certification)
go=(varlink-go-certification)

serve "$work/ours" "$ours" --serve "unix:$work/ours"
serve "$work/python" "${python[@]}" --varlink="unix:$work/python"
serve "$work/go" "${go[@]}" -varlink="unix:$work/go"

passed="Certification passed"
step "our client against our server, exactly" prints "$passed" "$ours" --client --exact "unix:$work/ours"
step "our client against our server as it starts it" prints "$passed" "$ours" --client --exact "exec:$ours"
step "our client against Python's server" prints "$passed" "$ours" --client "unix:$work/python"
step "our client against Go's server" prints "$passed" "$ours" --client "unix:$work/go"
step "Python's client against our server" prints "$passed" "${python[@]}" --client --varlink="unix:$work/ours"
step "Python's client against our server as it starts it" \
  prints "$passed" "${python[@]}" --client --activate="$ours --serve"
step "Python's client against our server on a pipe" \
  prints "$passed" "${python[@]}" --client --bridge="env SYSTEMD_VARLINK_LISTEN=- $ours --serve"
step "Python's client against musterd as it starts it, without arguments" \
  prints '"name": "country-summary"' env MUSTER_CONFIG=Config/musterd.yaml \
  "$venv/bin/python" -m varlink.cli --activate="$(dirname "$ours")/musterd" call org.muster.Reports.List '{}'
step "Go's client against our server" prints "End: 'true'" "${go[@]}" -client -varlink="unix:$work/ours"

# --- Data packages -------------------------------------------------------------------------------------------------

step "frictionless on the shipped package and on broken ones" \
  timeout --kill-after=5 900 Tests/frictionless.sh "$(dirname "$ours")/musterd" check --config

# --- Metrics -------------------------------------------------------------------------------------------------------

bin=$(dirname "$ours")
serve "$work/muster" "$bin/musterd" --config Config/musterd.yaml --listen "unix:$work/muster"

# parses PARSER: what muster metrics prints, by one of the modules of prometheus_client.
parses() {
  bounded "$bin/muster" --address "unix:$work/muster" metrics >"$work/metrics" &&
    bounded "$venv/bin/python" -c 'import importlib, sys
parser = importlib.import_module("prometheus_client." + sys.argv[1])
families = list(parser.text_string_to_metric_families(sys.stdin.read()))
assert any(f.name == "muster_call_duration_seconds" and f.type == "summary" and f.samples for f in families), families
' "$1" <"$work/metrics"
}

bounded "$bin/muster" --address "unix:$work/muster" run country-summary >/dev/null
step "Prometheus' parser of OpenMetrics on our metrics" parses openmetrics.parser
step "Prometheus' parser of its older format on our metrics" parses parser

if ((failures > 0)); then
  echo "$failures steps failed"
  exit 1
fi
echo "All steps passed"
