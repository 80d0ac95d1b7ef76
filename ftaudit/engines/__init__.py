"""Where the work is done: run folds over relations, and nothing of it decides a result.

Read `base` first, the protocol that every engine meets, then `folds`, one check on its way over a
relation. `spool` streams findings to disk; `local` is the engine of one machine.
"""
