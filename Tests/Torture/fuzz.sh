#!/usr/bin/env bash
# Tests/Torture/fuzz.sh build: builds muster-fuzz with libFuzzer and the address sanitizer, below FUZZ_BUILD.
# Tests/Torture/fuzz.sh run [ENTRY...]: gives inputs to each reader for FUZZ_SECONDS, two at once, beginning with those
# that are kept in Tests/Corpus/fuzz. What fails is put below Tests/Torture/Fuzz/findings, and the exit status is 1.
# Tests/Torture/fuzz.sh keep [ENTRY...]: takes some of what runs have found new into the corpus, small and large ones.
# Tests/Torture/fuzz.sh self-test: whether planted faults are found.
set -euo pipefail
cd "$(dirname "$0")/../.."

build=$(realpath -m "${FUZZ_BUILD:-.build-fuzz}")
fuzzer=$build/release/muster-fuzz
# What runs find new; not kept in the repository.
found=$build/found
corpus=Tests/Corpus/fuzz
findings=Tests/Torture/Fuzz/findings
# Of an entry, how many inputs that were found are kept, and their KiB: each is replayed by every `swift test`.
corpus_count=60
corpus_limit=48

# Swift's own report of a crash would come before libFuzzer keeps the input. What leaks is not looked for: the runtime keeps
# what it makes of types for ever.
export SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS=detect_leaks=0:abort_on_error=0:detect_stack_use_after_return=1:quarantine_size_mb=64

# The source of the libyaml that is installed, which reads what comes from outside, too: checked like ours, and linked in.
build_yaml() {
  local place=$build/libyaml file
  [ ! -e "$place/lib/libyaml.a" ] || return 0
  rm -rf "$place"
  mkdir -p "$place"/{sources,lists/partial,lib}
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources}; do
    [ ! -e "$file" ] || sed -E 's/^deb /deb-src /; s/^(Types: *)deb *$/\1deb-src/' "$file" >"$place/sources/$(basename "$file")"
  done
  local apt=(apt-get -qq -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$place/sources"
    -o Dir::State::lists="$place/lists" -o APT::Sandbox::User=root)
  "${apt[@]}" update
  (cd "$place" && "${apt[@]}" --download-only source "libyaml=$(dpkg-query -W -f '${source:Version}' libyaml-dev)")
  tar -xf "$place"/libyaml_*.orig.tar.* -C "$place" --strip-components=1
  for file in "$place"/src/*.c; do
    "$(dirname "$(readlink -f "$(command -v swift)")")/clang" -O1 -g -I"$place/include" -DYAML_VERSION_MAJOR=0 \
      -DYAML_VERSION_MINOR=0 -DYAML_VERSION_PATCH=0 -DYAML_VERSION_STRING='""' \
      -fsanitize=address,undefined,fuzzer-no-link -fsanitize-trap=undefined -c "$file" -o "$place/lib/$(basename "$file" .c).o"
  done
  ar rcs "$place/lib/libyaml.a" "$place"/lib/*.o
  # By which SwiftPM finds it before the one of the system.
  printf '%s\n' 'Name: yaml' 'Description: libyaml' 'Version: 0' 'Cflags:' "Libs: -L$place/lib -lyaml" >"$place/lib/yaml-0.1.pc"
}

build() {
  build_yaml
  # The last -sanitize holds, so that it names both. As optimised as what is shipped, but with the checks of a debug build: a buffer knows its end.
  # Functions of C headers are compiled within Swift's modules, with the options of C alone; what is undefined in C ends the program by a trap.
  PKG_CONFIG_PATH="$build/libyaml/lib" MUSTER_FUZZ=1 swift build --configuration release --scratch-path "$build" --sanitize=address \
    -Xswiftc -sanitize=fuzzer,address -Xcc -fsanitize=address,undefined -Xcc -fsanitize-trap=undefined \
    -Xswiftc -assert-config -Xswiftc Debug -Xswiftc -use-ld=lld --product muster-fuzz
}

entries() {
  # The usage lists them, and fails.
  { MUSTER_FUZZ_ENTRY= "$fuzzer" 2>&1 || true; } | sed -n 's/^  //p' | grep -v '^planted-'
}

run_one() {
  local entry=$1
  mkdir -p "$found/$entry" "$corpus/$entry" "$findings/$entry"
  local log=$found/$entry.log
  if MUSTER_FUZZ_ENTRY=$entry "$fuzzer" -max_total_time="${FUZZ_SECONDS:-60}" -max_len=8192 -timeout="${FUZZ_TIMEOUT:-25}" -rss_limit_mb=4096 \
    -print_final_stats=1 -artifact_prefix="$findings/$entry/" "$found/$entry" "$corpus/$entry" >"$log" 2>&1; then
    rmdir --ignore-fail-on-non-empty "$findings/$entry"
    printf '%s: %s inputs, nothing found\n' "$entry" "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")"
  else
    printf '%s: FOUND, see %s and %s\n' "$entry" "$log" "$findings/$entry"
    grep -aE '^FOUND|ERROR: |Fatal error|SUMMARY' "$log" | head -n 5 || true
    return 1
  fi
}

run() {
  local names=("$@")
  ((${#names[@]})) || mapfile -t names < <(entries)
  export -f run_one
  export fuzzer found corpus findings
  printf '%s\n' "${names[@]}" | xargs -P 2 -I{} bash -euo pipefail -c 'run_one {}'
}

# Inputs that people wrote stay, under names that are no digests. Of those that were found, small and large ones are taken,
# as many as there is room for.
choose() {
  local entry=$1 size=0 count=0 all bytes file
  find "$corpus/$entry" -type f -regextype egrep -regex '.*/[0-9a-f]{40}' -delete
  all=$(find "$found/$entry.merged" -type f | wc -l)
  while read -r bytes file; do
    ((size + bytes > corpus_limit * 1024)) && continue
    size=$((size + bytes)) count=$((count + 1))
    cp "$file" "$corpus/$entry/"
  done < <(find "$found/$entry.merged" -type f -printf '%s %p\n' | sort -n |
    awk -v every="$(((all + corpus_count - 1) / corpus_count))" 'every && NR % every == 0')
  printf '%s: %s inputs of %s, %s bytes\n' "$entry" "$count" "$all" "$size"
}

