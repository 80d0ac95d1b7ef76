"""Reports: each turns a manifest and its findings into one format of text."""
