#!/usr/bin/env bash
# Draws the pages of a store into screenshots/, in both sizes and both themes; no display is needed.
# STORE names the store; without it your own is drawn.
set -euo pipefail
cd "$(dirname "$0")/.."
export NOC_CONSOLE_STORE=${STORE:-${NOC_CONSOLE_STORE:-}}
mkdir -p screenshots
status=$(.venv/bin/noc-console status --json)
worst=$(.venv/bin/python -c '
import json, sys
servers = json.load(sys.stdin)["servers"]
print(servers[0]["name"] if servers else "")' <<<"$status")

for size in 1366x768 1920x1080; do
  for theme in dark light; do
    for page in fleet fleet:wall ${worst:+"server:$worst"} alarms alarms:missed alarms:quality incidents handover answer:example settings recipients add-server import palette keys add-recipient mail-server; do
      case $page in
        server:*) name=server ;;
        *) name=${page/:/-} ;;
      esac
      file=screenshots/$name-$size-$theme.png
      .venv/bin/noc-console screenshot --page "$page" --size "$size" --theme "$theme" --out "$file"
      echo "$file"
    done
  done
done
