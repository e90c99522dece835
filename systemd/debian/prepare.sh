#!/usr/bin/env bash
# prepare.sh FOLDER: writes a folder "debian" of the package from what lies here. Called by build.sh and source.sh.

set -euo pipefail
umask 022
folder=$(realpath "$1")
cd "$(dirname "$0")/../.."
readonly folder here=systemd/debian

version=$(sed -nE 's/^public let musterVersion = "(.+)"$/\1/p' Sources/MusterAPI/Version.swift)-1
# The maintainer of a package is whoever makes it; without a name, whoever made the last commit.
commit() { git log -1 --format="$1" 2>/dev/null || true; }
maintainer="${DEBFULLNAME:-$(commit %an)} <${DEBEMAIL:-$(commit %ae)}>"
[[ $maintainer =~ ^[^\<]+\ \<[^@\ ]+@[^@\ ]+\>$ ]] ||
  { echo "\"$maintainer\" is no name with an address; set DEBFULLNAME and DEBEMAIL" >&2; exit 64; }
date=$(date --rfc-email --date="@$SOURCE_DATE_EPOCH")
readonly version maintainer date

mkdir -p "$folder"/{source,tests}
# Not by sed, for which a name may have signs with a meaning.
for file in changelog control; do
  text=$(<$here/$file)
  text=${text//@VERSION@/"$version"}
  text=${text//@MAINTAINER@/"$maintainer"}
  printf '%s\n' "${text//@DATE@/"$date"}" >"$folder/$file"
done
install --mode=644 $here/copyright "$folder/copyright"
install --mode=644 $here/source/format "$folder/source/format"
install --mode=644 $here/tests/control "$folder/tests/control"
install --mode=755 $here/tests/serves "$folder/tests/serves"
install --mode=755 $here/rules "$folder/rules"
