"""Parse SPDX licence expressions and classify them by the lists of a policy.

There is no authoritative table of which licence allows what, so none is invented: a policy lists
licences to allow, to review and to deny. `AND` needs every term, `OR` one of them. A licence in
no list is unknown, and unknown is never a pass.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from license_expression import LicenseExpression

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


class LicenseStanding(StrEnum):
    """The class of a licence under a policy."""

    ALLOWED = "allowed"
    REVIEW = "review"
    UNKNOWN = "unknown"
    DENIED = "denied"


_WORSE: Final = (
    LicenseStanding.ALLOWED,
    LicenseStanding.REVIEW,
    LicenseStanding.UNKNOWN,
    LicenseStanding.DENIED,
)
"""From best to worst: `AND` takes the worst of its terms, `OR` the best."""


class Lists(Struct, frozen=True):
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
    if _is_single(expression):
        return frozenset({expression})
    return frozenset(str(symbol) for symbol in _parsed(expression).get_literals())


def classify(
    expression: str | None,
    *,
    allow: Sequence[str] = (),
    review: Sequence[str] = (),
    deny: Sequence[str] = (),
) -> LicenseStanding:
    """Classify an SPDX expression by the lists; text that is no expression is unknown.

    A list that names a licence outright wins over patterns; else deny wins over review, and
    review over allow. A licence WITH an exception is judged by its full name, or else by the
    licence, which an exception can only widen.
    """
    canonical = parse_license(expression) if expression else None
    if canonical is None:
        return LicenseStanding.UNKNOWN
    lists = Lists(tuple(allow), tuple(review), tuple(deny))
    return (
        _standing(canonical, lists) if _is_single(canonical) else _judge(_parsed(canonical), lists)
    )


def _is_single(canonical: str) -> bool:
    """Whether a canonical expression is one licence, for which no parser need be loaded."""
    return not {" ", "(", ")"} & {*canonical}


def _standing(term: str, lists: Lists) -> LicenseStanding:
    """Judge one licence, with its exception if it has one."""
    order = (
        (LicenseStanding.DENIED, lists.deny),
        (LicenseStanding.REVIEW, lists.review),
        (LicenseStanding.ALLOWED, lists.allow),
    )
    names = dict.fromkeys((term, term.split(" WITH ", maxsplit=1)[0]))
    for name in names:
        for standing, patterns in order:
            if any(p.lower() == name.lower() for p in patterns):
                return standing
        for standing, patterns in order:
            if any(fnmatchcase(name.lower(), p.lower()) for p in patterns):
                return standing
    return LicenseStanding.UNKNOWN


@lru_cache(maxsize=4_096)
def _parsed(canonical: str) -> "LicenseExpression":
    """Return the tree of a canonical expression: symbols under AND and OR."""
    from license_expression import Licensing

    tree: LicenseExpression = Licensing().parse(canonical)
    return tree


def _judge(tree: "LicenseExpression", lists: Lists) -> LicenseStanding:
    """Take the worst standing of the operands of AND, and the best of those of OR."""
    from license_expression import AND, BaseSymbol

    if isinstance(tree, BaseSymbol):
        return _standing(str(tree), lists)
    pick = max if isinstance(tree, AND) else min
    return pick((_judge(operand, lists) for operand in tree.args), key=_WORSE.index)
