"""Every vendor's format is found where one is planted, and its placeholders are not."""

import random
import re
import string
from importlib import import_module
from typing import Any

import polars as pl
import pytest

from ftaudit.privacy.secrets.secret_scanner import SecretScanner
from ftaudit.privacy.secrets.vendor_keys import FORMATS


def written(tree: Any, source: random.Random) -> str:  # noqa: ANN401 - the parser's own tree
    """Write a text that a parsed pattern matches."""
    return "".join(_written(str(code), argument, source) for code, argument in tree)


def _written(code: str, argument: Any, source: random.Random) -> str:  # noqa: ANN401 - the parser's own tree
    match code:
        case "LITERAL":
            return chr(argument)
        case "IN":
            return source.choice(_members(argument))
        case "MAX_REPEAT" | "MIN_REPEAT":
            low, high, item = argument
            return "".join(
                written(item, source) for _ in range(source.randint(low, min(high, low + 9)))
            )
        case "SUBPATTERN":
            return written(argument[3], source)
        case "BRANCH":
            return written(source.choice(argument[1]), source)
        case _:
            raise AssertionError(code)


def _members(items: Any) -> str:  # noqa: ANN401 - the parser's own tree
    letters = ""
    for code, argument in items:
        match str(code):
            case "LITERAL":
                letters += chr(argument)
            case "RANGE":
                letters += "".join(map(chr, range(argument[0], argument[1] + 1)))
            case "CATEGORY":
                word = str(argument) == "CATEGORY_WORD"
                letters += string.ascii_letters + string.digits if word else string.digits
            case _:  # a negation
                return string.ascii_letters
    return letters


@pytest.mark.parametrize(("kind", "pattern"), FORMATS)
@pytest.mark.parametrize("around", ["{}", "use this: {}\nthen go on.", 'key = "{}"'])
def test_every_vendors_key_is_found(kind: str, pattern: str, around: str) -> None:
    for seed in range(5):
        key = written(import_module("re._parser").parse(pattern), random.Random(seed))  # noqa: S311 - a fixed seed
        assert re.fullmatch(pattern, key)
        [(_, spans)] = SecretScanner().find(pl.Series([around.replace("{}", key)]))
        assert kind in {span.entity for span in spans}, seed
