"""The bytes of texts, read where polars keeps them, and normalised."""

# ruff: noqa: ANN001, ANN201 - numba types the arguments; scratch is theirs to give
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, unreachable, var-annotated"

from numba import int64, uint8, uint64

from ftaudit.similarity.kernels.byte_blocks import (
    BLOCK,
    ONES,
    bytes_at,
    load,
    plain_block,
    store,
)
from ftaudit.similarity.kernels.called import called

INLINE = 12
"""Bytes up to which a view of Arrow holds a text itself (Arrow columnar format, "Variable-size
Binary View Layout")."""


@called
def view(views, buffers, row):
    """Return the bytes of a text: in its view, or in the buffer that the view names."""
    size = int64(views[row, 0])
    if size <= INLINE:
        return bytes_at(uint64(views[row, 1:].ctypes.data), size)
    return bytes_at(buffers[views[row, 2]] + uint64(views[row, 3]), size)


@called
def code_point(source, at):
    """Return the character at an index of valid UTF-8, and where the next one is."""
    lead = int64(source[at])
    size = 1 if lead < 0x80 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
    point = lead if lead < 0x80 else lead & (0xFF >> (size + 1))
    for i in range(at + 1, min(at + size, source.shape[0])):
        point = point << 6 | int64(source[i] & 0x3F)
    return point, at + size


@called
def squeeze(text, at, count, doubled):
    """Close the gaps in the `count` bytes just written at `text[at:]`: drop the doubled spaces.

    Bit `k` of `doubled` marks byte `at + k` to be dropped. Returns the new end of the text.
    """
    size = at
    for k in range(0, count, 8):
        word, drop = load(text, at + k), (doubled >> uint64(k)) & uint64(0xFF)
        if drop == 0:
            store(text, size, word)
            size += 8
            continue
        for j in range(8):
            text[size] = uint8(word >> uint64(8 * j))
            size += 1 - int64((drop >> uint64(j)) & uint64(1))
    return size


@called
def last_bytes(source, count, block):
    """Copy the last `count` bytes of a row, fewer than a block, to the front of a block."""
    first, size = source.shape[0] - count, source.shape[0]
    if size < 8:
        for k in range(count):
            block[k] = source[first + k]
        return
    for k in range(0, count - 7, 8):
        store(block, k, load(source, first + k))
    left = count & 7
    if left:
        store(block, count - left, load(source, size - 8) >> uint64(8 * (8 - left)))


@called
def normalise(source, text, block):
    """Write the normalised bytes of one row to `text`; return how many.

    `plain` of every byte, without spaces at the ends and after spaces. A block at a time; the last
    bytes of a row go through `block`, of `BLOCK` bytes, so that nothing is read past the row.
    """
    size, before, i = int64(0), uint64(1), int64(0)
    while i < source.shape[0]:
        count, beyond = min(source.shape[0] - i, int64(BLOCK)), uint64(0)
        if count == BLOCK:
            gaps = plain_block(source, i, text, size)
        else:
            last_bytes(source, count, block)
            beyond = ONES << uint64(count)
            gaps = plain_block(block, 0, text, size) & ~beyond
        doubled = gaps & ((gaps << uint64(1)) | before)
        before = (gaps >> uint64(count - 1)) & uint64(1)
        i += count
        size = size + count if doubled == 0 else squeeze(text, size, count, doubled | beyond)
    if size > 0 and text[size - 1] == 32:
        size -= 1
    return size
