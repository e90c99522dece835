#!/bin/sh
# Passes its rows on, if it could start all that it needs.
i=0
while [ $i -lt 100 ]; do
  i=$((i + 1))
  [ "$(echo a | cat | cat)" = a ] || exit 1
done
tail -n +2
