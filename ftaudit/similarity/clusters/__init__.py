"""Which candidates are similar, and which rows they connect: from buckets to clusters of rows.

Read `connected_components` first (buckets → verified edges → components), then `membership`
(components → rows in clusters) and `similar_relation` (clusters of every kind, in batches).
"""
