#!/usr/bin/env bash
# Prints what the copyright file of the binary package has beyond that of the sources: a stanza for each package that is
# linked in, or with --notices what their licences want passed on.
#
# What is linked in is what Package.resolved names. Who wrote it, and under what, is taken from the sources that SwiftPM
# fetched; a package that has no licence there ends this with an error, and so does one that nobody looked at yet.

set -euo pipefail
cd "$(dirname "$0")/../.."
export LC_ALL=C.UTF-8
readonly checkouts=${CHECKOUTS:-.build/checkouts} here=systemd/debian

fail() {
  echo "copyright.sh: $*" >&2
  exit 65
}

# Names of folders in the checkouts: the last part of each address.
mapfile -t packages < <(sed -nE 's,^ *"location" : ".*/([^/"]+)"\,?$,\1,p' Package.resolved | sed 's/\.git$//' | sort)
((${#packages[@]} > 0)) || fail "Package.resolved names no packages"
for package in "${packages[@]}"; do
  [[ -s $checkouts/$package/LICENSE.txt ]] || fail "$checkouts/$package has no LICENSE.txt; run make build first"
done

if [[ ${1-} == --notices ]]; then
  echo "Notices of the packages that Muster's programs are linked with. Their licences are in the file copyright."
  for package in "${packages[@]}"; do
    [[ -f $checkouts/$package/NOTICE.txt ]] || continue
    printf '\n%s\n%s\n\n' "$package" "${package//?/=}"
    cat "$checkouts/$package/NOTICE.txt"
  done
  exit
fi

# holders FOLDER...: who is named in its files, each with the first and the last year.
holders() {
  grep --recursive --no-filename --only-matching --text --extended-regexp 'Copyright( \(c\)| \(C\)| ©)? [0-9]{4}.*' "$@" |
    sed -E -e 's/( \*\/|<\/.*|\. All [Rr]ights [Rr]eserved.*| All rights reserved.*|[.,] *)$//' -e 's/Oracle and$/Oracle and its affiliates/' |
    awk '{
      line = $0
      first = 9999; last = 0
      sub(/^Copyright( \([cC]\)| ©)? /, "", line)
      while (match(line, /^[-, ]*[0-9][0-9][0-9][0-9]/)) {
        year = substr(line, RSTART + RLENGTH - 4, 4) + 0
        if (year < first) first = year
        if (year > last) last = year
        line = substr(line, RSTART + RLENGTH)
      }
      sub(/^[-, ]+/, "", line)
      sub(/[., ]+$/, "", line)
      if (line ~ /Inc$/) line = line "."
      if (line == "") next
      if (!(line in start) || first < start[line]) start[line] = first
      if (last > end[line]) end[line] = last
    }
    END { for (name in start) print (start[name] == end[name] ? start[name] : start[name] "-" end[name]) " " name }' |
    sort --key=2 | sed -e '1s/^/Copyright: /' -e '2,$s/^/ /'
}

# licence FILE: its short name.
licence() {
  if grep -q "Runtime Library Exception" "$1"; then
    echo "Apache-2.0 with Swift exception"
  elif grep -q "Apache License" "$1"; then
    echo "Apache-2.0"
  elif grep -q "Permission is hereby granted, free of charge" "$1"; then
    echo "Expat"
  else
    fail "$1 is a licence that nobody looked at yet"
  fi
}

# Runs of blank lines and lines without text, as the format wants them within a field.
as_field() { sed -E -e 's/[[:space:]]+$//' -e 's/^$/./' -e 's/^/ /'; }

# Files with terms of their own, which the licence of their package does not tell.
#
# brg_endian.h has a stanza in copyright.linked. CNIOSHA1 is for WebSockets, which no program of Muster has.
sources=("${packages[@]/#/$checkouts/}")
sources=("${sources[@]/%//Sources}")
unknown=$(grep --recursive --files-with-matches --ignore-case --extended-regexp --include='*.[chS]' --include='*.cc' \
  --include='*.swift' 'redistribution and use|permission (is hereby granted|to use, copy)' \
  "${sources[@]}" |
  grep -vE '/CXKCP/FIPS202-opt64/brg_endian\.h$|/CNIOSHA1/' || true)
[[ -z $unknown ]] || fail "terms that nobody looked at yet: $unknown"

for package in "${packages[@]}"; do
  [[ -d $checkouts/$package/Sources ]] || fail "$checkouts/$package has no Sources"
  who=$(holders "$checkouts/$package/Sources")
  [[ -n $who ]] || fail "the sources of $package name nobody"
  printf '\nFiles: .build/checkouts/%s/*\n%s\nLicense: %s\n' "$package" "$who" \
    "$(licence "$checkouts/$package/LICENSE.txt")"
  while IFS= read -r file; do
    folder=$(dirname "$file")
    printf '\nFiles: .build/checkouts/%s/*\n' "${folder#"$checkouts/"}"
    grep -m 1 -i copyright "$file" | sed -E 's/^.*Copyright[ ,]*(\([cC]\) ?)?/Copyright: /'
    printf 'License: %s\n' "$(licence "$file")"
    grep -iv '^copyright' "$file" | sed '/[^[:space:]]/,$!d' | as_field
  done < <(find "$checkouts/$package/Sources" -iname 'LICENSE*' -type f | sort)
done
# Behind those of the packages: of several that name a file the last one holds.
echo
cat $here/copyright.linked
