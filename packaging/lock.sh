#!/usr/bin/env bash
# Writes requirements/run.txt and requirements/test.txt with the hashes of every platform's wheels.
# Whatever package sources this machine is set up with must not show in them, hence the bare
# environment.
set -euo pipefail
cd "$(dirname "$0")/.."

compile() {
  env -u PIP_FIND_LINKS -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null \
    CUSTOM_COMPILE_COMMAND="make lock" \
    .venv/bin/pip-compile --quiet --upgrade --no-config --generate-hashes --allow-unsafe --strip-extras \
    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
    "$@" pyproject.toml requirements/build.in
}

echo "Locking requirements/run.txt."
compile --output-file requirements/run.txt
echo "Locking requirements/test.txt."
compile --extra dev --constraint requirements/run.txt --output-file requirements/test.txt
if grep -nE '://|^-' requirements/run.txt requirements/test.txt; then
  echo "A package source got into the lock; take it out." >&2
  exit 1
fi
