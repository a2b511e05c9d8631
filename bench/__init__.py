"""`make bench`: what noc-console costs, beside named baselines measured in the same run."""
