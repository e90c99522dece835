#!/usr/bin/env bash
# Tests/completions.sh: completes in bash, zsh and fish, with a musterd that serves the shipped configuration, and with
# none. Prints PASS or FAIL for each check and fails if one does. PROGRAMS and COMPLETIONS are what `make manuals` made
# and was made from.
set -euo pipefail
cd "$(dirname "$0")/.."

programs=$(realpath "${PROGRAMS:-.build/release}")
completions=$(realpath "${COMPLETIONS:-.build/completions}")

missing=()
for shell in zsh fish; do command -v "$shell" >/dev/null || missing+=("$shell"); done
command -v script >/dev/null || missing+=(bsdutils)
if ((${#missing[@]})); then
  sudo=""; [ "$(id -u)" = 0 ] || sudo="sudo"
  $sudo apt-get update -qq
  $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

work=$(mktemp -d)
trap 'kill -CONT "$daemon" 2>/dev/null || true; kill "$daemon" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
mkdir "$work/exports" "$work/home"
cp -r Config "$work/config"
cat >>"$work/config/musterd.yaml" <<YAML
exports:
  directory: $work/exports
  blocs: { report: bloc-aggregate, exporter: csv, file: blocs.csv }
  by-country: { report: country-summary, exporter: json, file: countries.json }
YAML
export PATH="$programs:$PATH" HOME="$work/home" LC_ALL=C.UTF-8 TERM=xterm MUSTER_ADDRESS="unix:$work/socket"
unset XDG_CONFIG_HOME XDG_DATA_HOME
musterd --config "$work/config/musterd.yaml" --listen "$MUSTER_ADDRESS" --log-level error & daemon=$!
until [ -S "$work/socket" ]; do kill -0 "$daemon"; sleep 0.05; done
cd "$work"
mkdir copies
touch copies/blocs.csv notes.csv

cat >bashrc <<RC
PS1='$ '
words() { printf '\nwords:'; printf '<%s>' "\$@"; printf '\n'; }
source "$completions/muster.bash"
source "$completions/musterd.bash"
bind 'set bell-style none'
RC
mkdir zdot
cat >zdot/.zshrc <<RC
PS1='$ '
words() { printf '\nwords:'; printf '<%s>' "\$@"; printf '\n'; }
fpath=("$completions" \$fpath)
autoload -Uz compinit
compinit -D -u
bindkey -e
unsetopt beep
RC
cat >config.fish <<RC
function fish_prompt; printf '$ '; end
function words; printf '\nwords:'; printf '<%s>' \$argv; printf '\n'; end
set -g fish_greeting
set -g fish_autosuggestion_enabled 0
source "$completions/muster.fish"
source "$completions/musterd.fish"
RC

status=0
check() { # check WHAT GOT WANTED
  if [[ $2 == "$3" ]]; then echo "PASS $1"; else
    echo "FAIL $1: \"${2//$'\n'/ | }\" instead of \"${3//$'\n'/ | }\""
    status=1
  fi
}

# The words of a command line that is typed into an interactive shell, tabs among them.
typed() { typed_all "$1" "$2"$'\001words \n' | head -n 1; } # typed SHELL KEYS

# The same of several command lines, each ended as `typed` does it.
typed_all() { # typed_all SHELL KEYS
  local command
  case $1 in
    bash) command="bash --noprofile --rcfile $work/bashrc -i" ;;
    zsh) command="env ZDOTDIR=$work/zdot zsh -d -i" ;;
    fish) command="fish --no-config --init-command 'source $work/config.fish' --interactive" ;;
  esac
  printf '%sexit\n' "$2" | timeout 120 script -qec "$command" /dev/null | tr -d '\r' | sed -n 's/^words://p'
}

