"""Files of results that people have: one format per module, recognised by content."""
