"""The wallboard: the fleet for a big screen across the room."""
