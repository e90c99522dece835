#!/usr/bin/env bash
# Puts what `make build` made, configuration, dataset and units into place. Called by `make install` and `make deb`.

set -euo pipefail
umask 022

if [[ ${1-} == --help ]]; then
  cat <<'HELP'
Usage: make install [DESTDIR=] [PREFIX=/usr/local] [SYSCONFDIR=/etc] [UNITDIR=]

Installs programs, manual pages, completions, units, configuration, dataset and example plugins. What is in SYSCONFDIR
already stays as it is. Units, users and folders for systemd go below PREFIX/lib where systemd looks there, and otherwise
below SYSCONFDIR.
Afterwards, without DESTDIR and as root:

  systemd-sysusers && systemd-tmpfiles --create && systemctl daemon-reload
  systemctl enable --now musterd.socket musterd.service
HELP
  exit
fi

cd "$(dirname "$0")/.."
readonly destdir=${DESTDIR-} prefix=${PREFIX:-/usr/local} sysconfdir=${SYSCONFDIR:-/etc}
case $prefix in
  /usr | /usr/local) lib=$prefix/lib ;;
  *) lib=$sysconfdir ;;
esac
readonly lib unitdir=${UNITDIR:-$lib/systemd/system}
for folder in "$prefix" "$sysconfdir" "$unitdir"; do
  [[ $folder =~ ^/[A-Za-z0-9._/-]+$ ]] ||
    { echo "\"$folder\" is no path from the root without blanks and other signs" >&2; exit 64; }
done
readonly programs=${PROGRAMS:-.build/release} man=${MAN:-.build/man} completions=${COMPLETIONS:-.build/completions}
readonly share=$prefix/share/muster

# put MODE SOURCE TARGET
put() { install -D --mode="$1" "$2" "$destdir$3"; }

# put_once SOURCE TARGET: for what an administrator may have edited.
put_once() { [[ -e $destdir$2 ]] || put 644 "$1" "$2"; }

# fill SOURCE TARGET [SED-OPTION...]: a text with the folders that were chosen.
fill() {
  local source=$1 target=$2
  shift 2
  mkdir -p "$(dirname "$destdir$target")"
  sed -E -e "s,/usr/(s?bin)/(musterd?)\b,$prefix/\1/\2,g" -e "s,/etc/(muster|default)/,$sysconfdir/\1/,g" "$@" \
    "$source" >"$destdir$target"
}

for file in "$programs"/{muster,musterd,muster-launcher} "$man"/{muster.1,musterd.8,musterd.yaml.5} \
  "$completions"/{{muster,musterd}.{bash,fish},_{muster,musterd}}; do
  [[ -s $file ]] || { echo "$file is missing; run make build first" >&2; exit 66; }
done
put 755 "$programs/muster" "$prefix/bin/muster"
put 755 "$programs/musterd" "$prefix/sbin/musterd"
put 755 "$programs/muster-launcher" "$prefix/libexec/muster/muster-launcher"

for unit in systemd/*.{socket,service,timer}; do fill "$unit" "$unitdir/${unit##*/}"; done
put 644 systemd/muster.sysusers "$lib/sysusers.d/muster.conf"
put 644 systemd/muster.tmpfiles "$lib/tmpfiles.d/muster.conf"

# The dataset is not the administrator's to edit; the configuration, which is, names it where it lies. And it lets the
# user of the scheduled exports have them written, into the folder that there is for them: then a file beside those in
# pipelines is all that an export needs.
readonly config=$sysconfdir/muster/musterd.yaml
if [[ ! -e $destdir$config ]]; then
  fill Config/musterd.yaml "$config" -e "s,^(  package: )(datasets/),\1$share/\2," \
    -e 's,^(  export: )nobody +# (.*),\1{ users: [muster] } # \2; the scheduled exports run as muster,' \
    -e 's,^# (exports:)$,\1,' -e 's,^# (  directory: /var/lib/muster-exports)$,\1,'
  for line in "  package: $share/" "  export: { users: \[muster\] }" "exports:$" "  directory: /var/lib/muster-exports$"; do
    grep -q "^$line" "$destdir$config" || { echo "Config/musterd.yaml has no place for $line" >&2; exit 65; }
  done
fi
for file in Config/pipelines/*.yaml; do put_once "$file" "$sysconfdir/muster/${file#Config/}"; done
[[ -e $destdir$sysconfdir/cron.d/muster-exports ]] ||
  fill Config/cron.d/muster-exports "$sysconfdir/cron.d/muster-exports"
put_once systemd/debian/musterd.default "$sysconfdir/default/musterd"
while IFS= read -r file; do put 644 "$file" "$share/${file#Config/}"; done < <(find Config/datasets -type f)

# The example that has to be compiled first is left out with its manifest.
while IFS= read -r file; do
  mode=644
  [[ -x $file ]] && mode=755
  put "$mode" "$file" "$share/plugins/${file#Plugins/Examples/}"
done < <(find Plugins/Examples -type f ! -path '*/swift-report/*' ! -name 'largest-observations.*' ! -name '*.pyc')

for file in "$man"/*.[158]; do put 644 "$file" "$prefix/share/man/man${file##*.}/${file##*/}"; done
for program in muster musterd; do
  put 644 "$completions/$program.bash" "$prefix/share/bash-completion/completions/$program"
  put 644 "$completions/_$program" "$prefix/share/zsh/vendor-completions/_$program"
  put 644 "$completions/$program.fish" "$prefix/share/fish/vendor_completions.d/$program.fish"
done
