"""Boilerplate, stated in plain Python over any bytes: what `kernels.word_runs` must give."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Run = tuple[bytes, ...]

TOKEN = re.compile(
    rb"(?P<pause>\xe3\x80[\x00-\x82]|[\r\n]|[.!?:;](?=[ \r\n]|\Z))"
    rb"|(?P<word>[\xe3-\xe9][\x00-\xff]{0,2}|[0-9A-Za-z\x80-\xe2\xea-\xff]+)",
    re.DOTALL,
)
"""What ends a block (of scripts without spaces: their space, comma and full stop), or a word."""

NAMES = {
    short
    for name in (
        *(b"january", b"february", b"march", b"april", b"may", b"june", b"july", b"august"),
        *(b"september", b"october", b"november", b"december", b"monday", b"tuesday"),
        *(b"wednesday", b"thursday", b"friday", b"saturday", b"sunday"),
    )
    for short in (name, name[:3])
} | {b"sept"}


@dataclass
class Word:
    """One word of a text."""

    said: bytes
    """In lower case; `0` for every number, `may` for every name of a month or day."""
    begin: int
    end: int
    block: int
    number: bool = False
    dated: bool = False
    """Part of a date or time, if it is a number."""


def words(text: bytes) -> list[Word]:
    """Return the words of a text."""
    found: list[Word] = []
    block = 0
    for token in TOKEN.finditer(text):
        if token["pause"] is not None:
            block += bool(found) and found[-1].block == block
            continue
        said = token["word"] if b"\xe3" <= token["word"][:1] <= b"\xe9" else token["word"].lower()
        word = Word(said, token.start(), token.end(), block)
        if said[:1].isdigit():
            word.said, word.number = b"0", True
            if found and found[-1].number and found[-1].end == word.begin - 1:
                joined = text[word.begin - 1] in b"-./:"
                word.dated = joined
                found[-1].dated |= joined
        elif said in NAMES:
            word.said = b"may"
        found.append(word)
    for i, word in enumerate(found):
        word.dated |= any(near.said == b"may" for near in found[max(0, i - 2) : i + 3])
    return found


def runs(listed: Sequence[Word], size: int) -> list[Run]:
    """Return the runs of `size` words, in order."""
    said = [word.said for word in listed]
    return [tuple(said[i : i + size]) for i in range(len(said) - size + 1)]


def shared(texts: Iterable[bytes], size: int, least: int) -> dict[Run, int]:
    """Return the runs that at least `least` texts have, and how many have each."""
    often: Counter[Run] = Counter()
    for text in texts:
        often.update({*runs(words(text), size)})
    return {run: rows for run, rows in often.items() if rows >= least}


def left_out(
    listed: Sequence[Word], common: Mapping[Run, int], phrases: Mapping[Run, int], least: int
) -> set[int]:
    """Return which words of a text are left out, by the rule as it is written."""
    often = [common.get(run, 0) for run in runs(listed, 8)]
    blocks: dict[int, set[int]] = defaultdict(set)
    for i, word in enumerate(listed):
        blocks[word.block].add(i)
    inside: set[int] = set()
    whole = every = {*range(len(listed))}
    for above in (0, max(often, default=0) // 2):
        if whole == every:
            starts = [i for i, rows in enumerate(often) if rows > above]
            covered = {k for i in starts for k in range(i, i + 8)}
            ours = [i for i in starts if listed[i].block == listed[i + 7].block]
            inside = {k for i in ours for k in range(i, i + 8)}
            whole = set().union(*(members for members in blocks.values() if members <= covered))
    if whole == every:
        whole = inside = set()
    said = [i for i, run in enumerate(runs(listed, 3)) if run in phrases]
    telling = every - whole - inside - {k for i in said for k in range(i, i + 3)}
    gone = whole | inside if len(telling) >= least else whole
    return {i for i in gone if listed[i].dated or not listed[i].number}


def rest(text: bytes, listed: Sequence[Word], gone: set[int]) -> bytes:
    """Return a text without some of its words, a space for those in a row."""
    parts, at = [], 0
    for i in sorted(gone):
        parts += [] if i - 1 in gone else [text[at : listed[i].begin]]
        at = listed[i].end
    return b" ".join([*parts, text[at:]])


def without(texts: Sequence[bytes], least: int, least_words: int) -> list[bytes]:
    """Return every text without what at least `least` of them share."""
    common, phrases = shared(texts, 8, least), shared(texts, 3, least)
    listed = [words(text) for text in texts]
    gone = [left_out(some, common, phrases, least_words) for some in listed]
    return [rest(*one) for one in zip(texts, listed, gone, strict=True)]
