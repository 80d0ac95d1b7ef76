"""Redaction of a text with very many findings."""

import json

import polars as pl

from ftaudit.model.text_edit import TextEdit
from ftaudit.privacy.findings.surrogate import Replacement
from ftaudit.remedies.json_spans import within_json
from ftaudit.remedies.redact import replaced
from tests.growth import assert_linear

NAME = "Mr. Smith "


def found(size: int) -> pl.DataFrame:
    """Return a field that is full of names, each of which was found."""
    starts = list(range(0, size, len(NAME)))
    return pl.DataFrame(
        {
            "file": [0],
            "row": [0],
            "field": ["text"],
            "text": [NAME * len(starts)],
            "rule": [["pii.PERSON"] * len(starts)],
            "start": [starts],
            "end": [[start + 9 for start in starts]],
        }
    )


def test_many_findings_take_time_by_their_number() -> None:
    assert_linear(lambda size: replaced(found(size), Replacement("mask", b"key")))


def test_many_findings_in_json_take_time_by_their_number() -> None:
    def widen(size: int) -> None:
        text = json.dumps([NAME] * (size // 20))
        edits = [TextEdit(at, at + 11, "x") for at in range(2, len(text) - 12, 14)]
        assert len(within_json(text, edits)) == len(edits)

    assert_linear(widen)


def test_an_edit_has_the_rule_of_the_first_span_in_it() -> None:
    frame = pl.DataFrame(
        {
            "file": [0],
            "row": [0],
            "field": ["text"],
            "text": ["write to a@b.example or c"],
            "rule": [["pii.URL", "pii.EMAIL_ADDRESS", "secrets.token"]],
            "start": [[11, 9, 24]],
            "end": [[20, 20, 25]],
        }
    )
    edits = replaced(frame, Replacement("mask", b"key"))
    assert edits["start"].to_list() == [9, 24]
    assert edits["rule"].to_list() == ["pii.URL", "secrets.token"]
