"""What single rows show of damaged text."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.records.row_findings import row_findings


def damages(texts: list[str]) -> list[tuple[int, int]]:
    fields = [[{"path": "t", "text": text}] for text in texts]
    rows = pl.DataFrame(
        {
            "id": pl.Series(range(len(texts)), dtype=pl.UInt64),
            "row": pl.Series(range(len(texts)), dtype=pl.UInt64),
            "fields": pl.Series(
                fields, dtype=pl.List(pl.Struct({"path": pl.String, "text": pl.String}))
            ),
        }
    ).with_columns(
        split=pl.lit("train"),
        file=pl.lit(0, pl.UInt32),
        text=pl.lit(""),
        problems=pl.lit(
            [], pl.List(pl.Struct(dict.fromkeys(("rule", "field", "detail"), pl.String())))
        ),
    )
    return list(row_findings(rows, 0).select("id", "start").iter_rows())


@given(st.lists(st.text(st.characters(max_codepoint=0x9F), max_size=12)))
def test_the_first_control_character_of_every_text_is_named(texts: list[str]) -> None:
    controls = {chr(c) for c in (*range(0x20), *range(0x7F, 0xA0))} - {"\t", "\n", "\r"}
    firsts = [
        (i, next((at for at, c in enumerate(t) if c in controls), None))
        for i, t in enumerate(texts)
    ]
    assert damages(texts) == [(i, at) for i, at in firsts if at is not None]


def test_lost_characters_are_found_after_plain_texts() -> None:
    assert damages(["", "plain\n", "a\ufffd", "", "tab\there", "\ufffd"]) == [(2, 1), (5, 0)]
    assert damages([]) == damages([""]) == []
