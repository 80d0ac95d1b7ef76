"""Which split a file of a folder belongs to, told by its name as Hugging Face datasets does."""

import re
from collections.abc import Sequence
from typing import Final

from ftaudit.model.dataset import HOLDOUT, TRAIN, VALIDATION

WORDS: Final = {
    "train": TRAIN,
    "training": TRAIN,
    "validation": VALIDATION,
    "valid": VALIDATION,
    "val": VALIDATION,
    "dev": VALIDATION,
    "test": HOLDOUT,
    "testing": HOLDOUT,
    "holdout": HOLDOUT,
    "eval": HOLDOUT,
    "evaluation": HOLDOUT,
}
"""The words of https://huggingface.co/docs/hub/datasets-file-names-and-splits, and holdout."""

_ANY: Final = "|".join(sorted(WORDS, key=len, reverse=True))
_FIRST: Final = re.compile(rf"({_ANY})(?=[-_. \d]|$)")
_LAST: Final = re.compile(rf"(?:^|[-_. ])({_ANY})(?:[-_. ]?\d+(?:-of-\d+)?)?$")


def _word(folder: str) -> str:
    """Return a folder's name, or the split that a partition such as `split=test` names."""
    key, sign, value = folder.lower().partition("=")
    return value if sign and key in {"split", "subset", "fold"} else folder.lower()


def split_by_name(parts: Sequence[str]) -> str | None:
    """Return the split that a path, relative to the folder the user gave, names; or None.

    The nearest word decides: the file's own name (`train-00000-of-00002.parquet`,
    `tickets_test.csv`), where the word must be the first or the last, then its folders
    (`validation/0.jsonl`), which must be the word itself.
    """
    stem = parts[-1].lower().split(".")[0]
    if word := _LAST.search(stem) or _FIRST.match(stem):
        return WORDS[word[1]]
    folders = (WORDS.get(_word(folder)) for folder in reversed(parts[:-1]))
    return next((split for split in folders if split), None)
