"""Near-copies of a holdout without its text: a file of signatures, and rows matched against it.

Read `signature_index` first (the file), then `index_matching`.
"""
