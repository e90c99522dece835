#!/usr/bin/env bash
# The checks of `make system-test`, run as root in a freshly booted system. Prints TAP: ok or not ok for each.
#
# A check is a function below, run by a process of its own in which a command that fails ends it. What it printed, and
# the commands that it ran, follow a "not ok".

set -euo pipefail

readonly state=/run/system-test
readonly check_seconds=200
readonly deb=/var/cache/muster.deb older_deb=/var/cache/muster-older.deb config=/etc/muster/musterd.yaml
readonly exports=/var/lib/muster-exports report=/etc/muster/pipelines/system-test.yaml
# What an administrator who wants exports adds, without a change to a file of the package.
readonly own=/etc/muster/pipelines/own.yaml own_cron=/etc/cron.d/muster-own
readonly own_timer=/etc/systemd/system/muster-export@own-report.timer.d

# --- What checks are made of --------------------------------------------------------------------------------------

as() { runuser --user "$1" -- "${@:2}"; }
main_pid() { systemctl show --property=MainPID --value musterd.service | grep -vx 0; }
# The journal writes down in its own time what it is told.
journal() { journalctl --sync && journalctl --quiet --output=cat --unit=musterd.service "$@"; }
now() { date +'%F %T.%6N'; }

# eventually SECONDS COMMAND...: it succeeds before so much time is over.
eventually() {
  local deadline=$((SECONDS + $1))
  set +x
  until "${@:2}"; do
    ((SECONDS < deadline)) || { echo "not within $1 s: ${*:2}"; return 1; }
    sleep 0.1
  done
}

# refuses STATUS TEXT COMMAND...: it ends with that status and prints the text.
refuses() {
  local status=0 output
  output=$("${@:3}" 2>&1) || status=$?
  echo "$output"
  [[ $status == "$1" && $output == *"$2"* ]] || { echo "exit status $status instead of $1 with \"$2\""; return 1; }
}

same() { [[ $1 == "$2" ]] || { echo "\"$1\" is not \"$2\""; return 1; }; }

has_another_pid() { local pid; pid=$(main_pid) && [[ $pid != "$1" ]]; }

# All files that a package could leave behind. Caches and records of the system itself are not its.
files() {
  find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /tmp -o -path /srv -o -path /root \
    -o -path /var/log -o -path /var/tmp -o -path /var/cache -o -path /var/lib/apt -o -path /var/lib/dpkg \
    -o -path /var/spool/cron -o -path /home -o -path '/etc/*-' \) -prune -o -print
  find /run -path /run/systemd -prune -o -path /run/system-test -prune -o -path /run/log -prune -o \
    -path /run/user -prune -o -path /run/agetty.reload -o -print
}

# with_config <LINES: adds them to the configuration until the check ends.
with_config() {
  cp "$config" "$state/config"
  trap restore_config EXIT
  cat >>"$config"
}

# with_report <STEPS: a report named "test" until the check ends.
with_report() {
  { printf 'reports:\n  test:\n    title: Test\n    pipeline:\n'; sed 's/^/      /'; } >"$report"
}

restore_config() {
  cp "$state/config" "$config"
  rm -f "$report"
  muster reload
}

# --- The checks -----------------------------------------------------------------------------------------------------

installs() {
  files | sort >"$state/files"
  DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends "$deb"
  systemctl is-active musterd.socket musterd.service
  systemctl is-enabled musterd.socket musterd.service
  useradd --create-home --groups muster reader
  useradd --create-home stranger
}

units_are_clean() {
  local output
  output=$(systemd-analyze verify --man=no /lib/systemd/system/musterd.{socket,service} /lib/systemd/system/muster-export@.{service,timer} 2>&1)
  same "$output" ""
}

sandbox_is_tight() {
  local unit
  for unit in musterd muster-export@; do
    systemd-analyze security --offline=true --no-pager --threshold=5 "/lib/systemd/system/$unit.service" | tail -n 1
  done
}

socket_starts_service() {
  systemctl stop musterd.service
  same "$(systemctl is-active musterd.service || true)" inactive
  same "$(stat --format='%F %a %U %G' /run/musterd/org.muster.Reports)" "socket 660 root muster"
  as reader muster list
  systemctl is-active musterd.service
  as reader muster --address /run/varlink/registry/org.muster.Reports list
}

