#!/usr/bin/env bash
# Serves a dataset from a disk that hangs, and holds musterd to answering whatever needs no disk. Prints PASS or FAIL for
# each check, and fails if one does. PROGRAMS is the folder with musterd and muster. Needs root, for FUSE.
set -euo pipefail

((EUID == 0)) || exec sudo --preserve-env=PATH,PROGRAMS "$0" "$@"
cd "$(dirname "$0")/../.."

if ! command -v fusermount3 >/dev/null || ! pkg-config --exists fuse3 || ! command -v cc >/dev/null; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends fuse3 libfuse3-dev pkg-config gcc libc6-dev >/dev/null
fi
[[ -c /dev/fuse ]] || mknod /dev/fuse c 10 229

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC2046 # several words are meant
cc -O1 -Wall -Wextra -o "$work/hanging-folder" Tests/HungDisk/hanging-folder.c $(pkg-config --cflags --libs fuse3)
# Its own limits are shorter; this one is for a fault of its own.
timeout --kill-after=20 240 python3 Tests/HungDisk/hung-disk.py "${PROGRAMS:-.build/release}" "$work/hanging-folder"
