"""Who is told of alarms when nobody at a desk takes them up, and what came of each message."""
