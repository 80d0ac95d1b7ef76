"""The relation computed in the plainest way: Python strings, sets and loops. Nothing compiled."""

# ruff: noqa: RUF001 - ambiguous characters are the point

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import combinations
from math import exp, log

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix, triu

from ftaudit.similarity.plain.operators import marked
from ftaudit.similarity.text.letter_folds import SPELLINGS
from tests.similarity.plain_hashes import chars

SPACELESS = re.compile(
    "[\u0e01-\u0e3a\u0e40-\u0e5b\u0e81-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u3096\u309d-\u309f"
    "\u30a1-\u30fa\u30fd-\u312f\u3400-\u4dbf\u4e00-\u9fff\u3005\u3007]"
)
"""The spaceless scripts' blocks that the tests use; the product goes by script property."""


SUBSTITUTES = {
    **dict(zip("авекмнорстухѕіјһԁԛԝӏșț", "abekmhopctyxsijhdqwlşţ", strict=True)),
    **dict(zip("αεζηικνορτυχ", "aezhikvoptux", strict=True)),
    **dict(zip("×∗⋅÷⁄∕‐‑‒–−٪٫〜", "***///-----%.~", strict=True)),
    **dict.fromkeys("ʻʼ‘’‚‛", "'"),
    **dict.fromkeys("«»“”„‟‹›", '"'),
}
"""Look-alike letters, and signs that ASCII has."""
MEASURES = "‰‱′"
RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+")
FRACTIONS = re.compile("[¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞⅟↉]")
FULL_WIDTH = re.compile("[！＂＇（）？［］｛｝]")
METRES = dict(
    zip(
        "㎟㎠㎡㎢㎣㎤㎥㎦",
        ("mm^2", "cm^2", "m^2", "km^2", "mm^3", "cm^3", "m^3", "km^3"),
        strict=True,
    )
)


@cache
def is_unread(c: str) -> bool:
    """Return whether a character is invisible, or a mark that readers leave out."""
    name = unicodedata.name(c, "")
    arabic = "ARABIC" in name and unicodedata.category(c) == "Mn"
    hebrew = name.startswith(("HEBREW ACCENT", "HEBREW POINT", "HEBREW MARK"))
    return (
        unicodedata.category(c) == "Cf"
        or "\ufe00" <= c <= "\ufe0f"
        or c == "\u0640"
        or (arabic and c not in "\u0653\u0654\u0655" and c < "\u06ee")
        or (hebrew and unicodedata.category(c) == "Mn" and c < "\u0600")
    )


@lru_cache(4_096)  # texts of a megabyte are compared in many ways
def normal(text: str) -> str:
    """Return the normal form that `ftaudit.similarity.text.normalisation` describes."""
    plain = _unshielded(_digits_and_signs(_spelled(_expanded(_shielded(text)))))
    out: list[str] = []
    alone = False  # alone: the last character is a word of its own, with its marks
    for c in marked(plain):
        kind = unicodedata.category(c)
        if kind[0] == "M":
            out.append(c)
        elif kind == "So" or c in MEASURES:
            out.append(f" {c} ")
            alone = False
        elif (kind == "Sm" and c > "\x7f") or (SPACELESS.match(c) and kind[0] in "LN"):
            out.append(f" {c}")
            alone = True
        elif kind[0] in "LN" or (kind == "Sc" and c != "$"):
            out.append(f" {c}" if alone else c)
            alone = False
        else:
            out.append(" ")
            alone = False
    return " ".join(filter(None, "".join(out).split(" ")))


def _shielded(text: str) -> str:
    """Return a text in which capitals whose case may carry meaning are marked."""
    return re.sub(r"([\\\-＼﹨﹣－‐‑‒–−])([A-ZＡ-Ｚ])", "\\1\ue000\\2", text.replace("\ue000", " "))


def _unshielded(text: str) -> str:
    """Return a text with the marked letters as capitals."""
    return re.sub("\ue000([a-z]?)", lambda m: m[1].upper(), text)


def _expanded(text: str) -> str:
    """Return a text with exponents, fractions and full-width brackets written out."""
    text = FRACTIONS.sub(r" \g<0>", RAISED.sub(r"^\g<0>", text))
    return "".join(METRES.get(c, c) for c in FULL_WIDTH.sub(" ", text))


def _spelled(text: str) -> str:
    """Return a text in lower case, with one spelling of every letter."""
    folded = unicodedata.normalize("NFKD", text).casefold().lower()  # Cherokee folds up
    plain = "".join(c for c in folded if c == "\u05bb" or not is_unread(c))
    for spelling, other in SPELLINGS.items():
        plain = plain.replace(spelling, other)
    plain = re.sub("i\u0307+", "i", plain)
    plain = re.sub("ا[\u0653-\u0655]+", "ا", plain)
    plain = re.sub("е[\u0301\u0308]+", "е", plain)
    plain = re.sub("([аиоуыэюяі])\u0301+", r"\1", plain)
    return unicodedata.normalize("NFKC", plain)


def _digits_and_signs(text: str) -> str:
    """Return a text with letters, digits and signs as ASCII has them, and a comma for others."""
    out = []
    for c in text:
        sign = SUBSTITUTES.get(c, c)
        kind = unicodedata.category(sign)
        if kind == "Nd":
            sign = str(unicodedata.decimal(sign))
        elif kind[0] in "PZ" and sign > "\x7f" and sign not in MEASURES:
            sign = ","
        out.append(sign)
    return unicodedata.normalize("NFC", re.sub("i\u0307+", "i", "".join(out)))


