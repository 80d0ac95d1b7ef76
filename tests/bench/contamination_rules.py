"""Rules by which others call a training text contaminated, written from what they publish.

Word tokens stand for the tokens of the tools; where a rule was published for a tokenizer of parts
of words, its sizes are kept and the text is shorter in tokens, which makes the rule stricter.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Final

Gram = tuple[str, ...]
Rule = Callable[[Sequence[str], Sequence[str]], list[bool]]
"""Benchmark rows and training texts → whether each text is called contaminated."""

_WORD: Final = re.compile(r"\w+")
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)?")


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, without punctuation."""
    return _WORD.findall(text.lower())


def grams(tokens: Sequence[str], size: int) -> list[Gram]:
    """Return all runs of `size` tokens."""
    return [tuple(tokens[i : i + size]) for i in range(len(tokens) - size + 1)]


def gpt3(rows: Sequence[str], texts: Sequence[str]) -> list[bool]:
    """Any 13-gram of a row (Brown et al. 2020, appendix C)."""
    listed = {gram for row in rows for gram in grams(words(row), 13)}
    return [not listed.isdisjoint(grams(words(text), 13)) for text in texts]


def datatrove(rows: Sequence[str], texts: Sequence[str]) -> list[bool]:
    """Any 12-gram of a query, numbers as 0 (`NGramsDecontConfig`, `find_query_ngrams` on)."""
    listed = {gram for row in rows for gram in grams(words(_NUMBER.sub("0", row)), 12)}
    return [not listed.isdisjoint(grams(words(_NUMBER.sub("0", text)), 12)) for text in texts]


def palm(rows: Sequence[str], texts: Sequence[str]) -> list[bool]:
    """At least 70 % of the 8-grams of a row, in this text (Chowdhery et al. 2022, section 8)."""
    return _by_share(rows, texts, 8, lambda row, hits: len(hits) >= 0.7 * len(row))


def llama2(rows: Sequence[str], texts: Sequence[str]) -> list[bool]:
    """Runs of more than ten tokens cover 80 % of a row (Touvron et al. 2023, A.6), no skips."""

    def covers(row: Sequence[Gram], hits: set[int]) -> bool:
        return len({place + k for place in hits for k in range(11)}) >= 0.8 * (len(row) + 10)

    return _by_share(rows, texts, 11, covers)


def decon(rows: Sequence[str], texts: Sequence[str]) -> list[bool]:
    """5-grams weighed by rarity, in a stretch with at most 11 misses in a row.

    allenai/decon, `doc/simple.md` and `config/default.yaml`: the share of the weight of a
    question's distinct 5-grams must be 1 for 25 tokens or fewer and 0.815 for 50 or more, linear
    between; every place is sampled, and questions of fewer than 20 tokens are left out.
    """
    tokens = [words(row) for row in rows]
    kept = [e for e, row in enumerate(tokens) if len(row) >= 20]
    sets = {e: set(grams(tokens[e], 5)) for e in kept}
    frequency = Counter(gram for own in sets.values() for gram in own)
    weight = {gram: math.log(len(rows) / count) for gram, count in frequency.items()}
    owners = defaultdict(list)
    for e, own in sets.items():
        for gram in own:
            owners[gram].append(e)
    total = {e: sum(weight[gram] for gram in own) for e, own in sets.items()}
    least = {e: _least(len(tokens[e])) for e in kept}

    def called(text: str) -> bool:
        last: dict[int, int] = {}
        matched: dict[int, set[Gram]] = defaultdict(set)
        for place, gram in enumerate(grams(words(text), 5)):
            for e in owners.get(gram, ()):
                if place - last.get(e, place) > 12:
                    matched[e].clear()
                last[e] = place
                matched[e].add(gram)
                share = sum(weight[own] for own in matched[e]) / max(total[e], 1e-12)
                if share >= least[e] - 1e-9:
                    return True
        return False

    return [called(text) for text in texts]


def _least(size: int) -> float:
    return 1.0 - 0.185 * min(1.0, max(0.0, (size - 25) / 25))


def _by_share(
    rows: Sequence[str],
    texts: Sequence[str],
    size: int,
    enough: Callable[[Sequence[Gram], set[int]], bool],
) -> list[bool]:
    """Return whether a text has enough runs of one row; `enough` takes its runs, and places."""
    own = [grams(words(row), size) for row in rows]
    owners = defaultdict(set)
    for e, listed in enumerate(own):
        for gram in listed:
            owners[gram].add(e)
    results = []
    for text in texts:
        have = set(grams(words(text), size))
        rivals = {e for gram in have for e in owners.get(gram, ())}
        results.append(
            any(
                enough(own[e], {i for i, gram in enumerate(own[e]) if gram in have}) for e in rivals
            )
        )
    return results


RULES: Final[dict[str, Rule]] = {
    "GPT-3: one 13-gram": gpt3,
    "datatrove: one 12-gram": datatrove,
    "PaLM: 70 % of 8-grams": palm,
    "Llama 2: 80 % of tokens": llama2,
    "decon: weighed 5-grams": decon,
}
