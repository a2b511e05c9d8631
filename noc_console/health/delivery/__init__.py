"""How people hear of alarms: who is told, when, by which way, and what came of it."""