def shingles(text: str, kind: str) -> frozenset[str]:
    plain = normal(text)
    parts: Sequence[str] = plain if kind == "char5" else plain.split(" ") if plain else []
    size, glue = (5, "") if kind == "char5" else (3, " ")
    if not parts:
        return frozenset()
    return frozenset(glue.join(parts[i : i + size]) for i in range(max(1, len(parts) - size + 1)))


def all_pairs(texts: Sequence[str], kind: str, threshold: float) -> dict[tuple[int, int], float]:
    """Return the similarity of every pair of texts at or above the threshold, by counting.

    Args:
        texts: a pair of which, to be near, has a shingle in common.
        kind: of the shingles, `char5` or `word3`.
        threshold: above 0.
    """
    sets = [shingles(text, kind) for text in texts]
    numbers: dict[str, int] = {}
    places = [numbers.setdefault(shingle, len(numbers)) for found in sets for shingle in found]
    ends = np.cumsum([0, *map(len, sets)])
    shape = (len(texts), max(1, len(numbers)))
    held = csr_matrix((np.ones(len(places), np.int32), places, ends), shape)
    common = triu(held @ held.T, 1).tocoo()
    sizes = np.array([len(found) for found in sets])
    similarity = common.data / (sizes[common.row] + sizes[common.col] - common.data)
    near = similarity >= threshold - 1e-9
    pairs = zip(common.row[near].tolist(), common.col[near].tolist(), strict=True)
    return dict(zip(pairs, similarity[near].tolist(), strict=True))


def components(count: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
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


def row_pairs(batches: Iterable[pl.DataFrame]) -> dict[tuple[int, int], float]:
    """Return every pair of near-identical rows that the relation reports, by id."""
    result: dict[tuple[int, int], float] = {}
    for frame in batches:
        for cluster in frame.filter(kind="near").iter_rows(named=True):
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


def likeness(left: str, right: str) -> float:
    """Return the Jaccard similarity of the multisets of pieces of three characters."""
    a, b = (Counter(zip(t, t[1:], t[2:], strict=False)) for t in map(_padded, (left, right)))
    return (a & b).total() / max(1, (a | b).total())


def _padded(text: str) -> str:
    return f" {normal(text[:2_000])} "


def doubt(
    places: Sequence[int],
    label: int,
    counts: Counter[tuple[int, int]],
    totals: Sequence[int],
    size: int,
) -> float:
    """Return 1 minus the probability of `label` by naive Bayes, the row itself left out.

    `counts[place, other]` and `totals[other]` hold this row too, which has the features `places`.
    There are `size` places.
    """
    own, likely = Counter(places), []
    for other, total in enumerate(totals):
        left_out = other == label
        norm = log(total - left_out * len(places) + 0.1 * size)
        said = [log(counts[p, other] - left_out * own[p] + 0.1) - norm for p in places]
        likely.append(sum(said) / max(1, len(places) / 4))
    odds = [exp(value - max(likely)) for value in likely]
    return 1 - odds[label] / sum(odds)


def host(
    text: str, others: Sequence[frozenset[str]], share: float, least: int
) -> tuple[int, float] | None:
    """Return which of `others` holds most of a text, and how much; None where none holds enough.

    By distinct shingles of three words, of which the text has at least `least` and the other more.
    """
    own = shingles(text, "word3")
    if len(own) < least:
        return None
    shares = [(len(own & s) / len(own), -i) for i, s in enumerate(others) if len(s) > len(own)]
    best, place = max(shares, default=(0.0, 0))
    return (-place, best) if best >= share - 1e-9 else None


def suspects(
    texts: Sequence[str | None], labels: Sequence[str | None]
) -> list[tuple[int, int, float, float]]:
    """Return row, rival, likeness and doubt of every row whose label is suspected, by row."""
    plain = [normal(text or "") for text in texts]
    folded = [None if label is None else label.strip().lower() for label in labels]
    known = sorted({label for label in folded if label is not None})
    of = {i: known.index(label) for i, label in enumerate(folded) if label is not None}
    places = {i: [h % 2**15 for h in dict.fromkeys(chars(plain[i].encode()))][:2048] for i in of}
    counts = Counter((place, of[i]) for i, found in places.items() for place in found)
    totals = [sum(len(places[i]) for i in of if of[i] == label) for label in range(len(known))]
    doubts: dict[int, float] = {}
    best: dict[int, tuple[float, int, float]] = {}
    for pair in _contradictions(plain, of):
        for i in pair:
            if i not in doubts:
                doubts[i] = round(doubt(places[i], of[i], counts, totals, 2**15), 6)
        row, rival = pair if doubts[pair[0]] > doubts[pair[1]] else pair[::-1]
        alike = round(likeness(plain[row], plain[rival]), 6)
        if alike * doubts[row] >= 0.5:
            best[row] = min(best.get(row, (0.0, 0, 0.0)), (-alike * doubts[row], rival, alike))
    return [(row, rival, alike, doubts[row]) for row, (_, rival, alike) in sorted(best.items())]


def _contradictions(plain: Sequence[str], of: dict[int, int]) -> set[tuple[int, int]]:
    """Return pairs of labelled rows alike by half or more, the first row of each text and label."""
    first: dict[str, dict[int, int]] = defaultdict(dict)
    for i, label in of.items():
        if plain[i]:
            first[plain[i]].setdefault(label, i)
    distinct = list(first)
    alike = {(i, i) for i in range(len(distinct))} | all_pairs(distinct, "char5", 0.5).keys()
    return {
        (min(a, b), max(a, b))
        for i, j in alike
        for one, a in first[distinct[i]].items()
        for other, b in first[distinct[j]].items()
        if one != other
    }
