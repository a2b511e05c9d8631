"""The page of alarms: what is open, what was missed while away, and how good the alarms are."""
