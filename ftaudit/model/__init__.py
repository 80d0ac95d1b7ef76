"""The vocabulary: what every other package speaks of. Imports nothing of ftaudit.

Read `check` first, the contract that every check meets, then `dataset` (rows, tables and the parts
they are read in) and `finding`.
"""
