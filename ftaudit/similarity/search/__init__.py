"""Which texts may be similar: candidates by exact join, by MinHash, by containment.

Read `exact_join` first. `band_signing` is the MinHash method, `buckets` is what either method
yields, `shingle_sets` holds the sets that are then compared, and `search_task` is the value that
every stage takes.
"""
