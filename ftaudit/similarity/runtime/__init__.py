"""What the search runs on: threads, arrays that spill to disk, compiled kernels. No text, no rows.

Read `threads` first. `kernel_loader` imports kernels, `kernel_compilers` compiles them on every
core, `hash_store` and `band_store` hold hashes in memory or in spill files.
"""
