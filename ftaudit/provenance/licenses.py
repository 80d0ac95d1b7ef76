"""Parse SPDX licence expressions and classify them by the lists of a policy.

There is no authoritative table of which licence allows what, so none is invented: a policy lists
licences to allow, to review and to deny. `AND` needs every term, `OR` one of them. A licence in
no list is unknown, and unknown is never a pass.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache
from typing import Final, TypeAlias

LONGEST: Final = 300
"""Characters beyond which a text is no licence expression (it may come from hostile data)."""

NONE: Final = ("NOASSERTION", "NONE")
"""What SPDX documents say where no licence is known or granted."""

HUGGING_FACE: Final = {
    "unknown": "NOASSERTION",
    "cc": "LicenseRef-cc",
    "bsd": "LicenseRef-bsd",
    "gpl": "LicenseRef-gpl",
    "lgpl": "LicenseRef-lgpl",
    "agpl": "LicenseRef-agpl",
    "pddl": "PDDL-1.0",
    "odbl": "ODbL-1.0",
    "odc-by": "ODC-By-1.0",
    "gfdl": "LicenseRef-gfdl",
    "openrail++": "LicenseRef-openrail-plus-plus",
}
"""Licence ids of the Hugging Face hub that SPDX spells otherwise or does not know."""

HUGGING_FACE_ONLY: Final = re.compile(
    r"other|openrail|creativeml-openrail-m|bigscience-.*|bigcode-.*|llama[0-9.]*|gemma"
    r"|deepfloyd-if-license|apple-.*|c-uda|intel-research|h-research|open-mdw"
)
"""Ids of the hub that stand for terms of their own, which a person must read."""

_TOKEN: Final = re.compile(r"\(|\)|[^\s()]+")


class Standing(StrEnum):
    """The class of a licence under a policy."""

    ALLOWED = "allowed"
    REVIEW = "review"
    UNKNOWN = "unknown"
    DENIED = "denied"


_WORSE: Final = (Standing.ALLOWED, Standing.REVIEW, Standing.UNKNOWN, Standing.DENIED)
"""From best to worst: `AND` takes the worst of its terms, `OR` the best."""


@dataclass(frozen=True)
class Lists:
    """A policy's licences: identifiers, or patterns such as `CC-BY-NC-*`."""

    allow: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()


@cache
def parse_license(text: str) -> str | None:
    """Return the canonical form of an SPDX expression, or None where the text is not one.

    Ids of the Hugging Face hub that SPDX does not know become a LicenseRef; `NOASSERTION` and
    `NONE` stay as they are.
    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        return None
    if text.upper() in NONE:
        return text.upper()
    hub = HUGGING_FACE.get(text.lower())
    if hub is not None:
        return hub
    if HUGGING_FACE_ONLY.fullmatch(text.lower()):
        text = f"LicenseRef-{re.sub(r'[^A-Za-z0-9.-]', '-', text)}"
    from packaging.licenses import (
        InvalidLicenseExpression,
        canonicalize_license_expression,
    )

    try:
        return str(canonicalize_license_expression(text))
    except (InvalidLicenseExpression, MemoryError, RecursionError):
        return None


def license_terms(expression: str) -> frozenset[str]:
    """Return the licences a canonical expression names, each with its exception."""
    tree = _Tokens(_TOKEN.findall(expression)).expression()
    return frozenset(_leaves(tree))


def classify(
    expression: str | None,
    *,
    allow: Sequence[str] = (),
    review: Sequence[str] = (),
    deny: Sequence[str] = (),
) -> Standing:
    """Classify an SPDX expression by the lists; text that is no expression is unknown.

    A list that names a licence outright wins over patterns; else deny wins over review, and
    review over allow. A licence WITH an exception is judged by its full name, or else by the
    licence, which an exception can only widen.
    """
    canonical = parse_license(expression) if expression else None
    if canonical is None:
        return Standing.UNKNOWN
    lists = Lists(tuple(allow), tuple(review), tuple(deny))
    return _judge(_Tokens(_TOKEN.findall(canonical)).expression(), lists)


def _standing(term: str, lists: Lists) -> Standing:
    """Judge one licence, with its exception if it has one."""
    order = (
        (Standing.DENIED, lists.deny),
        (Standing.REVIEW, lists.review),
        (Standing.ALLOWED, lists.allow),
    )
    names = dict.fromkeys((term, term.split(" WITH ", maxsplit=1)[0]))
    for name in names:
        for standing, patterns in order:
            if any(p.lower() == name.lower() for p in patterns):
                return standing
        for standing, patterns in order:
            if any(fnmatchcase(name.lower(), p.lower()) for p in patterns):
                return standing
    return Standing.UNKNOWN


@dataclass(frozen=True)
class _Either:
    """`OR` of its parts."""

    parts: "tuple[_Tree, ...]"


@dataclass(frozen=True)
class _Every:
    """`AND` of its parts."""

    parts: "tuple[_Tree, ...]"


_Tree: TypeAlias = "str | _Either | _Every"


@dataclass
class _Tokens:
    """A canonical expression on its way to a tree. `WITH` binds most, then `AND`, then `OR`.

    See SPDX specification 2.3, annex D.4. The syntax has been checked by `parse_license`.
    """

    tokens: list[str]
    at: int = 0

    def expression(self) -> _Tree:
        parts = [self._every()]
        while self._next("OR"):
            parts.append(self._every())
        return parts[0] if len(parts) == 1 else _Either(tuple(parts))

    def _every(self) -> _Tree:
        parts = [self._term()]
        while self._next("AND"):
            parts.append(self._term())
        return parts[0] if len(parts) == 1 else _Every(tuple(parts))

    def _term(self) -> _Tree:
        if self._next("("):
            inner = self.expression()
            self._next(")")
            return inner
        name = self._take()
        return f"{name} WITH {self._take()}" if self._next("WITH") else name

    def _next(self, token: str) -> bool:
        matches = self.at < len(self.tokens) and self.tokens[self.at] == token
        self.at += matches
        return matches

    def _take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]


def _leaves(tree: _Tree) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
        return
    for part in tree.parts:
        yield from _leaves(part)


def _judge(tree: _Tree, lists: Lists) -> Standing:
    match tree:
        case str():
            return _standing(tree, lists)
        case _Either(parts):
            return min((_judge(p, lists) for p in parts), key=_WORSE.index)
        case _Every(parts):
            return max((_judge(p, lists) for p in parts), key=_WORSE.index)
