"""Every posting and its mails: what waits, what went, and what a person must decide."""
