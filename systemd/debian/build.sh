#!/usr/bin/env bash
# Builds a Debian package from what `make build` made. Called by `make deb`.

set -euo pipefail
umask 022

if [[ ${1-} == --help ]]; then
  cat <<'HELP'
Usage: make deb [DEB=FOLDER]

Writes muster_VERSION-1_ARCHITECTURE.deb into FOLDER (.build/deb). The same programs give the same bytes: times in the
package are SOURCE_DATE_EPOCH, or that of the last commit. DEBFULLNAME and DEBEMAIL name the maintainer, who else is the
author of that commit. With DEBIAN=FOLDER it takes the folder "debian" of a source package.
HELP
  exit
fi

cd "$(dirname "$0")/../.."
readonly here=systemd/debian
output=$(realpath --canonicalize-missing "${DEB:-.build/deb}")
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH LC_ALL=C.UTF-8 TZ=UTC

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
readonly output root=$work/root doc=$work/root/usr/share/doc/muster
if [[ -n ${DEBIAN-} ]]; then
  cp --recursive "$DEBIAN" "$work/debian"
  files=$(realpath "$DEBIAN")/files
else
  mkdir "$work/debian"
  $here/prepare.sh "$work/debian"
  files=$work/debian/files
fi
readonly files

DESTDIR=$root PREFIX=/usr SYSCONFDIR=/etc UNITDIR=/usr/lib/systemd/system systemd/install.sh

mkdir -p "$doc" "$root/usr/share/lintian/overrides" "$root/DEBIAN"
install --mode=644 README.md "$doc"
{ cat "$work/debian/copyright" && echo && $here/copyright.sh; } >"$doc/copyright"
$here/copyright.sh --notices >"$doc/NOTICE"
install --mode=644 CHANGELOG.md "$doc/changelog"
install --mode=644 "$work/debian/changelog" "$doc/changelog.Debian"
ln -s ../../muster/plugins "$doc/examples"
install --mode=644 $here/muster.lintian-overrides "$root/usr/share/lintian/overrides/muster"
find "$root/usr/share" \( -path '*/doc/*/changelog*' -o -path '*/doc/*/NOTICE' -o -path '*/share/man/*' \) -type f \
  -exec gzip --best --no-name {} +

install --mode=755 $here/postinst $here/prerm $here/postrm "$root/DEBIAN"
(cd "$root" && find etc -type f -printf '/%p\n' | sort >DEBIAN/conffiles)
(cd "$root" && find . -path ./DEBIAN -prune -o -path ./etc -prune -o -type f -printf '%P\0' | sort --zero-terminated |
  xargs --null md5sum >DEBIAN/md5sums)
# The libraries that the programs are linked with, and the oldest versions that have what they use; and what the launcher
# has the C library of.
(
  cd "$work"
  dpkg-shlibdeps -Tsubstvars root/usr/bin/muster root/usr/sbin/musterd
  dpkg-query --show --showformat='muster:Built-Using=${source:Package} (= ${source:Version})\n' libc6-dev >>substvars
  dpkg-gencontrol -pmuster -Tsubstvars -Proot -f"$files"
)
find "$root" -newermt "@$SOURCE_DATE_EPOCH" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +

mkdir -p "$output"
dpkg-deb --root-owner-group -Zxz --build "$root" "$output"