types() { # types KEYS WORDS: in each shell
  for shell in bash zsh fish; do check "$shell: $1" "$(typed "$shell" "${1//<TAB>/$'\t'}")" "$2"; done
}

# What the script of a shell is told of the last word.
offers() { # offers SHELL ARGUMENT CANDIDATES WORDS...
  local words=("${@:4}") last=${*: -1}
  check "offers $1: ${words[*]}" \
    "$(SAP_SHELL=$1 muster ---completion "${words[1]}" -- "$2" $((${#words[@]} - 1)) ${#last} "${words[@]}")" "$3"
}

types 'muster stat<TAB>' '<muster><status>'
types 'muster run country-s<TAB>' '<muster><run><country-summary>'
types 'muster describe bloc<TAB>' '<muster><describe><bloc-aggregate>'
types 'muster run bloc-aggregate --set sch<TAB>al<TAB>' '<muster><run><bloc-aggregate><--set><scheme=alliances_1955>'
types 'muster run bloc-aggregate --set totals=c<TAB>' '<muster><run><bloc-aggregate><--set><totals=computed>'
types 'muster run bloc-aggregate --set totals=both --set s<TAB>reg<TAB>' \
  '<muster><run><bloc-aggregate><--set><totals=both><--set><scheme=region>'
types 'muster run country-summary --where sou<TAB>memo<TAB>' \
  '<muster><run><country-summary><--where><source=memorandum>'
types 'muster run country-summary --where source=memorandum,attachment_5<TAB>' \
  '<muster><run><country-summary><--where><source=memorandum,attachment_5>'
types 'muster run country-summary --where country=finl<TAB>--format js<TAB>' \
  '<muster><run><country-summary><--where><country=finland><--format><json>'
types 'muster run country-summary --where country!=finl<TAB>--format js<TAB>' \
  '<muster><run><country-summary><--where><country!=finland><--format><json>'
types 'muster run country-summary --format csv --format-set no<TAB>t<TAB>' \
  '<muster><run><country-summary><--format><csv><--format-set><notes=true>'
types 'muster why country-summary finl<TAB>rema<TAB>' '<muster><why><country-summary><finland><remaining>'
types 'muster dimensions cou<TAB>' '<muster><dimensions><country>'
types 'muster export bl<TAB>by<TAB>' '<muster><export><blocs><by-country>'
types 'muster verify blo<TAB>' '<muster><verify><blocs>'
types 'muster verify copies/bl<TAB>' '<muster><verify><copies/blocs.csv>'
types 'muster plugins --audit country-s<TAB>' '<muster><plugins><--audit><country-summary>'
types 'musterd check --config config/must<TAB>' '<musterd><check><--config><config/musterd.yaml>'
types 'muster reconcile --fail-on una<TAB>' '<muster><reconcile><--fail-on><unacknowledged>'

others=$'scheme=\nmeasure=\ncolumns=\nof=\nlevel=\nprefer='
offers bash --set "$others"$'\ntotals=\nincomplete=' muster run bloc-aggregate --set ''
offers bash --set "$others"$'\nincomplete=' muster run bloc-aggregate --set totals=both --set ''
offers bash --set $'totals=none\ntotals=computed\ntotals=stated\ntotals=both' muster run bloc-aggregate --set scheme=region --set 't'
offers bash --where $'source=\ncountry=\ncategory=\ndisposition=' muster run country-summary --where ''
offers bash --where 'country!=poland,under:finland' muster run country-summary --where 'country!=poland,under:finl'
offers bash --where $'source=attachment_1..attachment_2' muster run country-summary --where 'source=attachment_1..attachment_2'
offers bash positional@0 by-country muster export blocs 'by'
offers fish positional@0 "country-summary"$'\t'"$(muster list --json |
  sed -E 's/.*"name":"country-summary","title":"([^"]*)".*/\1/')" muster run country-s
offers zsh --format $'json:One JSON document with columns, rows, totals and notes\n ' muster run country-summary --format json

# Whatever stands in a code is text and nothing else, in each shell, and what nobody can type is not offered.
mkdir odd
python3 - <<'PY'
import json, string
texts = [*string.punctuation, " ", "  ", "$(touch pwned)", "`touch pwned`", "$((1/0))", "${HOME}", "a b'c\"d", "!!", "!$ \\\"!", "it's!\\",
    "Ä", "é", "\x1b[2J", "\u202e"]
codes = [f"q{number:02}{text}z" for number, text in enumerate(texts)]
quoted = lambda text: '"' + text.replace('"', '""') + '"'
places = {"fields": [{"name": "id"}], "primaryKey": "id"}
fields = [{"name": "place"}, {"name": "kind", "categories": ["a"]}, {"name": "n", "type": "integer"}]
keys = [{"fields": "place", "reference": {"resource": "places", "fields": "id"}}]
package = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": "odd", "resources": [
    {"name": "observations", "path": "observations.csv", "schema": {"fields": fields, "foreignKeys": keys}},
    {"name": "places", "path": "places.csv", "schema": places}]}
