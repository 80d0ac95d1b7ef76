"""Skeletons of lines: what two lines share when every rule judges them alike, from bytes alone.

A skeleton says of a line that was never decoded what `value_outline` says of a record, and more.
So a verdict is found again without a look into the record; what was never seen before is read.
"""

import re
from collections.abc import Hashable, Iterator, Sequence
from functools import cache
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from ftaudit.model.progress import Silent
from ftaudit.profiles.value_outline import (
    ARGUMENTS,
    IDS,
    KEPT,
    LINKS,
    TOOL_LISTS,
    kind_of_json,
)

FEWEST: Final = 1_000
"""Lines from which loading the kernel takes less time than it saves."""
_CHUNK: Final = 1 << 20
"""Bytes of lines that are looked at together."""
_PLACES: Final = 24
"""Numbers for each line on average: three for each text that is compared."""


def line_keys(
    lines: Sequence[bytes], forms: Sequence[re.Pattern[str]], fewest: int = FEWEST
) -> Iterator[Hashable]:
    """Yield for each line what decides how it is judged; None where only reading it tells.

    Two lines of one key are judged alike by every rule that is not decided by any text, if one of
    them is without a flaw.

    Args:
        lines: lines without their breaks and BOM.
        forms: expressions that ids may match, of all profiles that judge.
        fewest: yield None for every line where there are fewer of them.
    """
    if len(lines) < fewest:
        yield from [None] * len(lines)
        return
    size, first = 0, 0
    for i, line in enumerate(lines):
        size += len(line)
        if size > _CHUNK:
            yield from _keys(lines[first : i + 1], forms)
            size, first = 0, i + 1
    if first < len(lines):
        yield from _keys(lines[first:], forms)


def _keys(lines: Sequence[bytes], forms: Sequence[re.Pattern[str]]) -> list[Hashable]:
    from ftaudit.similarity.runtime.kernel_loader import load_kernels

    load_kernels(Silent(), "json_skeletons")
    from ftaudit.similarity.kernels.json_skeletons import FOREIGN, skeletonise

    joined = b"".join(lines)
    offsets = np.cumsum([0, *map(len, lines)], dtype=np.int64)
    out = np.empty(len(joined) + 1, np.uint8)
    ends, place_ends = np.empty((2, len(lines) + 1), np.int64)
    states, places = np.empty(len(lines), np.uint8), np.empty(_PLACES * len(lines), np.int64)
    text = np.frombuffer(joined or b" ", np.uint8)
    skeletonise(text, offsets, *_classes(), bool(forms), out, ends, states, places, place_ends)
    keys = _cut(out[: ends[-1]].tobytes(), ends.tolist(), states.tolist())
    triplets: list[list[int]] = places[: place_ends[-1]].reshape(-1, 3).tolist()
    decisive = [_decisive(joined, kind, low, high, forms) for kind, low, high in triplets]
    for i in np.flatnonzero(np.diff(place_ends)).tolist():
        keys[i] = (keys[i], *decisive[place_ends[i] // 3 : place_ends[i + 1] // 3])
    for i in np.flatnonzero(states == FOREIGN).tolist():
        if not _is_utf8(lines[i]):
            keys[i] = None
    return keys


def _cut(skeletons: bytes, ends: list[int], states: list[int]) -> list[Hashable]:
    """Return the skeletons of lines that stand one after another; None for a line in doubt."""
    bounds = zip(ends[:-1], ends[1:], states, strict=True)
    return [skeletons[low:high] if state else None for low, high, state in bounds]


@cache
def _classes() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Return the keys that matter, one after another, where each begins, and their classes."""
    from ftaudit.similarity.kernels import json_skeletons as kernel

    classes = dict.fromkeys(sorted(LINKS), kernel.COPIED)
    classes |= dict.fromkeys(sorted(KEPT), kernel.KEPT)
    classes |= dict.fromkeys(sorted(IDS), kernel.ID)
    classes |= dict.fromkeys(sorted(TOOL_LISTS), kernel.VERBATIM)
    classes |= {ARGUMENTS: kernel.ARGUMENTS}
    names = [name.encode() for name in classes]
    bounds = np.cumsum([0, *map(len, names)], dtype=np.int64)
    return np.frombuffer(b"".join(names), np.uint8), bounds, np.array([*classes.values()], np.uint8)


def _decisive(
    data: bytes, kind: int, low: int, high: int, forms: Sequence[re.Pattern[str]]
) -> Hashable:
    """Return what decides of a string: which forms an id has, or of what arguments are JSON.

    Equal to what `value_outline.links_outline` says of it.
    """
    if kind == _ARGUMENT_CLASS:
        return _kind_of_arguments(data[low:high])
    text = data[low + 1 : high - 1].decode(errors="replace")
    return tuple(form.fullmatch(text) is None for form in forms)


_ARGUMENT_CLASS: Final = 4
"""The number of that class in the kernel, which need not be loaded to know it."""
_DECODE: Final = msgspec.json.Decoder().decode


def _kind_of_arguments(text: bytes) -> object:
    """Return what decides of a JSON string: whether it is JSON itself, and of what."""
    try:
        return kind_of_json(_DECODE(text))
    except (msgspec.MsgspecError, UnicodeError):
        return text


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
