#!/usr/bin/env bash
# Runs the tests: most at once, for they wait more than they work; then those that type into windows
# or keep to the clock, fewer at once; then those that need the machine to themselves. Words given
# are pytest's, such as tests/links or -k shells.
# The few that fail are looked at a second time, by themselves: who ran out of time beside the
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

statuses=()
tests() {
  .venv/bin/python -m pytest "$@"
  statuses+=($?)
}

echo "Running the tests, five at a time."
tests -n 5 --dist worksteal --cache-clear -m "not by_keys and not paced and not alone" "$@"
echo "Running those that type into windows or keep to the clock, three at a time."
tests -n 3 --dist worksteal -m "by_keys or paced" "$@"
echo "Running those that need the machine to themselves."
tests -m alone "$@"

has_failed='' has_passed=''
for status in "${statuses[@]}"; do
  case $status in
    0) has_passed=yes ;;
    "$NO_TESTS") ;;
    "$FAILED") has_failed=yes ;;
    *) exit "$status" ;;
  esac
done
if [ -z "$has_failed$has_passed" ]; then exit $NO_TESTS; fi
if [ -z "$has_failed" ]; then exit 0; fi

first=$(failed)
if [ "$(wc -l <<<"$first")" -gt $SECOND_LOOK_AT_MOST ]; then exit $FAILED; fi
echo "Running what failed once more, by itself."
.venv/bin/python -m pytest --last-failed --last-failed-no-failures none "$@"
again=$?
printf 'Failed the first time:\n%s\n' "$first"
exit $again
