"""Read an answer leniently: what a parser or constrained decoding would make of it.

A label may stand in a field of a JSON object, in other letter case or with spaces for
underscores, or alone among other words. What is read is never the reference: only the labels
that exist, so that both models are read alike.
"""

import json
import re
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

import polars as pl
from msgspec import Struct

if TYPE_CHECKING:
    import re2

FIELDS: Final = ("label", "intent", "category", "class", "answer", "output", "result", "prediction")
"""Fields of a JSON answer that are taken for it, in order; else its only field."""
_SPACES: Final = re.compile(r"[\s_\-]+")


class LenientReader(Struct, frozen=True, dict=True):
    """Read answers that should be one of some labels, or compare free text loosely."""

    labels: tuple[str, ...]
    """Empty when the answers are free text."""

    def read(self, outputs: pl.Series) -> pl.Series:
        """Return what every output means; an output that means no label stays as it is."""
        distinct = outputs.unique().drop_nulls()
        meanings = [self.meaning(output) for output in distinct]
        return outputs.replace_strict(distinct, meanings, default=None, return_dtype=pl.String)

    def meaning(self, output: str) -> str:
        """Return the label that an output means, else its own text without outer spaces."""
        stripped = output.strip()
        if not self.labels:
            return folded(_unwrapped(stripped))
        if stripped in self._exact:
            return stripped
        unwrapped = _unwrapped(stripped)
        folded_label = self._folded.get(folded(unwrapped))
        return folded_label or self._only_label(unwrapped) or stripped

    @cached_property
    def _exact(self) -> frozenset[str]:
        return frozenset(self.labels)

    @cached_property
    def _folded(self) -> dict[str, str]:
        """Return labels by their folded form; forms that two labels share mean neither."""
        forms: dict[str, list[str]] = {}
        for label in self.labels:
            forms.setdefault(folded(label), []).append(label)
        return {form: owners[0] for form, owners in forms.items() if len(owners) == 1}

    def _only_label(self, text: str) -> str | None:
        """Return the one label that stands in a text; None for none, or for several."""
        form, names, start = folded(text), set[str](), 0
        while (match := self._pattern.search(form, start)) is not None:
            names.add(self._folded[match.group(1)])
            start = match.end(1)  # the character after a label may also stand before the next
        return names.pop() if len(names) == 1 else None

    @cached_property
    def _pattern(self) -> "re2._Regexp[str]":
        """Match any label as whole words, the longest first. RE2: linear in the text."""
        import re2

        names = sorted(self._folded, key=lambda name: (-len(name), name))
        options = re2.Options()
        options.max_mem = 64 << 20
        alternatives = "|".join(map(re2.escape, names))
        return re2.compile(
            rf"(?:^|[^\p{{L}}\p{{N}}])({alternatives})(?:[^\p{{L}}\p{{N}}]|$)", options
        )


def folded(text: str) -> str:
    """Return a text in lower case with runs of spaces, hyphens and underscores as one `_`."""
    return _SPACES.sub("_", text.strip().lower()).strip("_")


def _unwrapped(text: str) -> str:
    """Return the answer inside a JSON object, or the text itself."""
    if not (text.startswith("{") and text.endswith("}")):
        return text
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if not isinstance(value, dict):
        return text
    name = next((name for name in FIELDS if name in value), None)
    if name is None and len(value) == 1:
        name = next(iter(value))
    inner = value.get(name) if name is not None else None
    return inner.strip() if isinstance(inner, str) else text


def read_leniently(outputs: pl.Series, labels: Sequence[str]) -> pl.Series:
    """Return what outputs mean among some labels; see `LenientReader`."""
    return LenientReader(tuple(labels)).read(outputs)
