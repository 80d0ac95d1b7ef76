"""Texts that a pattern matches, written from what the parser reads of it."""

import random
import string
from importlib import import_module
from typing import Any, Final

_LETTERS: Final = string.ascii_letters + string.digits + string.punctuation


def match_of(pattern: str, source: random.Random) -> str:
    """Write a text that a pattern matches, but for what anchors ask of its surroundings."""
    return _written(import_module("re._parser").parse(pattern), source)


def _written(tree: Any, source: random.Random) -> str:  # noqa: ANN401 - the parser's own tree
    return "".join(_item(str(code), argument, source) for code, argument in tree)


def _item(code: str, argument: Any, source: random.Random) -> str:  # noqa: ANN401, PLR0911 - the parser's own tree, one case per code
    match code:
        case "LITERAL":
            return chr(argument)
        case "NOT_LITERAL":
            return source.choice(_LETTERS.replace(chr(argument), ""))
        case "ANY":
            return source.choice(_LETTERS)
        case "AT":
            return ""
        case "IN":
            return source.choice(_members(argument))
        case "MAX_REPEAT" | "MIN_REPEAT":
            low, high, item = argument
            return "".join(
                _written(item, source) for _ in range(source.randint(low, min(high, low + 9)))
            )
        case "SUBPATTERN":
            return _written(argument[3], source)
        case "BRANCH":
            return _written(source.choice(argument[1]), source)
        case _:
            raise AssertionError(code)


def _members(items: Any) -> str:  # noqa: ANN401 - the parser's own tree
    negated = str(items[0][0]) == "NEGATE"
    letters = "".join(_letters(str(code), argument) for code, argument in items[negated:])
    allowed = [c for c in _LETTERS if c not in letters]
    return "".join([c for c in allowed if c.isalpha()] or allowed) if negated else letters


def _letters(code: str, argument: Any) -> str:  # noqa: ANN401 - the parser's own
    match code:
        case "LITERAL":
            return chr(argument)
        case "RANGE":
            return "".join(map(chr, range(argument[0], argument[1] + 1)))
        case _:
            kinds = {
                "CATEGORY_WORD": string.ascii_letters + string.digits,
                "CATEGORY_DIGIT": string.digits,
                "CATEGORY_SPACE": " \t\n\f\r",
                "CATEGORY_NOT_SPACE": string.ascii_letters + "-\x0b",
            }
            return kinds[str(argument)]