members_read() {
  as reader muster run country-summary --format csv | tee "$state/summary.csv"
  grep -q '^poland,' "$state/summary.csv"
  refuses 77 "" as stranger muster list
}

accepted_connection_is_served() {
  systemctl start system-test-accept.socket
  as reader muster --address unix:/run/system-test-accept run country-summary --format csv | cmp - "$state/summary.csv"
  refuses 77 "" as reader muster --address unix:/run/system-test-accept reload
  # Its only connection is closed, so it has ended.
  eventually 10 no_instances
  systemctl stop system-test-accept.socket
  same "$(systemctl list-units --failed --plain --no-legend 'system-test-accept*')" ""
}

no_instances() { [[ -z $(systemctl list-units --plain --no-legend --state=active 'system-test-accept@*') ]]; }

root_reloads() {
  refuses 77 "" as reader muster reload
  muster reload
  systemctl reload musterd.service
}

reload_swaps() {
  local before
  before=$(muster status --json)
  with_config <<'YAML'

# changed
YAML
  sed -i 's/^  cache_size: .*/  cache_size: 1MiB/' "$config"
  systemctl reload musterd.service
  python3 - "$before" "$(muster status --json)" <<'PYTHON'
import json, sys
before, after = map(json.loads, sys.argv[1:])
assert after["generation"] == before["generation"] + 1, (before, after)
assert after["processId"] == before["processId"], "the process was replaced"
PYTHON
}

broken_reload_is_loud() {
  local start pid line status=0
  start=$(now) pid=$(main_pid)
  with_config <<'YAML'
limitz: { reply_size: 1MiB }
YAML
  line=$(grep -n '^limitz' "$config" | cut -d : -f 1)
  systemctl reload musterd.service || status=$?
  same "$status" 1
  # ExecReload's own words, and the daemon's.
  journal --since "$start" | tee "$state/log"
  grep -F "$config:$line:1: " "$state/log"
  systemctl status musterd.service | tee "$state/status" || true
  grep -F "$config:$line:1: " "$state/status"
  same "$(main_pid)" "$pid"
  as reader muster run country-summary --format csv | cmp - "$state/summary.csv"
}

has_failed() { [[ $(failed_units) == musterd.service ]]; }
failed_units() { systemctl list-units --failed --plain --no-legend 'musterd*' | cut -d ' ' -f 1; }

broken_start_is_loud() {
  local start line output status=0
  start=$(now)
  with_config <<'YAML'
limitz: { reply_size: 1MiB }
YAML
  line=$(grep -n '^limitz' "$config" | cut -d : -f 1)
  systemctl restart musterd.service || status=$?
  same "$status" 1
  eventually 5 has_failed
  # As cron runs it, which mails what is printed.
  for _ in 1 2 3; do
    refuses 78 "$config:$line:1: " as muster timeout 20 muster export --all
    refuses 78 "musterd serves nothing" as reader timeout 20 muster run country-summary
  done
  eventually 5 has_failed
  systemctl status musterd.service | tee "$state/status" || true
  grep -F "$config:$line:1: " "$state/status"
  # Nothing was tried again that nobody asked for.
  (($(journal --since "$start" | wc -l) < 100))
  restore_config
  trap - EXIT
  as reader muster run country-summary --format csv | cmp - "$state/summary.csv"
  same "$(failed_units)" ""
}

# One of many clients, until there is the file "stop".
keep_asking() {
  local count=0
  set +x
  while [[ ! -e $state/stop ]]; do
    if as reader muster run country-summary --format csv 2>"$state/error.$1" | cmp - "$state/summary.csv"; then
      count=$((count + 1))
    else
      cat "$state/error.$1"
      echo "run $count of client $1 failed"
      return 1
    fi
  done
  echo "$count" >"$state/count.$1"
}

