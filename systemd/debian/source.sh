#!/usr/bin/env bash
# Makes a Debian source package of the last commit. Called by `make deb-source`.

set -euo pipefail
umask 022

if [[ ${1-} == --help ]]; then
  cat <<'HELP'
Usage: make deb-source [DEB=FOLDER]

Writes muster_VERSION-1.dsc with its archives into FOLDER (.build/deb): the last commit, and a folder "debian" that says
how `make build` and systemd/debian/build.sh make the package. Who builds it needs Swift in PATH, which Debian does not
have, and the network, by which SwiftPM fetches the packages that Package.resolved names.
HELP
  exit
fi

cd "$(dirname "$0")/../.."
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH LC_ALL=C.UTF-8 TZ=UTC
output=$(realpath --canonicalize-missing "${DEB:-.build/deb}")
version=$(sed -nE 's/^public let musterVersion = "(.+)"$/\1/p' Sources/MusterAPI/Version.swift)
readonly output version

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
readonly root=$work/muster-$version
mkdir "$root"
git archive --format=tar HEAD | tar --extract --directory="$root"
# Git does not have it, and it names the versions of what is fetched.
cp Package.resolved "$root/"
tar --create --directory="$work" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
  --mode=go-w "muster-$version" | xz >"$work/muster_$version.orig.tar.xz"

mkdir "$root/debian"
systemd/debian/prepare.sh "$root/debian"
# Of what it needs to be built it needs nothing for this.
(cd "$root" && dpkg-buildpackage --build=source --no-sign --no-check-builddeps --no-pre-clean)
mkdir -p "$output"
find "$work" -maxdepth 1 -type f -exec mv -t "$output" {} +
