# The systems that `make package-test` and `make system-test` try the package in. Sourced by both, in the project's folder.

readonly folder=$PWD/.build-system-test
readonly packages=systemd,systemd-sysv,dbus,cron,init-system-helpers,python3

# newest PATTERN: the last that was built.
newest() {
  local file
  file=$(find "${DEB:-.build/deb}" -name "muster_$1" -printf '%T@ %p\n' | sort -n | tail -n 1 | cut -d ' ' -f 2-)
  [[ -n $file ]] || { echo "there is no package; run make deb first" >&2; exit 66; }
  echo "$file"
}

tools() {
  command -v debootstrap >/dev/null && command -v systemd-nspawn >/dev/null && command -v lintian >/dev/null && return
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
    debootstrap systemd-container lintian >/dev/null
}

# root_of SUITE: its folder.
root_of() { echo "$folder/$1"; }

# bootstrap SUITE: makes its folder, which is whole or not there.
bootstrap() {
  local root
  root=$(root_of "$1")
  [[ -f $root/packages && $(<"$root/packages") == "$packages" ]] && return
  rm -rf "$root" "$root.new"
  timeout 900 debootstrap --variant=minbase --include="$packages" "$1" "$root.new"
  echo "$packages" >"$root.new/packages"
  mv "$root.new" "$root"
}
