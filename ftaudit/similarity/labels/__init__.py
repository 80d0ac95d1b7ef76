"""Which labels are probably wrong, judged by the texts of all other rows.

Read `suspected_labels` first: it states the rule and calls the others. `row_labels` reads the
labels, `opposing_pairs` finds similar texts that carry different ones, `label_confidence` is the
model that says how well a label fits a text, and `trigram_similarity` compares two texts.

The door is `suspected_labels.review_labels`, which `similarity.build` takes as an argument.
"""
