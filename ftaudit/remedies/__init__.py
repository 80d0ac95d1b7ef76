"""What mends data: one remedy per file, chosen by the typed fix that a rule carries.

Read `decisions` first: what people decide, where no rule can.
"""
