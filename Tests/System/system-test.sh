#!/usr/bin/env bash
# Boots a Debian with systemd in a container without network, installs the package there, and holds it against what an
# administrator expects of it. The checks are in checks.sh.

set -euo pipefail

if [[ ${1-} == --help ]]; then
  cat <<'HELP'
Usage: make system-test [SUITE=bookworm] [CHECKS="FUNCTION..."]

Prints a line for each check, "ok" or "not ok", and exits with 0 when all are ok. The system that is booted is the release
SUITE of Debian. It is kept in .build-system-test/SUITE and never written to; the journal of the last run is
.build-system-test/results/journal.
CHECKS names the functions of checks.sh to run, after the installation; without it, all run.
HELP
  exit
fi

((EUID == 0)) || exec sudo --preserve-env=PATH "$0" "$@"
cd "$(dirname "$0")/../.."
# shellcheck source=Tests/System/roots.sh
. Tests/System/roots.sh
deb=$(newest '*.deb')

readonly suite=${SUITE:-bookworm}
base=$(root_of "$suite")
readonly base results=$folder/results
# All of it together; a check that hangs ends sooner.
readonly limit=1200
# What a kernel lets every process do, and systemd-nspawn does not by itself.
readonly confinement="landlock_create_ruleset landlock_add_rule landlock_restrict_self"
cgroup=$(sed -nE 's/^(0:|.*:name=systemd)://p' /proc/self/cgroup | tail -n 1)

work=$(mktemp -d)
container=
cleanup() {
  trap '' INT TERM
  # timeout(1) hands it on: an orderly shutdown of what is booted, and after a while an end of it.
  [[ -z $container ]] || kill -TERM "$container" 2>/dev/null || true
  wait
  # Empty, and the container's supervisor leaves them.
  local hierarchy
  for hierarchy in /sys/fs/cgroup{,/systemd,/unified}; do
    find "$hierarchy$cgroup"/{payload,supervisor} -depth -type d -exec rmdir {} \; 2>/dev/null || true
  done
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

container() { systemd-nspawn --quiet --register=no --keep-unit --directory="$base" "$@"; }

# apt finds in its cache what the package depends on, since there is no network later.
dependencies() {
  cp "$deb" "$base/var/cache/muster.deb"
  local get=(apt-get --quiet=2 --yes --no-install-recommends --download-only install /var/cache/muster.deb)
  container --pipe "${get[@]}" ||
    { container --pipe apt-get --quiet=2 update && container --pipe "${get[@]}"; }
}

# What was installed before: the same with a lower version, and with a line more in two conffiles.
older_package() {
  local root=$work/older
  dpkg-deb --raw-extract "$deb" "$root"
  sed -i -E 's/^Version: .*/Version: 0.0.9-1/' "$root/DEBIAN/control"
  echo "# of 0.0.9" | tee -a "$root/etc/muster/musterd.yaml" >>"$root/etc/muster/pipelines/shares.yaml"
  dpkg-deb --root-owner-group -Znone --build "$root" "$base/var/cache/muster-older.deb"
}

quietly() {
  "$@" </dev/null >"$work/output" 2>&1 || { cat "$work/output" >&2; echo "$1 failed" >&2; exit 1; }
}

quietly tools
quietly lintian --fail-on error,warning "$deb"
quietly bootstrap "$suite"
quietly dependencies
quietly older_package

units=()
for unit in Tests/System/*.{service,socket}; do units+=(--bind-ro="$PWD/$unit:/etc/systemd/system/${unit##*/}"); done

rm -rf "$results"
mkdir "$results"
# The last words for init are for a newer systemd, which without them does not run where the host has the older cgroups.
: >"$results/tap"
timeout --kill-after=30 $limit systemd-nspawn --quiet --register=no --keep-unit --directory="$base" --machine=muster-test \
  --volatile=overlay --private-network --boot --console=read-only --system-call-filter="$confinement" \
  --setenv=CHECKS="${CHECKS-}" --bind-ro="$PWD/Tests/System:/srv/test" --bind="$results:/srv/results" \
  "${units[@]}" \
  systemd.wants=system-test.service systemd.show_status=no SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1 \
  </dev/null >"$results/console" 2>&1 &
container=$!
tail --pid="$container" --lines=+1 --follow "$results/tap" &
status=0
wait "$container" || status=$?
container=
wait

passed=$(grep -c '^ok ' "$results/tap" || true)
failed=$(grep -c '^not ok ' "$results/tap" || true)
if ! grep -qx "1..$((passed + failed))" "$results/tap"; then
  tail -n 20 "$results/console"
  echo "the checks did not come to their end (exit status $status)"
  exit 1
fi
echo "$passed passed, $failed failed"
((failed == 0 && passed > 0 && status == 0))
