"""Which rows are near-identical: normalise, shingle, sign or join, verify, cluster.

Read `build` first: it is one straight line through all stages. The door, which other packages may
import, is

- `build` (`build`), `parameters` (`SimilarityOptions`), `label_review`: computing the relation;
- `relation` (`CLUSTERS`, `Similar`) and `relation_tables`: its schema, and plain tables of it;
- `index`: signature indexes of a holdout, and training rows matched against them;
- `text.word_diff`: where two texts differ, by the normalisation of the search;
- `lsh_index`: signatures for the LSH index of datasketch.

Everything else is private to this package and to `labels`, which reviews labels with its parts.
Sub-packages form layers: `index` and `clusters` above `search` above `text` above `runtime` above
`kernels`.
"""
