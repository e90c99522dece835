#!/bin/sh
# Keeps the rows with "persons" of at least the parameter of that name. Whole lines go through as they are, and with
# them the notes that they carry.
#
# By hand: ./at-least.sh < at-least.ndjson
exec awk '
  function persons(text) {
    return match(text, /"persons":-?[0-9]+/) ? substr(text, RSTART + 10, RLENGTH - 10) + 0 : -1
  }
  NR == 1 { least = persons($0); next }
  persons($0) >= least
'
