#!/usr/bin/env bash
# Builds a Debian package from what `make build` made. Called by `make deb`.

set -euo pipefail
umask 022

if [[ ${1-} == --help ]]; then
  cat <<'HELP'
Usage: make deb [DEB=FOLDER]

Writes muster_VERSION-1_ARCHITECTURE.deb into FOLDER (.build/deb). The same programs give the same bytes: times in the
package are SOURCE_DATE_EPOCH, or that of the last commit. DEBFULLNAME and DEBEMAIL name the maintainer.
HELP
  exit
fi

cd "$(dirname "$0")/../.."
readonly here=systemd/debian output=${DEB:-.build/deb}
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH LC_ALL=C TZ=UTC
version=$(sed -nE 's/^public let musterVersion = "(.+)"$/\1/p' Sources/MusterAPI/Version.swift)-1
architecture=$(dpkg --print-architecture)
maintainer="${DEBFULLNAME:-Muster Developers} <${DEBEMAIL:-developers@muster.example}>"
readonly version architecture maintainer

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
readonly root=$work/root doc=$work/root/usr/share/doc/muster

DESTDIR=$root PREFIX=/usr SYSCONFDIR=/etc UNITDIR=/lib/systemd/system systemd/install.sh

# fill SOURCE TARGET
fill() {
  sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@MAINTAINER@/$maintainer/" \
    -e "s/@DATE@/$(date --rfc-email --date="@$SOURCE_DATE_EPOCH")/" "$1" >"$2"
}

mkdir -p "$doc" "$root/usr/share/lintian/overrides" "$root/DEBIAN"
install --mode=644 $here/copyright README.md "$doc"
install --mode=644 CHANGELOG.md "$doc/changelog"
fill $here/changelog "$doc/changelog.Debian"
ln -s ../../muster/plugins "$doc/examples"
install --mode=644 $here/muster.lintian-overrides "$root/usr/share/lintian/overrides/muster"
find "$root/usr/share" \( -path '*/doc/*/changelog*' -o -path '*/share/man/*' \) -type f \
  -exec gzip --best --no-name {} +

# The libraries that the programs are linked with, and the oldest versions that have what they use.
mkdir "$work/debian"
printf 'Source: muster\n\nPackage: muster\nArchitecture: any\n' >"$work/debian/control"
libraries=$(cd "$work" && dpkg-shlibdeps -O root/usr/bin/muster root/usr/sbin/musterd | sed -n 's/^shlibs:Depends=//p')
fill $here/control "$root/DEBIAN/control"
sed -i -e "s/@LIBRARIES@/$libraries/" \
  -e "s/@SIZE@/$(du --summarize --apparent-size --block-size=1K --exclude=DEBIAN "$root" | cut -f1)/" \
  "$root/DEBIAN/control"
install --mode=755 $here/postinst $here/prerm $here/postrm "$root/DEBIAN"
(cd "$root" && find etc -type f -printf '/%p\n' | sort >DEBIAN/conffiles)
(cd "$root" && find . -path ./DEBIAN -prune -o -path ./etc -prune -o -type f -printf '%P\0' | sort --zero-terminated |
  xargs --null md5sum >DEBIAN/md5sums)
find "$root" -newermt "@$SOURCE_DATE_EPOCH" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +

mkdir -p "$output"
dpkg-deb --root-owner-group -Zxz --build "$root" "$output/muster_${version}_$architecture.deb"
