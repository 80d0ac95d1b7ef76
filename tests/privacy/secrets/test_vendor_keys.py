"""Every vendor's format is found where one is planted, and its placeholders are not."""

import random
import re

import polars as pl
import pytest

from ftaudit.privacy.secrets.secret_scanner import SecretScanner
from ftaudit.privacy.secrets.vendor_keys import FORMATS
from tests.privacy.written_matches import match_of


@pytest.mark.parametrize(("kind", "pattern"), FORMATS)
@pytest.mark.parametrize("around", ["{}", "use this: {}\nthen go on.", 'key = "{}"'])
def test_every_vendors_key_is_found(kind: str, pattern: str, around: str) -> None:
    keys = [match_of(pattern, random.Random(seed)) for seed in range(5)]  # noqa: S311 - fixed seeds
    assert all(re.fullmatch(pattern, key) for key in keys)
    found = dict(SecretScanner().find(pl.Series([around.replace("{}", key) for key in keys])))
    for seed in range(5):
        assert kind in {span.entity for span in found[seed]}, seed
