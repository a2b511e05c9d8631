"""The kinds of orders by which a desk has an engine reach a server. Pure.

Rooms above have their own beside what they ask for: recordings, the gate, trials, audits.
"""

TEST_CONNECTION = "test connection"
ACCEPT_HOST_KEY = "accept host key"
REPLACE_HOST_KEY = "replace host key"
REFRESH_NOW = "refresh now"