restart_refuses_nobody() {
  local clients=() client status=0 pids=()
  rm -f "$state/stop"
  for client in 1 2 3 4 5 6; do
    keep_asking "$client" &
    clients+=($!)
  done
  for _ in 1 2 3 4 5 6 7 8; do
    sleep 0.7
    systemctl restart musterd.service || status=$?
    pids+=("$(main_pid)")
  done
  touch "$state/stop"
  for client in "${clients[@]}"; do wait "$client" || status=$?; done
  same "$(printf '%s\n' "${pids[@]}" | sort -u | wc -l)" 8
  cat "$state"/count.*
  (($(cat "$state"/count.* | paste --serial --delimiters=+) > 200))
  return "$status"
}

survives_kill() {
  local pid
  pid=$(main_pid)
  kill -KILL "$pid"
  # It waits in the socket and is answered by the next one.
  as reader muster run country-summary --format csv | cmp - "$state/summary.csv"
  eventually 5 has_another_pid "$pid"
}

watchdog_bites() {
  local pid start
  start=$(now) pid=$(main_pid)
  kill -STOP "$pid"
  # The one that is killed, which is woken for that, may take the call with it: then the client asks the next one.
  as reader timeout 60 muster run country-summary --format csv | cmp - "$state/summary.csv"
  eventually 10 has_another_pid "$pid"
  journal --since "$start" | grep -F "Watchdog timeout"
}

notifies() {
  same "$(systemctl show --property=Type --value musterd.service)" notify
  systemctl show --property=StatusText --value musterd.service | grep .
}

journal_has_fields() {
  sed -i 's/info/debug/' /etc/default/musterd
  systemctl restart musterd.service
  as reader muster run bloc-aggregate --format json >/dev/null
  refuses 77 "" as reader muster reload
  muster reload
  sed -i 's/debug/info/' /etc/default/musterd
  systemctl restart musterd.service
  journalctl --sync
  journalctl --quiet --unit=musterd.service --identifier=musterd --output=json >"$state/journal.json"
  python3 - "$state/journal.json" "$(id -u reader)" <<'PYTHON'
import json, sys
entries = [json.loads(line) for line in open(sys.argv[1])]
print(sorted(set().union(*entries)))
others = [entry for entry in entries if entry["_TRANSPORT"] != "journal"]
assert entries and not others, others
def entry(**fields):
    found = [entry for entry in entries if all(entry.get("MUSTER_" + k) == v for k, v in fields.items())]
    assert found, f"no entry with {fields}"
    return found[-1]
run = entry(METHOD="org.muster.Reports.Run", REPORT="bloc-aggregate", PEER_UID=sys.argv[2])
assert run["PRIORITY"] == "7" and run["MUSTER_GENERATION"] == "1" and int(run["MUSTER_DURATION_USEC"]) > 0, run
refused = entry(METHOD="org.muster.Manage.Reload", PEER_UID=sys.argv[2])
assert refused["PRIORITY"] == "4" and refused["MUSTER_ERROR"] == "org.varlink.service.PermissionDenied", refused
assert entry(GENERATION="2", METHOD=None)["PRIORITY"] == "5", "the reload"
PYTHON
}

