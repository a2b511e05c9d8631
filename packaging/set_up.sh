#!/usr/bin/env bash
# Makes .venv fit to run (`set_up.sh run`), to test (`test`) or to test and freeze (`package`); quick
# when it already is.
set -euo pipefail
cd "$(dirname "$0")/.."

kind=${1:?say run, test or package}
stamp=.venv/.set-up-$kind
lists=(packaging/packages-run.txt)
requirements=requirements/run.txt
if [ "$kind" != run ]; then
  lists+=(packaging/packages-test.txt)
  requirements=requirements/test.txt
fi

say() { echo "set-up: $*"; }
stop() { echo "set-up: $*" >&2; exit 1; }

fingerprint() { # the place counts too: an environment that was moved does not work
  { pwd; cat packaging/set_up.sh packaging/packages-*.txt requirements/*.txt pyproject.toml; } | sha256sum
}

is_done() {
  [ -x .venv/bin/python ] && [ -f "$1" ] && [ "$(cat "$1")" = "$(fingerprint)" ]
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_be_root() {
  [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null
}

wanted_packages() { # time_t moved some names: on newer Ubuntu libglib2.0-0 is libglib2.0-0t64
  sed '/^#/d;/^$/d' "${lists[@]}"
}

is_installed() {
  { dpkg-query -W -f '${db:Status-Status}\n' "$1" "$1t64" 2>/dev/null || true; } | grep -x installed >/dev/null
}

missing_packages() {
  local name
  for name in $(wanted_packages); do
    is_installed "$name" || echo "$name"
  done
}

ours_policy=
remove_policy() { [ -z "$ours_policy" ] || as_root rm -f /usr/sbin/policy-rc.d; }
trap remove_policy EXIT

keep_services_stopped() { # packages bring sshd, PostgreSQL and Postfix: here they are for tests only
  [ -e /usr/sbin/policy-rc.d ] && return
  ours_policy=yes
  printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null
  as_root chmod 755 /usr/sbin/policy-rc.d
}

disable_services() {
  local package unit
  for package in "$@"; do
    case $package in
      openssh-server) unit=ssh ;;
      dovecot-imapd) unit=dovecot ;;
      postfix | postgresql | sysstat) unit=$package ;;
      mariadb-server) unit=mariadb ;;
      nginx-light) unit=nginx ;;
      php-fpm) unit=$(basename -a /usr/sbin/php-fpm*[0-9] | sed 's/php-fpm\(.*\)/php\1-fpm/') ;;
      *) continue ;;
    esac
    as_root systemctl disable --quiet "$unit" 2>/dev/null || true
  done
}

apt_install() {
  local missing=("$@")
  may_be_root || stop "These Debian packages are missing and sudo asks for a password: ${missing[*]}." \
    "Run: sudo apt-get install --no-install-recommends ${missing[*]}"
  say "Installing Debian packages: ${missing[*]}."
  keep_services_stopped
  if command -v debconf-set-selections >/dev/null; then
    echo "postfix postfix/main_mailer_type select No configuration" | as_root debconf-set-selections
  fi
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 --no-install-recommends)
  local log
  log=$(mktemp)
  if ! as_root "${apt[@]}" install "${missing[@]}" >"$log" 2>&1 </dev/null; then
    say "Reading the package lists first."
    as_root "${apt[@]}" update >"$log" 2>&1 </dev/null || say "Some package lists could not be read; going on with the others."
    as_root "${apt[@]}" install "${missing[@]}" >"$log" 2>&1 </dev/null || { tail -n 15 "$log" >&2; rm -f "$log"; stop "apt-get could not install ${missing[*]}; mend what it says above and run this again."; }
  fi
  rm -f "$log"
  disable_services "${missing[@]}"
}

install_system_packages() {
  if ! command -v apt-get >/dev/null; then
    say "This is not Debian or Ubuntu. Install what these packages hold, if it is missing: $(wanted_packages | tr '\n' ' ')"
    return
  fi
  local missing
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} = 0 ] || apt_install "${missing[@]}"
}

find_python() {
  local name
  for name in python3 python3.11 python3.12 python3.13; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
}

venv_package() { # the package that holds ensurepip for this Python
  "$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
}

make_environment() {
  local python
  python=$(find_python)
  if [ -z "$python" ] && command -v apt-get >/dev/null; then
    apt_install python3 python3-venv
    python=$(find_python)
  fi
  [ -n "$python" ] || stop "Python 3.11 or newer is missing. Install it so that python3.11, python3.12 or python3.13 is in PATH, then run this again."
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    apt_install "$(venv_package "$python")"
  fi
  if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    say "Making .venv with $("$python" --version) ($python)."
    rm -rf .venv
    "$python" -m venv .venv
  fi
}

install_requirements() {
  say "Installing the locked requirements ($requirements)."
  local pip=(.venv/bin/python -m pip --disable-pip-version-check install -qq)
  # --no-deps: the list is whole. Left to look for itself, pip finds a newer coverage[toml] the day
  # one is published, and refuses it because the list does not name that one.
  "${pip[@]}" --no-deps --require-hashes --requirement "$requirements" ||
    stop "The requirements could not be installed; is the network there? Mend what pip says above and run this again."
  "${pip[@]}" --no-deps --no-build-isolation --editable . ||
    stop "The project itself could not be installed; see what pip says above."
  .venv/bin/python -m pip --disable-pip-version-check check >/dev/null ||
    stop "$requirements does not hold all that the project needs; run 'make lock' and report it."
}

install_freezers() { # PyInstaller reads libraries with objdump, and takes libpython with it
  command -v apt-get >/dev/null || return 0
  local wanted name missing=()
  wanted="binutils $(.venv/bin/python -c 'import sys
if sys.base_prefix == "/usr":
    print("libpython%d.%d" % sys.version_info[:2])')"
  for name in $wanted; do
    is_installed "$name" || missing+=("$name")
  done
  [ ${#missing[@]} = 0 ] || apt_install "${missing[@]}"
}

is_set_up() { # what can do more can do less
  is_done "$stamp" && return
  [ "$kind" != package ] && is_done .venv/.set-up-package && return
  [ "$kind" = run ] && is_done .venv/.set-up-test
}

if is_set_up; then exit 0; fi
started=$SECONDS
install_system_packages
make_environment
install_requirements
[ "$kind" != package ] || install_freezers
fingerprint >"$stamp"
say "Done in $((SECONDS - started)) s."
