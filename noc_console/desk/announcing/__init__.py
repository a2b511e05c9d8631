"""How the person at this desk hears of an alarm: a note of the desktop, a sound, the tray."""
