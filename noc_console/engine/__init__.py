"""The headless program that puts links, telemetry and health to work on one store."""
