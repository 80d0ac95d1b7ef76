"""Two-bit counters in a table: where a token is counted, and whether it was more than once."""

# ruff: noqa: ANN001, ANN201 - numba types the arguments
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

from numba import njit, uint64

from ftaudit.similarity.kernels.words import C4


@njit(inline="always")
def cell(token, salt, bits):
    """Return the cell of a token among `2 ** bits`; another salt scatters them anew."""
    return ((token ^ salt) * C4) >> uint64(64 - bits)


@njit(inline="always")
def shared(cells, token, salt, bits):
    """Say whether a token was counted twice or more (or met another in its cell)."""
    c = cell(token, salt, bits)
    return (cells[c >> uint64(5)] >> ((c & uint64(31)) << uint64(1))) & uint64(2) != 0
