"""A table of two-bit counters: the index of the counter of a token, and whether it exceeds one."""

# ruff: noqa: ANN001, ANN201 - numba types the arguments
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

from numba import njit, uint64

from ftaudit.similarity.kernels.byte_blocks import C4


@njit(inline="always")
def cell(token, salt, bits):
    """Return the index of the counter of a token among `2 ** bits`; it changes with the salt."""
    return ((token ^ salt) * C4) >> uint64(64 - bits)


@njit(inline="always")
def shared(cells, token, salt, bits):
    """Return whether a token was counted twice or more, or shares its counter with another."""
    c = cell(token, salt, bits)
    return (cells[c >> uint64(5)] >> ((c & uint64(31)) << uint64(1))) & uint64(2) != 0
