"""Wide loads and stores, blocks of bytes at once, and the hashes built on them.

Every wide access is to the bytes of a row or to scratch memory that ends in `PAD` spare bytes, so
none leaves its buffer. With `NUMBA_BOUNDSCHECK=1` they are made byte by byte, so that numba checks
all of them.
"""

# ruff: noqa: ANN001, ANN201, ANN202, ARG001 - numba types the arguments; scratch is theirs to give
# mypy: disable-error-code="no-untyped-def, no-untyped-call, call-arg, call-overload, unreachable"

from typing import Final

import numpy as np
from llvmlite import ir
from numba import carray, int64, njit, types, uint8, uint64  # type: ignore[attr-defined] # it has
from numba.core.config import BOUNDSCHECK  # type: ignore[attr-defined] # set from the environment
from numba.extending import intrinsic

from ftaudit.similarity.kernels.called import called

BLOCK: Final = 64
"""Bytes of a block, one bit of a word for each."""
PAD: Final = 80
"""Spare bytes at the end of every scratch buffer: a block, and what a load reads past it."""

C1, C2, C3, C4, C5, C6, C7 = (
    np.uint64(c)
    for c in (
        0x9E3779B97F4A7C15,
        0xC2B2AE3D27D4EB4F,
        0x165667B19E3779F9,
        0xD6E8FEB86659FD93,
        0xFF51AFD7ED558CCD,
        0x9FB21C651E98DF25,
        0xA0761D6478BD642F,
    )
)
"""Odd multipliers: the golden ratio, the primes of xxHash64, rrmxmx and the finalizer of
MurmurHash3 (all in the public domain). Changing one changes every signature and index."""

ONES = np.uint64(0xFFFFFFFFFFFFFFFF)

_WORD, _BYTES = ir.IntType(64), ir.VectorType(ir.IntType(8), BLOCK)


def _start(context, builder, array, values):
    """Return a pointer to the first byte of an array."""
    return context.make_array(array)(context, builder, values).data


def _at(builder, start, index, kind):
    """Return a pointer to `kind`, so many bytes on."""
    return builder.bitcast(builder.gep(start, [index]), ir.PointerType(kind))


def _unaligned(instruction):
    instruction.align = 1
    return instruction


def _each(byte):
    return ir.Constant(_BYTES, [byte] * BLOCK)


@intrinsic
def _load(context, array, index):
    def codegen(context, builder, signature, arguments):
        start = _start(context, builder, signature.args[0], arguments[0])
        pointer = _at(builder, start, arguments[1], _WORD)
        return _unaligned(builder.load(pointer))

    return types.uint64(array, types.int64), codegen


@intrinsic
def _store(context, array, index, word):
    def codegen(context, builder, signature, arguments):
        start = _start(context, builder, signature.args[0], arguments[0])
        pointer = _at(builder, start, arguments[1], _WORD)
        _unaligned(builder.store(arguments[2], pointer))
        return context.get_dummy_value()

    return types.void(array, types.int64, types.uint64), codegen


@intrinsic
def _plain_block(context, source, start, text, at):
    """Implement `plain_block` on vectors of 64 bytes, which LLVM splits for the processor."""

    def codegen(context, builder, signature, arguments):
        source = _start(context, builder, signature.args[0], arguments[0])
        text = _start(context, builder, signature.args[2], arguments[2])
        source_block = _at(builder, source, arguments[1], _BYTES)
        text_block = _at(builder, text, arguments[3], _BYTES)
        raw = _unaligned(builder.load(source_block))
        lower = builder.or_(raw, _each(0x20))
        letter = builder.icmp_unsigned("<", builder.sub(lower, _each(ord("a"))), _each(26))
        digit = builder.icmp_unsigned("<", builder.sub(raw, _each(ord("0"))), _each(10))
        foreign = builder.icmp_signed("<", raw, _each(0))
        kept = builder.or_(builder.or_(letter, digit), foreign)
        chosen = builder.select(kept, builder.select(letter, lower, raw), _each(0x20))
        _unaligned(builder.store(chosen, text_block))
        return builder.bitcast(builder.not_(kept), _WORD)

    return types.uint64(source, types.int64, text, types.int64), codegen


@intrinsic
def _spaces(context, text, at):
    def codegen(context, builder, signature, arguments):
        start = _start(context, builder, signature.args[0], arguments[0])
        block = _at(builder, start, arguments[1], _BYTES)
        blank = builder.icmp_unsigned("==", _unaligned(builder.load(block)), _each(0x20))
        return builder.bitcast(blank, _WORD)

    return types.uint64(text, types.int64), codegen


def _within(low, count):
    """Return a function that says which bytes of a block lie in `low` to `low + count`."""

    @intrinsic
    def within(context, text, at):
        def codegen(context, builder, signature, arguments):
            start = _start(context, builder, signature.args[0], arguments[0])
            block = _unaligned(builder.load(_at(builder, start, arguments[1], _BYTES)))
            if count == 1:
                inside = builder.icmp_unsigned("==", block, _each(low))
            else:
                inside = builder.icmp_unsigned("<", builder.sub(block, _each(low)), _each(count))
            return builder.bitcast(inside, _WORD)

        return types.uint64(text, types.int64), codegen

    return within


def _within_checked(low, count):
    """Return what `_within` does, every byte checked."""

    @called
    def within(text, at):
        inside = uint64(0)
        for k in range(BLOCK):
            inside |= uint64(low <= text[at + k] < low + count) << uint64(k)
        return inside

    return within


