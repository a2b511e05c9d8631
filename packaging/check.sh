#!/usr/bin/env bash
# Runs every check, also after one has failed; the exit code is 1 if any has.
cd "$(dirname "$0")/.." || exit 1
bin=.venv/bin
failed=()

check() {
  local name=$1 started=$SECONDS
  shift
  echo "== $name"
  "$@" || failed+=("$name")
  echo "   $((SECONDS - started)) s"
}

check "ruff check" $bin/ruff check .
check "ruff format" $bin/ruff format --check .
check "mypy" $bin/mypy
check "import rules" $bin/lint-imports
check "vulture" $bin/vulture

if [ ${#failed[@]} -gt 0 ]; then
  echo "Failed: ${failed[*]}"
  exit 1
fi
echo "All checks passed."
