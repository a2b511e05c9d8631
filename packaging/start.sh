#!/usr/bin/env bash
# Starts `noc-console desk` or `demo`; where there is no display, off screen for 30 seconds.
set -euo pipefail
cd "$(dirname "$0")/.."
command=${1:?say desk or demo}
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  echo "Starting noc-console $command."
  exec .venv/bin/noc-console "$command"
fi
echo "There is no display here: starting noc-console $command off screen for 30 s."
exec .venv/bin/noc-console "$command" --off-screen 30 --pictures screenshots
