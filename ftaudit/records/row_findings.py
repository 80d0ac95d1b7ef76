"""What single rows show: what their format does not allow, damaged text, too much of it."""

from typing import Final

import numpy as np
import polars as pl

from ftaudit.records.defect import CONTROL, MOJIBAKE, REPLACEMENT
from ftaudit.similarity.text.arrow_buffers import buffers

COLUMNS: Final = ("id", "split", "file", "row", "rule", "field", "start", "end", "detail")
"""Columns of every table that is returned here, in their order. `start` and `end` are characters
of the field, null where the finding is about all of it."""

_DAMAGES: Final = (
    ("control_characters", CONTROL, "has control characters"),
    ("mojibake", MOJIBAKE, "has UTF-8 that was read in another encoding"),
    ("replacement_character", REPLACEMENT, "has characters that were lost (U+FFFD)"),
)
"""Rule, pattern, and what is said of a field that the pattern matches."""

_FIRST: Final = np.uint8(0x20)
_LAST: Final = np.uint8(0x7E)
"""First and last printable byte of ASCII."""
_BLANKS: Final = np.frombuffer(b"\t\n\r", np.uint8)


def row_findings(batch: pl.DataFrame, maximum_characters: int) -> pl.DataFrame:
    """Return what every row shows by itself, by row, field and rule, in the columns of `COLUMNS`.

    Args:
        batch: canonical rows.
        maximum_characters: length of `text` above which a row is over-long; 0 for any length.
    """
    findings = [_format_problems(batch), _damaged_fields(batch)]
    if maximum_characters:
        findings.append(_over_long(batch, maximum_characters))
    return pl.concat(findings, how="vertical").sort(
        "id", "field", "rule", "start", "detail", maintain_order=True
    )


def _format_problems(batch: pl.DataFrame) -> pl.DataFrame:
    """Return what the record format found malformed."""
    rows = batch.select("id", "split", "file", "row", "problems").filter(
        pl.col("problems").list.len() > 0
    )
    problems = rows.explode("problems", empty_as_null=False, keep_nulls=False).unnest("problems")
    return _placed(problems, pl.col("rule"), pl.col("field"), pl.col("detail"))


def _damaged_fields(batch: pl.DataFrame) -> pl.DataFrame:
    """Return the fields with control characters, mojibake or lost characters: the first of each."""
    fields = (
        batch.select("id", "split", "file", "row", "fields")
        .explode("fields", empty_as_null=False, keep_nulls=False)
        .unnest("fields")
    )
    # most text has nothing beyond plain characters
    odd = fields.filter(_beyond_plain(fields["text"].fill_null("")))
    findings = [
        _placed(hits, pl.lit(f"schema.{rule}"), pl.col("path"), pl.lit(detail), _offset(pattern))
        for rule, pattern, detail in (_DAMAGES if odd.height else _DAMAGES[:1])
        for hits in [odd.filter(pl.col("text").str.contains(pattern))]
    ]
    return pl.concat(findings)


def _beyond_plain(texts: pl.Series) -> pl.Series:
    """Return which texts have more than printable ASCII, tabs and ends of lines.

    The bytes are compared all at once: an expression takes three times as long.
    """
    data, starts = buffers(texts)
    data = data[starts[0] : starts[-1]]
    places = np.flatnonzero((data - _FIRST) > _LAST - _FIRST)
    places = places[~np.isin(data[places], _BLANKS)]
    flags = np.zeros(len(texts), np.bool_)
    flags[np.searchsorted(starts - starts[0], places, side="right") - 1] = True
    return pl.Series(flags)


def _over_long(batch: pl.DataFrame, maximum: int) -> pl.DataFrame:
    """Return the rows with more than `maximum` characters of text."""
    # bytes bound characters from above and cost nothing to count
    long = batch.filter(pl.col("text").str.len_bytes() > maximum)
    length = pl.col("text").str.len_chars()
    long = long.filter(length > maximum)
    detail = pl.format("{} characters, maximum " + str(maximum), length)
    return _placed(long, pl.lit("schema.over_long"), pl.lit(""), detail)


def _placed(
    rows: pl.DataFrame,
    rule: pl.Expr,
    field: pl.Expr,
    detail: pl.Expr,
    start: pl.Expr | None = None,
) -> pl.DataFrame:
    """Return a finding for every row, in the columns of `COLUMNS`."""
    begin = pl.lit(None, pl.UInt32) if start is None else start.cast(pl.UInt32)
    return rows.select(  # in the order of `COLUMNS`
        "id",
        "split",
        "file",
        "row",
        rule=rule,
        field=field,
        start=begin,
        end=begin + 1,
        detail=detail,
    )


def _offset(pattern: str) -> pl.Expr:
    """Return the character at which the first match begins."""
    head = pl.col("text").cast(pl.Binary).bin.slice(0, pl.col("text").str.find(pattern))
    return head.cast(pl.String).str.len_chars()