plugin_is_sandboxed() {
  with_config <<'YAML'
plugins: /srv/test/probe/*.yaml
YAML
  with_report <<'YAML'
- probe: {}
YAML
  muster reload
  as reader muster run test --format csv >"$state/probe.csv"
  diff /srv/test/probe/expected.csv "$state/probe.csv"
}

plugin_keeps_nobody_from_forking() {
  with_config <<'YAML'
plugins: /srv/test/probe/*.yaml
YAML
  with_report <<'YAML'
- country-summary: {}
- pipes: {}
YAML
  printf '  storm:\n    title: Storm\n    pipeline: [country-summary, forks]\n' >>"$report"
  muster reload
  local i storm
  for i in 1 2 3; do
    as reader muster run storm --format csv >"$state/storm" 2>&1 & storm=$!
    as reader muster run test --format csv >/dev/null
    if wait $storm; then return 1; fi
    cat "$state/storm"
    grep -q 'had more than its limit of 32 processes and threads' "$state/storm"
  done
  ! pgrep --full forks.py
}

examples_run() {
  with_config <<'YAML'
plugins: /usr/share/muster/plugins/plugins.d/*.yaml
YAML
  with_report <<'YAML'
- released-share: {}
- at-least: { persons: 500 }
YAML
  musterd check --config "$config"
  muster reload
  as reader muster run test --format csv | tee "$state/examples.csv"
  grep -q '^hungary,' "$state/examples.csv"
  as reader muster run test --format sqlite --output /tmp/examples.db
  python3 -c 'import sqlite3; print(sqlite3.connect("/tmp/examples.db").execute("SELECT * FROM rows").fetchall())'
}

# --- Exports ---

exports_are_set_up() {
  cat >"$own" <<'YAML'
reports:
  own-report:
    title: Of the administrator
    pipeline:
      - bloc-aggregate: { scheme: alliances_1955 }
      - top: 3
exports:
  blocs:
    report: bloc-aggregate
    parameters: { scheme: alliances_1955 }
    exporter: csv
    file: blocs.csv
    keep: 3
  own-report:
    report: own-report
    exporter: xlsx
    file: own.xlsx
YAML
  muster reload
  sed -e '/^#/d' -e 's/^ *15 *5 /* * /' /etc/cron.d/muster-exports >"$own_cron"
  cat "$own_cron"
}

cron_log() { journalctl --sync && journalctl --quiet --output=cat --identifier=CRON; }
cron_runs() { (($(cron_log | grep -c "muster export --all") >= $1)); }

cron_exports_once() {
  eventually 80 test -s "$exports/blocs.csv"
  # Who may read the reports may read the files, and nobody else.
  as reader cat "$exports/blocs.csv" |
    cmp - <(as reader muster run bloc-aggregate --set scheme=alliances_1955 --format csv)
  if as stranger cat "$exports/blocs.csv" || as reader rm -f "$exports/blocs.csv"; then return 1; fi
  stat --format='%i %y' "$exports"/* >"$state/exports.before"
  eventually 100 cron_runs "$(($(cron_log | grep -c "muster export --all") + 1))"
  sleep 2
  stat --format='%i %y' "$exports"/* | diff "$state/exports.before" -
  as reader muster verify "$exports/blocs.csv"
  muster exports
  # What a job prints, cron mails or, without a mail server, says to have thrown away.
  if cron_log | grep -F "discarding output"; then return 1; fi
}

mails() { (($(find "$state/mail" -type f | wc -l) >= $1)); }

failed_export_is_mailed() {
  local subject
  mkdir --mode=1777 "$state/mail"
  cp /srv/test/sendmail /usr/sbin/sendmail
  mv "$exports/blocs.csv" "$state/blocs.csv"
  mkdir "$exports/blocs.csv"
  eventually 100 mails 1
  rmdir "$exports/blocs.csv"
  mv "$state/blocs.csv" "$exports/blocs.csv"
  rm /usr/sbin/sendmail
  cat "$state"/mail/*
  subject="muster: export blocs: cannot use $exports/blocs.csv: it is a folder"
  # Debian 13's cron folds long lines in its encoding.
  same "$(find "$state/mail" -type f | head -n 1 | python3 -c 'import email, sys
with open(input(), "rb") as mail: print(email.message_from_binary_file(mail).get_payload(decode=True).decode())')" "$subject"
  muster status | tee "$state/status"
  grep -F "blocs failed" "$state/status"
  muster export --all
  muster status | tee "$state/status"
  if grep -F "blocs failed" "$state/status"; then return 1; fi
}

timer_exports() {
  rm "$exports/blocs.csv"
  systemctl start muster-export@blocs.service
  test -s "$exports/blocs.csv"
  systemctl enable --now muster-export@blocs.timer
  systemctl list-timers --all | grep -F muster-export@blocs
  # With times of its own, in a drop-in.
  rm -f "$exports"/own.xlsx*
  mkdir -p "$own_timer"
  printf '[Timer]\nOnCalendar=\nOnCalendar=*:*:0/2\nRandomizedDelaySec=0\nAccuracySec=100ms\n' >"$own_timer/times.conf"
  systemctl daemon-reload
  systemctl enable --now muster-export@own-report.timer
  eventually 20 test -s "$exports/own.xlsx.muster.json"
  systemctl disable --now muster-export@own-report.timer
  python3 -c 'import sys, zipfile; assert zipfile.ZipFile(sys.argv[1]).testzip() is None' "$exports/own.xlsx"
  refuses 1 "" systemctl start muster-export@absent.service
}

exports_have_an_owner() {
  same "$(stat --format=%U:%G:%a "$exports" "$exports/blocs.csv" "$exports/blocs.csv.muster.json" | sort --unique)" \
    "$(printf '%s\n' musterd:muster:2750 musterd:muster:640)"
  systemctl stop musterd.socket musterd.service
  same "$(find "$exports" /var/lib/musterd -printf '%u\n' | sort --unique)" musterd
  same "$(find / -xdev \( -nouser -o -nogroup \) -not -path '/proc/*' -print)" ""
  systemctl start musterd.socket
  as reader muster list
}

# All of the above was done with files of the administrator's own.
no_conffile_was_edited() {
  same "$(dpkg --verify muster)" ""
}

client_starts_daemon() {
  as reader muster list >"$state/list"
  as reader muster --address exec:/usr/sbin/musterd list | diff "$state/list" -
  as stranger muster --address exec:/usr/sbin/musterd run country-summary --format csv | cmp - "$state/summary.csv"
}

# --- What comes with it ---

manuals_name_what_is_there() {
  local page name names
  for page in man1/muster.1 man5/musterd.yaml.5 man8/musterd.8; do
    names=$(zcat "/usr/share/man/$page.gz" | sed -n '/^\.Sh FILES/,/^\.Sh [^F]/s/^\.It //p' | sed 's/\\[%&]//g; s/\\-/-/g; s/\\f[A-Z]//g')
    echo "$names"
    grep -Fx "/etc/cron.d/muster-exports" <<<"$names"
    grep -Fx "muster-export@NAME.timer" <<<"$names"
    while IFS= read -r name; do
      case $name in
        # Patterns are meant to be expanded.
        /*) compgen -G "$name" ;;
        *) systemctl cat "${name/NAME/blocs}" >/dev/null ;;
      esac
    done <<<"$names"
  done
}

has_manuals_and_completions() {
  local file
  for file in man/man1/muster.1.gz man/man5/musterd.yaml.5.gz man/man8/musterd.8.gz; do
    gzip --test "/usr/share/$file"
  done
  for file in bash-completion/completions/muster zsh/vendor-completions/_muster fish/vendor_completions.d/muster.fish; do
    grep -q muster "/usr/share/$file"
  done
}

# --- The end ---

# The socket stays open and everybody is answered while the package is replaced.
upgrade_keeps() {
  local pid start client
  # Of the conffiles, which nobody changed, those of the older version.
  DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --allow-downgrades "$older_deb"
  same "$(dpkg-query --show --showformat='${Version}' muster)" 0.0.9-1
  tail -n 1 "$config" | grep -qx "# of 0.0.9"
  printf 'reports:\n  mine:\n    pipeline: [country-summary]\n' >>"$config"
  cp "$config" "$state/mine"
  systemctl reload musterd.service

  pid=$(main_pid) start=$(now)
  rm -f "$state/stop" "$state"/count.*
  keep_asking upgrade &
  client=$!
  DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes -o Dpkg::Options::=--force-confold "$deb"
  touch "$state/stop"
  wait "$client"
  (($(cat "$state/count.upgrade") > 0))
  has_another_pid "$pid"
  systemctl is-active musterd.socket musterd.service
  # The socket was not closed.
  if journalctl --quiet --since "$start" --unit=musterd.socket | grep .; then return 1; fi

  # The administrator's file is in use, and the new one lies beside it; what nobody changed is new.
  cmp "$config" "$state/mine"
  dpkg-deb --fsys-tarfile "$deb" | tar --extract --to-stdout ./etc/muster/musterd.yaml | cmp - "$config.dpkg-dist"
  if grep -x "# of 0.0.9" /etc/muster/pipelines/shares.yaml; then return 1; fi
  as reader muster list | grep -w mine
  # What the administrator added.
  test -s "$own"
  muster exports | grep -F own.xlsx
}

removes() {
  apt-get remove --quiet --yes muster
  same "$(systemctl list-units --plain --no-legend 'muster*')" ""
  same "$(systemctl list-unit-files --no-legend 'muster*' | grep -v ' generated ' || true)" ""
  if [[ -e /run/musterd/org.muster.Reports ]] || pgrep_musterd; then return 1; fi
  test -e "$config"
  test -s "$exports/blocs.csv"
  same "$(stat --format=%U "$exports/blocs.csv")" musterd
}

pgrep_musterd() { grep -lx musterd /proc/[0-9]*/comm; }

