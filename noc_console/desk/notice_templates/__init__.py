"""The templates that notices are worded with, and the site's own in their place."""
