"""Trigrams of texts, and how many two texts have in common, repeated ones counted."""

from collections import Counter

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.plain.plain_byte_blocks import Hashes, finish, normalise, texts_of, u64

Sizes = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]


def list_trigrams(  # noqa: PLR0913, PLR0917 - those of the kernel
    views: npt.NDArray[np.int32],
    buffers: Hashes,
    low: int,
    high: int,
    text: npt.NDArray[np.uint8],  # noqa: ARG001 - scratch
    block: npt.NDArray[np.uint8],  # noqa: ARG001 - scratch
    characters: Hashes,  # noqa: ARG001 - scratch
    out: Hashes,
    counts: Sizes,
) -> None:
    """Do what `kernels.trigrams.list_trigrams` does."""
    at = 0
    for t, raw in enumerate(texts_of(views, buffers, range(low, high))):
        points = [32, *_characters(normalise(raw)), 32]
        c = np.array(points, np.uint64)
        counts[t] = len(points) - 2
        end = at + len(points) - 2
        out[at:end] = finish(c[:-2] << u64(42) | c[1:-1] << u64(21) | c[2:])
        at = end


def _characters(text: bytes) -> list[int]:
    """Return the code points of UTF-8, of other bytes those that the kernel reads."""
    try:
        return [*map(ord, text.decode())]
    except UnicodeDecodeError:
        return _invalid(text)


def _invalid(text: bytes) -> list[int]:
    points: list[int] = []
    for i, c in enumerate(text):
        if c < 0x80:
            points.append(c)
        elif c >= 0xF0:
            points.append(c & 0x07)
        elif c >= 0xE0:
            points.append(c & 0x0F)
        elif c >= 0xC0 or i == 0:
            points.append(c & 0x1F)
        else:
            points[-1] = (points[-1] << 6 | (c & 0x3F)) & 0x1FFFFF
    return points


def count_common(  # noqa: PLR0913, PLR0917 - those of the kernel
    left: Places,
    right: Places,
    low: int,
    high: int,
    values: Hashes,
    starts: Places,
    counts: Sizes,
    table: Hashes,  # noqa: ARG001 - scratch
    stamps: Places,  # noqa: ARG001 - scratch
    left_over: Sizes,  # noqa: ARG001 - scratch
    common: Places,
) -> None:
    """Do what `kernels.trigrams.count_common` does."""
    counted: dict[int, Counter[int]] = {}
    for i in range(low, high):
        for x in (int(left[i]), int(right[i])):
            if x not in counted:
                own = values[starts[x] : starts[x] + counts[x]].tolist()
                counted[x] = Counter(own)
        common[i] = (counted[int(left[i])] & counted[int(right[i])]).total()
