"""How many tokens a record has, which are trained, and which are cut off. Downloads nothing.

Read `token_tally` first, then `token_counter` (whose tokens) and `training_text` (of which text).
"""
