#!/usr/bin/env bash
# Builds dist/noc_console-*.whl, proves it in a fresh environment, and on Debian makes a .deb of a
# frozen folder that brings its own Python and Qt.
set -euo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
work=$(mktemp -d)
export PYTHONDONTWRITEBYTECODE=1
trap 'rm -rf "$work"' EXIT
version=$($python -c 'import noc_console; print(noc_console.__version__)')

echo "Building the wheel."
rm -rf dist
$python -m build --wheel --no-isolation --outdir dist . >"$work/wheel.log" || { cat "$work/wheel.log" >&2; exit 1; }
wheel=$(echo dist/*.whl)

echo "Trying the wheel in a fresh environment."
$python -m venv "$work/fresh"
"$work/fresh/bin/python" -m pip --disable-pip-version-check install -qq --require-hashes -r requirements/run.txt
"$work/fresh/bin/python" -m pip --disable-pip-version-check install -qq --no-deps "$wheel"
(cd "$work" && fresh/bin/noc-console version && fresh/bin/noc-console status --store "$work/store")

if ! command -v dpkg-deb >/dev/null; then
  echo "Made $wheel. There is no dpkg-deb here, so no .deb."
  exit
fi

echo "Freezing the program into a folder."
"$work/fresh/bin/python" -m pip --disable-pip-version-check install -qq "pyinstaller>=6.11"
"$work/fresh/bin/pyinstaller" --noconfirm --log-level ERROR --name noc-console \
  --distpath "$work/frozen" --workpath "$work/build" --specpath "$work" \
  --collect-submodules noc_console --collect-data noc_console --collect-submodules keyring.backends \
  --collect-all apprise --collect-data spellchecker \
  --add-data "$PWD/noc_console/store/migrations:noc_console/store/migrations" \
  --collect-submodules sqlalchemy.dialects --collect-submodules psycopg --collect-submodules psycopg_binary \
  packaging/frozen_start.py
"$work/frozen/noc-console/noc-console" version

echo "Making the .deb."
root=$work/deb
mkdir -p "$root/DEBIAN" "$root/opt" "$root/usr/bin" "$root/usr/share/applications"
cp -a "$work/frozen/noc-console" "$root/opt/noc-console"
ln -s /opt/noc-console/noc-console "$root/usr/bin/noc-console"
cp packaging/noc-console.desktop "$root/usr/share/applications/"
cat >"$root/DEBIAN/control" <<CONTROL
Package: noc-console
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: the noc-console authors <noc-console@localhost>
Depends: $(sed '/^#/d;/^$/d' packaging/packages-run.txt | paste -sd, | sed 's/libglib2.0-0/libglib2.0-0 | libglib2.0-0t64/;s/,/, /g')
Section: admin
Priority: optional
Description: desktop NOC console for web hosts
 Every server live over SSH, with nothing installed on it.
CONTROL
dpkg-deb --root-owner-group --build "$root" "dist/noc-console_${version}_$(dpkg --print-architecture).deb" >/dev/null
ls -sh dist
