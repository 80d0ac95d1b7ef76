"""Which rows are near-identical: normalise, shingle, sign or join, verify, cluster.

Read `build` first: it is one straight line through all stages. The door, which other packages may
import, is

- `build` (`build`), `parameters` (`SimilarityOptions`), `label_review`: computing the relation;
- `relation` (`CLUSTERS`, `Similar`) and `relation_tables`: its schema, and plain tables of it;
- `index`: signature indexes of a holdout, and training rows matched against them;
- `text.word_diff`: where two texts differ, by the normalisation of the search;
- `lsh_index`: signatures for the LSH index of datasketch;
- `labels`: which labels are probably wrong, judged by similar texts.

Everything else is private to this package. Sub-packages form layers: `labels` above `index` and
`clusters` above `reworded` above `search` above `text` above `runtime` above `kernels`.
"""
