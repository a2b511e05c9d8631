"""The import wizard: a file, what would come of it, and then it is done."""
