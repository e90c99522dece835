# Sourced by the benchmarks: what they need is there, or gets installed, or they say what to install.

venv=$PWD/.build/tools/bench-venv
readonly venv
packages=(duckdb==2.0.0 varlink==31.0.0)
readonly packages

die() {
  echo "$(basename "$0"): $1" >&2
  exit 1
}

# need_command COMMAND DEBIAN_PACKAGE
need_command() {
  command -v "$1" >/dev/null && return
  ((EUID == 0)) && command -v apt-get >/dev/null || die "$1 is missing; install it (Debian: apt-get install $2)"
  echo "Installing $2" >&2
  { apt-get install -qq -y "$2" || { apt-get update -qq && apt-get install -qq -y "$2"; }; } >&2 ||
    die "apt-get cannot install $2"
}

need_python() {
  local wanted
  wanted=$(printf '%s\n' "${packages[@]}")
  [[ -f $venv/packages && $(<"$venv/packages") == "$wanted" ]] && return
  command -v python3 >/dev/null || die "python3 is missing"
  rm -rf "$venv"
  mkdir -p "$(dirname "$venv")"
  python3 -m venv "$venv" || die "no Python environment (Debian: python3-venv)"
  timeout 600 "$venv/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}" ||
    die "pip cannot install ${packages[*]}"
  echo "$wanted" >"$venv/packages"
}
