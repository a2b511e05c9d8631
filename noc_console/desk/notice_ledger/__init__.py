"""All that befell one notice: versions, postings, recipients, promises, events."""
