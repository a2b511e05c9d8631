#!/usr/bin/env bash
# Runs the tests: most at once, for they wait more than they work; then those that need the machine
# to themselves. Words given are pytest's, such as tests/links or -k shells.
set -uo pipefail
cd "$(dirname "$0")/.."
NO_TESTS=5

echo "Running the tests, five at a time."
.venv/bin/python -m pytest -n 5 --dist worksteal -m "not alone" "$@"
many=$?
echo "Running those that need the machine to themselves."
.venv/bin/python -m pytest -m alone "$@"
alone=$?
if [ $many = $NO_TESTS ] && [ $alone = $NO_TESTS ]; then exit $NO_TESTS; fi
for status in $many $alone; do
  case $status in
    0 | "$NO_TESTS") ;;
    *) exit "$status" ;;
  esac
done