def bytes_within(low, count=1):
    """Return a function of a text and an index: which bytes of the block there, the first lowest.

    Bytes from `low` on, so many as `count`.
    """
    return _within_checked(low, count) if BOUNDSCHECK else _within(low, count)


@intrinsic
def trailing(context, word):
    """Return how many zero bits a word ends in; 64 if it is zero."""

    def codegen(context, builder, signature, arguments):
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.uint64), codegen


@intrinsic
def ones(context, word):
    """Return how many bits of a word are set."""

    def codegen(context, builder, signature, arguments):
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), codegen


@intrinsic
def _pointer(context, address):
    target = types.CPointer(types.uint8)

    def codegen(context, builder, signature, arguments):
        return builder.inttoptr(arguments[0], context.get_value_type(target))

    return target(types.uint64), codegen


@njit(inline="always")
def bytes_at(address, size):
    """Return the `size` bytes at an address, as an array."""
    return carray(_pointer(address), (size,), uint8)


@njit(inline="always")
def plain(c):
    """Return an ASCII letter in lower case, a digit or byte outside ASCII unchanged, else a space.

    Characters outside ASCII have been normalised before (`normalisation.normalised`).
    """
    if 65 <= c <= 90:
        return uint8(c + 32)
    return uint8(c) if c >= 128 or 97 <= c <= 122 or 48 <= c <= 57 else uint8(32)


if BOUNDSCHECK:

    @njit
    def load(text, i):
        """Return the 8 bytes of `text` from `i` on, each load checked."""
        word = uint64(0)
        for k in range(8):
            word |= uint64(text[i + k]) << uint64(8 * k)
        return word

    @called
    def store(text, i, word):
        """Write the 8 bytes of `word` to `text` from `i` on, each store checked."""
        for k in range(8):
            text[i + k] = uint8(word >> uint64(8 * k))

    @called
    def plain_block(source, start, text, at):
        """Do the same as the unchecked one, every byte checked."""
        gaps = uint64(0)
        for k in range(BLOCK):
            text[at + k] = plain(source[start + k])
            gaps |= uint64(text[at + k] == 32) << uint64(k)
        return gaps

    @called
    def spaces(text, at):
        """Do the same as the unchecked one, every byte checked."""
        blank = uint64(0)
        for k in range(BLOCK):
            blank |= uint64(text[at + k] == 32) << uint64(k)
        return blank

else:

    @njit(inline="always")
    def load(text, i):
        """Return the 8 bytes of `text` from `i` on as a little-endian word."""
        return _load(text, int64(i))

    @njit(inline="always")
    def store(text, i, word):
        """Write a little-endian word to the 8 bytes of `text` from `i` on."""
        _store(text, int64(i), uint64(word))

    @njit(inline="always")
    def plain_block(source, start, text, at):
        """Write `plain` of the block of `source` at `start` to `text`; return which are spaces."""
        return _plain_block(source, int64(start), text, int64(at))

    @njit(inline="always")
    def spaces(text, at):
        """Return which bytes of the block of `text` at `at` are spaces, the first the lowest."""
        return _spaces(text, int64(at))


@njit(inline="always")
def finish(h):
    """Mix every bit of `h` into every other."""
    h ^= h >> np.uint64(32)
    h *= C4
    h ^= h >> np.uint64(29)
    h *= C5
    h ^= h >> np.uint64(32)
    return h


@njit(inline="always")
def first_bytes(word, count):
    """Return the first `count` bytes of a little-endian word, others zero; all from 8 on."""
    if count >= 8:
        return uint64(word)
    return uint64(word) & ((uint64(1) << uint64(8 * max(count, 0))) - uint64(1))


@called
def hash_bytes(text, start, length):
    """Hash `length` bytes to 64 bits, without the last step, `finish`."""
    h = uint64(length) * C1
    while length > 0:
        h = (h ^ first_bytes(load(text, start), length)) * C2
        h ^= h >> np.uint64(32)
        start += 8
        length -= 8
    return h


@called
def hash_text(text, size):
    """Hash a whole text to two 64-bit values, independent of each other, in one walk.

    Four words at a time, each with two sums of its own: the multiplications overlap.
    """
    a0, a1, a2, a3 = uint64(size) * C1, C2, C3, C4
    b0, b1, b2, b3 = uint64(size) * C6, C7, C5, C1
    for i in range(0, size, 32):
        w0, w1, w2, w3 = load(text, i), load(text, i + 8), load(text, i + 16), load(text, i + 24)
        rest = size - i
        if rest < 32:
            w0, w1 = first_bytes(w0, rest), first_bytes(w1, rest - 8)
            w2, w3 = first_bytes(w2, rest - 16), first_bytes(w3, rest - 24)
        a0, a1, a2, a3 = _step(a0, w0), _step(a1, w1), _step(a2, w2), _step(a3, w3)
        b0, b1, b2, b3 = _other(b0, w0), _other(b1, w1), _other(b2, w2), _other(b3, w3)
    return (
        finish(((a0 * C3 + a1) * C3 + a2) * C3 + a3),
        finish(((b0 * C3 + b1) * C3 + b2) * C3 + b3),
    )


@njit(inline="always")
def _step(h, word):
    h = (h ^ word) * C2
    return h ^ (h >> np.uint64(32))


@njit(inline="always")
def _other(h, word):
    h = (h ^ word) * C7
    return h ^ (h >> np.uint64(29))
