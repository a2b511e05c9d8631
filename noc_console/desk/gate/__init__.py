"""The gate in the window: what is asked before a reboot or a restart, and watching it."""
