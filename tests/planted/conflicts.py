"""Label errors planted in real data: edited copies of rows that carry another label."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

SYNONYMS: Final = {
    "account": "profile", "can": "could", "cancel": "stop", "card": "bank card", "change": "alter",
    "charge": "bill", "charged": "billed", "check": "verify", "get": "obtain", "help": "assist",
    "how": "in what way", "money": "cash", "my": "our", "need": "require", "new": "fresh",
    "please": "kindly", "top": "load", "transfer": "payment", "use": "utilise", "want": "wish",
    "why": "how come", "wrong": "incorrect",
}  # fmt: skip
FILLERS: Final = ("actually", "just", "now", "please", "really")

Edit = Callable[[list[str], random.Random], str]


def typo(words: list[str], chance: random.Random) -> str:
    """Swap two neighbouring letters of a longer word."""
    long = [i for i, word in enumerate(words) if len(word) > 3] or [0]
    at = chance.choice(long)
    word = words[at]
    i = chance.randrange(max(1, len(word) - 1))
    return " ".join(
        [*words[:at], word[:i] + word[i : i + 2][::-1] + word[i + 2 :], *words[at + 1 :]]
    )


def case(words: list[str], _: random.Random) -> str:
    """Shout."""
    return " ".join(words).upper().rstrip("?.!") + "!!"


def swap(words: list[str], chance: random.Random) -> str:
    """Swap two neighbouring words."""
    i = chance.randrange(max(1, len(words) - 1))
    return " ".join([*words[:i], *words[i : i + 2][::-1], *words[i + 2 :]])


def synonym(words: list[str], chance: random.Random) -> str:
    """Put another word for one of them; a politeness where none is known."""
    known = [i for i, word in enumerate(words) if word.lower().strip("?.,!") in SYNONYMS]
    if not known:
        return " ".join([*words, "please"])
    i = chance.choice(known)
    return " ".join([*words[:i], SYNONYMS[words[i].lower().strip("?.,!")], *words[i + 1 :]])


def insertion(words: list[str], chance: random.Random) -> str:
    """Add a word."""
    i = chance.randrange(len(words) + 1)
    return " ".join([*words[:i], chance.choice(FILLERS), *words[i:]])


def deletion(words: list[str], chance: random.Random) -> str:
    """Leave a word out, where there are more than three."""
    i = chance.randrange(len(words)) if len(words) > 3 else len(words)
    return " ".join([*words[:i], *words[i + 1 :]])


def reordering(words: list[str], chance: random.Random) -> str:
    """Move the end to the front."""
    i = chance.randrange(1, len(words)) if len(words) > 1 else 0
    return " ".join([*words[i:], *words[:i]]).replace("?", "")


EDITS: Final[tuple[Edit, ...]] = (typo, case, swap, synonym, insertion, deletion, reordering)


@dataclass(frozen=True)
class Planted:
    """Rows, the last of which are edited copies with a wrong label."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    origin: dict[int, int]
    """Planted row → the row it is a copy of."""
    edit: dict[int, str]
    """Planted row → the kind of edit."""


def plant(
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    count: int = 500,
    seed: int,
    wrong: Literal["random", "confusable"] = "random",
) -> Planted:
    """Append `count` edited copies of different rows, each with another label than its origin's.

    Args:
        texts: of the rows.
        labels: of the rows, two different ones at least.
        count: how many copies.
        seed: decides everything.
        wrong: any other label, or the one whose texts share most words with the right one's.
    """
    chance = random.Random(seed)  # noqa: S311 - data for a test
    classes = sorted(set(labels))
    nearest = _nearest(texts, labels) if wrong == "confusable" else {}
    more: list[tuple[str, str]] = []
    origin, edit = {}, {}
    for n, row in enumerate(chance.sample(range(len(texts)), count)):
        change = EDITS[n % len(EDITS)]
        others = [label for label in classes if label != labels[row]]
        label = nearest.get(labels[row]) or chance.choice(others)
        more.append((change(texts[row].split(), chance), label))
        origin[len(texts) + n], edit[len(texts) + n] = row, change.__name__
    new_texts, new_labels = zip(*more, strict=True)
    return Planted((*texts, *new_texts), (*labels, *new_labels), origin, edit)


def _nearest(texts: Sequence[str], labels: Sequence[str]) -> dict[str, str]:
    """Return for each label the one whose texts use the most of the same words."""
    words: dict[str, Counter[str]] = {label: Counter() for label in sorted(set(labels))}
    for text, label in zip(texts, labels, strict=True):
        words[label].update(set(text.lower().split()))
    return {
        label: max(
            (other for other in words if other != label),
            key=lambda other: ((own & words[other]).total() / words[other].total(), other),
        )
        for label, own in words.items()
    }
