"""Masks of patterns in texts: `privacy.patterns.mask_search` says what they are, and the tables."""

# ruff: noqa: ANN001, ANN201, PLR0913, PLR0917 - numba types the arguments; one loop over bytes
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg"

from numba import boolean, int64, njit, types, uint64

from ftaudit.similarity.kernels.called import called

_U8 = types.Array(types.uint8, 1, "C", readonly=True)
_I64 = types.Array(types.int64, 1, "C", readonly=True)
_I32 = types.Array(types.int32, 1, "C", readonly=True)
_U64 = types.Array(types.uint64, 1, "C", readonly=True)
_TABLE = types.Array(types.int32, 2, "C", readonly=True)
_NEW = types.int64[::1]


@called
def ones(bits):
    """Return how many bits are set (Warren, "Hacker's Delight", figure 5-2)."""
    bits -= bits >> uint64(1) & uint64(0x5555555555555555)
    bits = (bits & uint64(0x3333333333333333)) + (bits >> uint64(2) & uint64(0x3333333333333333))
    bits = bits + (bits >> uint64(4)) & uint64(0x0F0F0F0F0F0F0F0F)
    return bits * uint64(0x0101010101010101) >> uint64(56)


@called
def is_at(data, i, low, high, mask, masks, members):
    """Return whether a mask is in `data[low:high]`, with the end of its gram at index `i`."""
    if i - masks[mask, 1] < low or i + masks[mask, 2] >= high:
        return boolean(0)
    for check in range(3, masks.shape[1], 2):
        byte = data[i + masks[mask, check]]
        held = members[masks[mask, check + 1] + (byte >> 6)]
        if not held >> uint64(byte & 63) & uint64(1):
            return boolean(0)
    return boolean(1)


@njit(
    types.UniTuple(types.int64, 2)(
        _U8, _I64, types.int64, _U8, _U64, _I32, _I32, _I32, _TABLE, _U64, _NEW, _NEW
    ),
    nogil=True,
    cache=True,
)  # fmt: skip
def list_hits(
    data, offsets, first, symbols, grams, ranks, starts, listed, masks, members, stamps, hits
):
    """List which texts, from the `first` on, have masks of which patterns.

    Text `t` is `data[offsets[t] : offsets[t + 1]]`. `grams` has a bit for each gram of 20 bits, of
    symbols of 5 bits, `ranks` how many bits are set before each word of 64; the masks of the gram
    of rank `r` are `listed[starts[r] : starts[r + 1]]`. Of a mask there are: its pattern; the
    bytes before and after the end of its gram; and of each byte that is compared its place from
    there, and where the 256 bits of its set begin in `members`. `stamps` has an entry for each
    pattern, all -1 before the first text.

    Returns the text after the last one read, and how many `hits` were written: 2^32 times the text
    and the pattern, in order of the texts. Reading ends where there may be no room for more.
    """
    end, patterns = int64(0), stamps.shape[0]
    for t in range(first, offsets.shape[0] - 1):
        if hits.shape[0] - end < patterns:
            return int64(t), end
        low, high = offsets[t], offsets[t + 1]
        seen = uint64(0)  # symbols, the last one in the lowest bits
        for i in range(low, high):
            seen = seen << uint64(5) | uint64(symbols[data[i]])
            gram = seen & uint64(0xFFFFF)
            word, bit = grams[gram >> uint64(6)], gram & uint64(63)
            if not word >> bit & uint64(1):
                continue
            lower = word & ((uint64(1) << bit) - uint64(1))
            rank = uint64(ranks[gram >> uint64(6)]) + ones(lower)
            for p in range(starts[rank], starts[rank + uint64(1)]):
                mask = listed[p]
                owner = masks[mask, 0]
                if stamps[owner] != t and is_at(data, i, low, high, mask, masks, members):
                    stamps[owner] = t
                    hits[end] = int64(t) << int64(32) | int64(owner)
                    end += 1
    return int64(offsets.shape[0] - 1), end
