"""The page on which one shift hands to the next."""
