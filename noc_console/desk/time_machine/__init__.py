"""The time machine: the fleet and its servers as they were at a moment, played forward."""
