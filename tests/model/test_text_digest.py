"""Keys of texts and rows are our own: no version of a library changes them."""

import re
from datetime import date
from hashlib import blake2b
from pathlib import Path

import polars as pl

import ftaudit
from ftaudit.model.text_digest import row_keys, text_keys

PACKAGE = Path(ftaudit.__file__).parent
IN_PROCESS = {
    "expectations/partials.py": "tells distinct values apart within one process",
    "similarity/reworded/word_features.py": "finds equal words; an index has its own",
}
"""Modules that may ask polars for hashes, and why: none leaves the process, none is shown."""


def test_a_key_is_half_of_the_digest_of_its_text() -> None:
    digest = blake2b(b"4711", digest_size=16).digest()
    keys = text_keys(pl.Series(["4711", None, "", "4711"]))
    assert keys.to_list()[0] == int.from_bytes(digest[:8], "little")
    assert keys[0] == keys[3] != keys[2]
    assert keys[1] is None


def test_texts_without_any_have_no_key() -> None:
    assert text_keys(pl.Series([None, None], dtype=pl.String)).to_list() == [None, None]
    assert text_keys(pl.Series([], dtype=pl.String)).is_empty()


def test_rows_have_one_key_exactly_when_all_their_cells_are_equal() -> None:
    rows = pl.DataFrame(
        {
            "text": ["a", "a", None, "", "a", "a"],
            "when": [date(2026, 1, 1)] * 6,
            "media": [b"\xff", b"\xff", b"\xff", b"\xff", b"\xfe", b"\xff"],
            "turns": [[{"role": "user"}]] * 5 + [[{"role": "system"}]],
        }
    )
    keys = row_keys(rows).to_list()
    assert keys[0] == keys[1]
    assert len(set(keys)) == 5
    assert row_keys(rows.clear()).is_empty()


def test_no_hash_of_polars_leaves_a_process() -> None:
    asking = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if re.search(r"\.hash\(|\.hash_rows\(|[^\w.]hash\(", path.read_text(encoding="utf-8"))
    }
    assert asking == set(IN_PROCESS)
