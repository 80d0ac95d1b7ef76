"""What mends data: one remedy per file, chosen by the typed fix that a rule carries; and splits.

Read `decisions` first: what people decide, where no rule can. `splitting` says where rows go when
data is split.
"""
