"""Schema changes, two lines of them: the core's and the history's, each with its own version."""
