"""Which rows say the same in other words: no shared phrases, but the same rare words and numbers.

Read `reworded_search` first. `word_features` cuts texts into words and numbers, `weighted_rows`
weighs them by how rare they are, `best_matches` joins rows with rows, `chance_level` says which
likeness is chance in this corpus, `clusters.reworded_clusters` yields what counts as clusters, and
`similarity.static_vectors` adds the vectors of a model, if the user names one.
"""
