"""A Debian of its own with its own sshd, clean and with planted faults: what do the checks find?"""
