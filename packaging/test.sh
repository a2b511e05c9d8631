#!/usr/bin/env bash
# Runs the tests: most at once, for they wait more than they work; then those that need the machine
# to themselves. Words given are pytest's, such as tests/links or -k shells.
# The few that fail are looked at a second time, by themselves: who ran out of time beside four
# others on a slow machine passes then, and is named; what fails again fails.
set -uo pipefail
cd "$(dirname "$0")/.."
FAILED=1 NO_TESTS=5
SECOND_LOOK_AT_MOST=5

failed() {
  .venv/bin/python -c 'import json, pathlib
told = pathlib.Path(".pytest_cache/v/cache/lastfailed")
print(*(json.loads(told.read_text()) if told.exists() else ()), sep="\n")'
}

echo "Running the tests, five at a time."
.venv/bin/python -m pytest -n 5 --dist worksteal --cache-clear -m "not alone" "$@"
many=$?
echo "Running those that need the machine to themselves."
.venv/bin/python -m pytest -m alone "$@"
alone=$?
if [ $many = $NO_TESTS ] && [ $alone = $NO_TESTS ]; then exit $NO_TESTS; fi
for status in $many $alone; do
  case $status in
    0 | "$FAILED" | "$NO_TESTS") ;;
    *) exit "$status" ;;
  esac
done
if [ $many != $FAILED ] && [ $alone != $FAILED ]; then exit 0; fi

first=$(failed)
if [ "$(wc -l <<<"$first")" -gt $SECOND_LOOK_AT_MOST ]; then exit $FAILED; fi
echo "Running what failed once more, by itself."
.venv/bin/python -m pytest --last-failed --last-failed-no-failures none "$@"
again=$?
printf 'Failed the first time:\n%s\n' "$first"
exit $again