purges() {
  rm -f "$own" "$own_cron"
  rm -r "$own_timer"
  test -e "$config.dpkg-dist"
  userdel --remove reader
  userdel --remove stranger
  apt-get purge --quiet --yes --autoremove muster
  files | sort >"$state/files.after"
  diff "$state/files" "$state/files.after"
  # Debian keeps system users, without a way to log in.
  getent passwd muster | grep ':/usr/sbin/nologin$'
  getent passwd musterd | grep ':/usr/sbin/nologin$'
  same "$(systemctl list-units --failed --plain --no-legend 'muster*')" ""
}

# --- The list -------------------------------------------------------------------------------------------------------

if (($# > 0)); then
  # Not standard error, which checks look at.
  exec {BASH_XTRACEFD}>&2
  set -x
  "$@"
  exit
fi

mkdir -p "$state"
number=0 failures=0
check() {
  local status=0
  # The others need what is installed.
  [[ $number == 0 || -z ${CHECKS-} || " $CHECKS " == *" $2 "* ]] || return 0
  number=$((number + 1))
  timeout --kill-after=5 $check_seconds "$0" "$2" </dev/null >"$state/output" 2>&1 || status=$?
  if ((status == 0)); then
    echo "ok $number - $1"
    return
  fi
  failures=$((failures + 1))
  echo "not ok $number - $1"
  echo "# exit status $status"
  tail -n 60 "$state/output" | sed 's/^/# /'
}

finish() { journalctl --no-pager --output=short-precise >/srv/results/journal; }
trap finish EXIT

check "apt installs the package from a file and starts it" installs
check "systemd-analyze finds nothing wrong with the units" units_are_clean
check "systemd-analyze rates the exposure of the services at 0.5 or below" sandbox_is_tight
check "the service says that it is ready and what it does" notifies
check "the socket answers and starts the service" socket_starts_service
check "a member of the group muster reads; another user is refused" members_read
check "a connection that systemd accepted is served by an instance of its own" accepted_connection_is_served
check "only root reloads" root_reloads
check "a reload swaps in the new configuration" reload_swaps
check "a reload of a broken configuration fails with its place, and the old one keeps serving" broken_reload_is_loud
check "exports and their times are set up in files of the administrator's own" exports_are_set_up
check "a start with a broken configuration fails visibly, and every call is told why" broken_start_is_loud
check "a restart under load refuses nobody" restart_refuses_nobody
check "after SIGKILL it is back, and who waited is answered" survives_kill
check "the watchdog replaces a daemon that hangs" watchdog_bites
check "the journal has priorities and fields" journal_has_fields
check "an external plugin has no network, no way to write, no privileges" plugin_is_sandboxed
check "a plugin that forks without end is ended, and keeps nobody else from it" plugin_keeps_nobody_from_forking
check "the example plugins run in the sandbox" examples_run
check "cron writes an export, and leaves it alone while nothing changes" cron_exports_once
check "cron mails one line for an export that failed, and the old file stands" failed_export_is_mailed
check "a timer writes an export" timer_exports
check "exports have an owner with a name, also when the service is stopped" exports_have_an_owner
check "no file of the package was edited for all that" no_conffile_was_edited
check "a client starts the installed daemon without arguments" client_starts_daemon
check "manual pages and completions are in place" has_manuals_and_completions
check "the manual pages name files and units that are there" manuals_name_what_is_there
check "an upgrade keeps a changed configuration and the socket, and refuses nobody" upgrade_keeps
check "removal ends the service and keeps the configuration" removes
check "purge leaves nothing behind" purges

echo "1..$number"
((failures == 0))
