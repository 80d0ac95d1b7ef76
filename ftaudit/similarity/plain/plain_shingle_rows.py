"""Texts → normalised bytes → hashes of shingles, row by row."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ftaudit.similarity.plain.plain_byte_blocks import (
    C1,
    C2,
    C3,
    Hashes,
    finish,
    hash_pieces,
    hash_texts,
    normalise,
    texts_of,
    u64,
)

MOST: Final = 4_096
"""Texts whose hashes are held: a scan of few texts shingles each in several passes."""


class ShingledText(NamedTuple):
    """The hashes of the whole of a text, and of its shingles."""

    first: int
    second: int
    shingles: Hashes


_HELD: Final[dict[tuple[bytes, bool], ShingledText]] = {}
"""By text, and whether shingles are characters."""


def shingle_rows(  # noqa: PLR0913, PLR0917 - those of the kernel
    views: npt.NDArray[np.int32],
    buffers: Hashes,
    rows: npt.NDArray[np.int64],
    low: int,
    high: int,
    chars: bool,  # noqa: FBT001 - as the kernel
    first: Hashes,
    second: Hashes,
    hashes: Hashes,
    counts: npt.NDArray[np.int32],
) -> int:
    """Do what `kernels.shingle_rows.shingle_rows` does."""
    texts = list(texts_of(views, buffers, rows[low:high].tolist()))
    of_text = _shingled(texts, chars=chars)
    shingled = [of_text[text] for text in texts]
    first[low:high] = np.array([text.first for text in shingled], np.uint64)
    second[low:high] = np.array([text.second for text in shingled], np.uint64)
    counts[low:high] = [len(text.shingles) for text in shingled]
    whole = np.concatenate([np.zeros(0, np.uint64), *(text.shingles for text in shingled)])
    hashes[: len(whole)] = whole
    return len(whole)


def _shingled(texts: Sequence[bytes], *, chars: bool) -> Mapping[bytes, ShingledText]:
    """Return the hashes of every text; those that were computed before are held."""
    held = {text: kept for text in set(texts) if (kept := _HELD.get((text, chars)))}
    new = list(dict.fromkeys(text for text in texts if text not in held))
    if not new:
        return held
    normal = [normalise(text) for text in new]
    firsts, seconds = (hashes.tolist() for hashes in hash_texts(normal))
    parts = _all_chars5(normal) if chars else _words3(normal)
    computed = dict(zip(new, map(ShingledText, firsts, seconds, parts), strict=True))
    if len(_HELD) + len(computed) > MOST:
        _HELD.clear()
    if len(computed) <= MOST:
        _HELD.update({(text, chars): hashes for text, hashes in computed.items()})
    return held | computed


def hash_words(texts: Sequence[bytes]) -> list[Hashes]:
    """Return the hashes of the words of every normalised text, without the last step."""
    split = [text.split(b" ") if text else [] for text in texts]
    place_of = {word: i for i, word in enumerate({word for words in split for word in words})}
    marks = hash_pieces(list(place_of))
    return [marks[[place_of[word] for word in words]] for words in split]


def _words3(texts: Sequence[bytes]) -> list[Hashes]:
    return [_triples(marks) for marks in hash_words(texts)]


def _triples(marks: Hashes) -> Hashes:
    if len(marks) > 2:
        return finish((marks[:-2] * u64(C3) + marks[1:-1]) * u64(C3) + marks[2:])
    return finish(marks[:1] * u64(C3) + marks[1:]) if len(marks) == 2 else finish(marks)


def _all_chars5(texts: Sequence[bytes]) -> list[Hashes]:
    """Return the hashes of five characters of every text; those of ASCII in one array."""
    ascii_ = [text for text in texts if text.isascii()]
    together, at = _ascii_chars5(b"".join(ascii_)), 0
    parts: list[Hashes] = []
    for text in texts:
        if not text.isascii() or len(text) < 5:
            parts.append(_chars5(text))
        else:
            parts.append(together[at : at + len(text) - 4])
        at += len(text) if text.isascii() else 0
    return parts


def _ascii_chars5(text: bytes) -> Hashes:
    """Return the hash of the five characters from each place on."""
    wide = np.frombuffer(text, np.uint8).astype(np.uint64)
    count = max(0, len(wide) - 4)
    word = wide[:count].copy()
    for k in range(1, 5):
        word |= wide[k : count + k] << u64(8 * k)
    h = (u64(5 * C1 % 2**64) ^ word) * u64(C2)
    return finish(h ^ (h >> u64(32)))


def _chars5(text: bytes) -> Hashes:
    if not text:
        return np.zeros(0, np.uint64)
    data = np.frombuffer(text, np.uint8)
    starts = [*np.flatnonzero((data & 0xC0) != 0x80).tolist(), len(text)]
    if len(starts) <= 5:
        return finish(hash_pieces([text]))
    ends = zip(starts, starts[5:], strict=False)
    return finish(hash_pieces([text[start:end] for start, end in ends]))


def keep_distinct(hashes: Hashes, counts: npt.NDArray[np.int32]) -> int:
    """Do what `kernels.shingle_rows.keep_distinct` does."""
    values, read = hashes[: int(counts.sum())].tolist(), 0
    kept: list[int] = []
    for t, count in enumerate(counts.tolist()):
        distinct = dict.fromkeys(values[read : read + count])
        kept.extend(distinct)
        counts[t] = len(distinct)
        read += count
    hashes[: len(kept)] = kept
    return len(kept)
