"""The engine of one machine: this process, and worker processes beside it.

Read `engine` first: what each stage hands out. `mapping` maps parts in order, `processes` starts
and ends workers, `shuffled_fold` keeps on disk what grows with the rows.
"""
