"""The relation computed in the plainest way: Python strings, sets and loops. Nothing compiled."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

import polars as pl

SPACELESS = re.compile(
    "[\u0e00-\u0e3e\u0e40-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30fa\u30fd-\u312f"
    "\u3400-\u4dbf\u4e00-\u9fff\u3005\u3007]"
)
"""The spaceless scripts' blocks that the tests use; the product goes by script property."""


def normal(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    out = []
    for c in unicodedata.normalize("NFKC", folded):
        kind = unicodedata.category(c)
        if kind == "Cf" or "\ufe00" <= c <= "\ufe0f":
            continue
        if kind == "So" or (SPACELESS.match(c) and kind[0] != "M"):
            out += [" ", c, "\0"]
        elif kind[0] == "M":
            out[-1:] = [c, "\0"] if out and out[-1] == "\0" else [*out[-1:], c]
        elif kind[0] in "LN" or (kind == "Sc" and c != "$"):
            out.append(c)
        else:
            out.append(" ")
    return " ".join("".join(out).replace("\0", " ").split(" ")).strip(" ")


def squeezed(text: str) -> str:
    return " ".join(normal(text).split())


def shingles(text: str, kind: str) -> frozenset[str]:
    plain = squeezed(text)
    parts: Sequence[str] = plain if kind == "char5" else plain.split()
    size, glue = (5, "") if kind == "char5" else (3, " ")
    if not parts:
        return frozenset()
    return frozenset(glue.join(parts[i : i + size]) for i in range(max(1, len(parts) - size + 1)))


def all_pairs(texts: Sequence[str], kind: str, threshold: float) -> dict[tuple[int, int], float]:
    """Return the similarity of every pair of texts at or above the threshold, by counting."""
    sets = [shingles(text, kind) for text in texts]
    rows = defaultdict(list)
    for i, found in enumerate(sets):
        for shingle in found:
            rows[shingle].append(i)
    common: dict[tuple[int, int], int] = defaultdict(int)
    for holders in rows.values():
        for pair in combinations(holders, 2):
            common[pair] += 1
    similar = {(i, j): n / (len(sets[i]) + len(sets[j]) - n) for (i, j), n in common.items()}
    return {pair: j for pair, j in similar.items() if j >= threshold - 1e-9}


def components(count: int, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """Return the least row of each row's component."""
    label = list(range(count))

    def root(x: int) -> int:
        while label[x] != x:
            x = label[x]
        return x

    for i, j in pairs:
        a, b = root(i), root(j)
        label[max(a, b)] = min(a, b)
    return [root(i) for i in range(count)]


def row_pairs(batches: Sequence[pl.DataFrame]) -> dict[tuple[int, int], float]:
    """Return every pair of rows that the relation reports, by id."""
    result = {}
    for frame in batches:
        for cluster in frame.iter_rows(named=True):
            rows = defaultdict(list)
            for member in cluster["members"]:
                rows[member["node"]].append(member["id"])
            for same in rows.values():
                result |= dict.fromkeys(combinations(same, 2), 1.0)
            for pair in cluster["pairs"]:
                for i in rows[pair["left"]]:
                    for j in rows[pair["right"]]:
                        result[min(i, j), max(i, j)] = pair["similarity"]
    return result
