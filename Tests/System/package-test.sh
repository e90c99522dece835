#!/usr/bin/env bash
# Installs the package with apt in a Debian of each release that it is for, and runs the tests of the source package there.

set -euo pipefail

if [[ ${1-} == --help ]]; then
  cat <<'HELP'
Usage: make package-test [SUITES="bookworm trixie"]

Prints a line for each check, "ok" or "not ok", and exits with 0 when all are ok. The systems are kept in
.build-system-test and never written to. What is known of Ubuntu 24.04, whose archive this does not ask, are the names
and versions of what the package depends on.
HELP
  exit
fi

((EUID == 0)) || exec sudo --preserve-env=PATH "$0" "$@"
cd "$(dirname "$0")/../.."
# shellcheck source=Tests/System/roots.sh
. Tests/System/roots.sh
deb=$(newest '*.deb')
dsc=$(newest '*.dsc')
readonly deb dsc

work=$(mktemp -d)
cleanup() {
  mountpoint --quiet "$work/root" && umount --recursive "$work/root"
  umount "$work/layers" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
mkdir "$work/root" "$work/layers"

number=0 failures=0
# check NAME COMMAND...: the first command in it that fails ends it.
check() {
  local status
  number=$((number + 1))
  # Where the shell looks at a status, it would go on after a failure.
  set +e
  (
    set -e
    "${@:2}"
  ) </dev/null >"$work/output" 2>&1
  status=$?
  set -e
  if ((status == 0)); then
    echo "ok $number - $1"
  else
    failures=$((failures + 1))
    echo "not ok $number - $1"
    tail -n 60 "$work/output" | sed 's/^/# /'
  fi
}

# --- What can be told without a system ------------------------------------------------------------------------------

lintian_finds_nothing() { lintian --fail-on error,warning "$1"; }

# What Ubuntu 24.04 was released with; its archive is not asked.
readonly -A noble=(
  [libc6]=2.39-0ubuntu8 [libgcc-s1]=14-20240412-0ubuntu1 [libstdc++6]=14-20240412-0ubuntu1
  [libyaml-0-2]=0.2.5-1build1 [init-system-helpers]=1.66ubuntu1 [systemd]=255.4-1ubuntu8
)

is_in_noble() {
  local group alternative name version found
  while IFS= read -r group; do
    found=
    while IFS= read -r alternative; do
      [[ $alternative =~ ^\ *([a-z0-9.+-]+)(\ \(\>=\ (.+)\))?\ *$ ]] || { echo "cannot read \"$alternative\""; return 1; }
      name=${BASH_REMATCH[1]} version=${BASH_REMATCH[3]:-0}
      [[ -n ${noble[$name]-} ]] && dpkg --compare-versions "${noble[$name]}" ge "$version" && found=$name
    done < <(tr '|' '\n' <<<"$group")
    [[ -n $found ]] || { echo "Ubuntu 24.04 has nothing for \"$group\""; return 1; }
  done < <(dpkg-deb --field "$deb" Depends | tr ',' '\n')
}

# The symbols of the C library are told apart by the version that brought them.
symbols_are_old_enough() {
  local program newest
  dpkg-deb --extract "$deb" "$work/files"
  for program in bin/muster sbin/musterd; do
    newest=$(objdump -T "$work/files/usr/$program" | grep -o 'GLIBC_[0-9.]*' | sort --version-sort --unique | tail -n 1)
    echo "$program: $newest"
    dpkg --compare-versions "${newest#GLIBC_}" le 2.36
  done
}

# Each has a stanza of its own with its licence, and what it wants passed on is in the notices.
licences_are_there() {
  local doc=$work/files/usr/share/doc/muster package count=0
  dpkg-deb --extract "$deb" "$work/files"
  while IFS= read -r package; do
    count=$((count + 1))
    grep -A 40 -x "Files: .build/checkouts/$package/\*" "$doc/copyright" | grep -m 1 '^License: Apache-2.0'
    if [[ -e .build/checkouts/$package/NOTICE.txt ]]; then zcat "$doc/NOTICE.gz" | grep -x "$package"; fi
  done < <(sed -nE 's,^ *"location" : ".*/([^/"]+)\.git"\,?$,\1,p' Package.resolved)
  ((count == $(grep -c '"identity"' Package.resolved) && count > 0))
  # Which Foundation could bring, under a licence that is not there.
  if grep --text --quiet 'icudt[0-9]' "$work/files/usr/sbin/musterd" "$work/files/usr/bin/muster"; then return 1; fi
}

has_no_placeholders() {
  local found
  dpkg-deb --field "$deb" Maintainer
  found=$(git grep --line-number --fixed-strings 'muster.exam''ple' || true)
  [[ -z $found ]] || { echo "$found"; return 1; }
}

# --- In a system ------------------------------------------------------------------------------------------------------

# A layer over the system, which is gone afterwards.
mount_root() {
  mount -t tmpfs layers "$work/layers"
  mkdir "$work/layers"/{upper,work}
  mount -t overlay overlay -o "lowerdir=$(root_of "$1"),upperdir=$work/layers/upper,workdir=$work/layers/work" "$work/root"
  cp /etc/resolv.conf "$work/root/etc/resolv.conf"
  local place
  for place in proc sys dev; do mount --rbind --make-rslave "/$place" "$work/root/$place"; done
}

unmount_root() {
  umount --recursive "$work/root"
  umount "$work/layers"
}

# autopkgtest installs the package with apt and runs the tests in debian/tests of the source package.
passes_autopkgtest() {
  mount_root "$1"
  local status=0
  autopkgtest --no-built-binaries "$deb" "$dsc" -- chroot "$work/root" || status=$?
  chroot "$work/root" dpkg --purge muster || status=$?
  unmount_root
  return "$status"
}

command -v autopkgtest >/dev/null || {
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends autopkgtest >/dev/null
}
tools
check "lintian finds neither errors nor warnings in the package" lintian_finds_nothing "$deb"
check "lintian finds neither errors nor warnings in the source package" lintian_finds_nothing "$dsc"
check "Ubuntu 24.04 has what the package depends on, by its names and versions" is_in_noble
check "the programs need no C library newer than that of Debian 12" symbols_are_old_enough
check "the licences and notices of all that is linked in are there" licences_are_there
check "no address is a placeholder" has_no_placeholders
for suite in ${SUITES:-bookworm trixie}; do
  bootstrap "$suite" >"$work/bootstrap" 2>&1 || { cat "$work/bootstrap" >&2; exit 1; }
  check "$suite: apt installs the package, and its tests pass there" passes_autopkgtest "$suite"
done

echo "1..$number"
echo "$((number - failures)) passed, $failures failed"
((failures == 0))
