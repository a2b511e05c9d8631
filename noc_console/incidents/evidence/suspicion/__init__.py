"""What a recording's exhibits point to, a module for each kind of trouble. Pure."""