keep() {
  local names=("$@")
  ((${#names[@]})) || mapfile -t names < <(entries)
  local entry
  for entry in "${names[@]}"; do
    mkdir -p "$found/$entry" "$corpus/$entry"
    rm -rf "$found/$entry.merged"
    mkdir "$found/$entry.merged"
    MUSTER_FUZZ_ENTRY=$entry "$fuzzer" -merge=1 -max_len=8192 "$found/$entry.merged" "$corpus/$entry" "$found/$entry" \
      2>"$found/$entry.merge.log"
    # Better the corpus that was there than none.
    [ -n "$(ls "$found/$entry.merged")" ] || { echo "$entry: nothing was merged" >&2; return 1; }
    choose "$entry"
  done
}

# planted ENTRY PATTERN WHAT: whether a planted fault ends a run with a report that matches.
planted() {
  local place
  place=$(mktemp -d)
  if MUSTER_FUZZ_ENTRY=planted-$1 "$fuzzer" -max_total_time=120 -artifact_prefix="$place/" >"$place/log" 2>&1; then
    echo "$3 was not found in two minutes" >&2
    return 1
  fi
  if ! grep -q "$2" "$place/log" || ! ls "$place"/crash-* >/dev/null; then
    echo "$3 was not found, or its input not kept: see $place/log" >&2
    return 1
  fi
  rm -rf "$place"
  echo "$3 is found"
}

self_test() {
  local overflow='ERROR: AddressSanitizer: heap-buffer-overflow'
  planted in-swift "$overflow" "a byte that Swift writes past the end of memory"
  planted in-c "$overflow" "a byte that C reads past the end of memory"
  planted undefined 'Undefined Behavior Sanitizer$Shift exponent' "a shift that C does not define"
}

case ${1-} in
  build) build ;;
  run) run "${@:2}" ;;
  keep) keep "${@:2}" ;;
  self-test) self_test ;;
  *) sed -n '2,6s/^# //p' "$0" >&2; exit 64 ;;
esac
