"""Compiled kernels: the loops that numba turns into machine code.

Import them inside functions only, for importing one loads numba, or compiles. Read `byte_blocks`
and `byte_normalisation` first (bytes → normalised bytes), then `shingle_rows`, and of the search
`prefix_filter` and `bucket_walk`. Kernels import nothing but kernels.
"""


# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable"