json.dump(package, open("odd/datapackage.json", "w"))
open("odd/places.csv", "w").write("\n".join(["id", *map(quoted, codes)]) + "\n")
open("odd/observations.csv", "w").write("\n".join(["place,kind,n", *(f"{quoted(code)},a,1" for code in codes)]) + "\n")
open("odd/codes", "w").write("".join(code + "\n" for code in codes))
PY
cat >odd/musterd.yaml <<YAML
dataset: { package: datapackage.json, place: place, breakdown: kind, measure: n }
reports:
  odd: { title: Odd, pipeline: [country-summary] }
YAML
address=$MUSTER_ADDRESS
export MUSTER_ADDRESS="unix:$work/odd/socket"
musterd --config "$work/odd/musterd.yaml" --listen "$MUSTER_ADDRESS" --log-level error & odd=$!
until [ -S "$work/odd/socket" ]; do kill -0 "$odd"; sleep 0.05; done
for way in 'why odd ' 'run odd --where place='; do
  begin=${way##* }
  words=(${way% *})
  [[ $way = why* ]] && asked=(positional@1 3) || asked=(--where 4)
  candidates=() wanted=''
  while IFS= read -r code; do
    candidate=$(SAP_SHELL=bash muster ---completion "${words[0]}" -- "${asked[@]}" $((${#begin} + 3)) \
      muster "${words[@]}" "$begin${code:0:3}" | head -n 1)
    candidates+=("$candidate")
    wanted+="<muster>$(printf '<%s>' "${words[@]}")<${candidate:-$begin${code:0:3}}>"$'\n'
  done <odd/codes
  # A quote that was typed first, there or before the whole word, is the shell's as well.
  openings=("$way" "$way\"" "$way'")
  [[ -z $begin ]] || openings+=("${way% *} \"$begin" "${way% *} '$begin")
  for opening in "${openings[@]}"; do
    keys='' number=0
    while IFS= read -r code; do
      # Nobody else closes that of what is not completed.
      [[ -n ${candidates[number++]} ]] && close='' || close=${opening//[^\"\']/}
      keys+="muster $opening${code:0:3}"$'\t'"$close"$'\001words \n'
    done <odd/codes
    for shell in bash zsh fish; do
      check "$shell: muster $opening with odd codes" "$(typed_all "$shell" "$keys")" "${wanted%$'\n'}"
    done
  done
done
check "no code is run as a command" "$(ls pwned 2>/dev/null)" ""
kill "$odd"
export MUSTER_ADDRESS=$address

# The command line says who is asked.
address=$MUSTER_ADDRESS
export MUSTER_ADDRESS="unix:$work/nobody"
types "muster --address $address run country-s<TAB>" "<muster><--address><$address><run><country-summary>"
types "muster run --address $address country-s<TAB>" "<muster><run><--address><$address><country-summary>"
types "muster export --standalone config/musterd.yaml bl<TAB>" \
  '<muster><export><--standalone><config/musterd.yaml><blocs>'

# Nobody there is nothing to complete, and no message into the command line.
types 'muster run country-s<TAB>' '<muster><run><country-s>'
cat >program <<'SH'
#!/bin/sh
touch started
SH
chmod +x program
types "muster --address exec:$work/program run x<TAB>" "<muster><--address><exec:$work/program><run><x>"
check "no program is started" "$(ls started 2>/dev/null)" ""

# Nor has one that does not answer.
export MUSTER_ADDRESS=$address
kill -STOP "$daemon"
begun=${EPOCHREALTIME/./}
check "stopped: status" "$(SAP_SHELL=bash muster ---completion run -- positional@0 2 0 muster run '' 2>&1)" ""
took=$((${EPOCHREALTIME/./} - begun))
check "stopped: ends in time" "$((took < 1500000 || took))" 1
types 'muster run country-s<TAB>' '<muster><run><country-s>'
kill -CONT "$daemon"

exit $status
