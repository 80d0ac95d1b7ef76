"""Where the work is done: run folds over relations, and nothing of it decides a result.

Read `base`: the protocol that every engine meets.
"""
