"""Counting what is found in the strings of rows."""

from collections.abc import Iterator

import polars as pl

from ftaudit.privacy.findings.finding_counts import FindingTotals, count_findings
from ftaudit.privacy.findings.span import Span
from tests.conftest import dataset


def test_a_text_that_recurs_is_searched_once_and_counted_everywhere() -> None:
    searched: list[str] = []

    def search(texts: pl.Series, labels: pl.Series) -> Iterator[tuple[int, list[Span]]]:
        searched.extend(texts)
        assert set(labels) <= {""}
        for position, text in enumerate(texts):
            if "@" in text:
                yield position, [Span("EMAIL_ADDRESS", 0, len(text), 1.0, "test")]

    rows: list[dict[str, object]] = [
        {"input": text} for text in ("a@b.example", "nothing", "a@b.example", "c@d.example")
    ]
    batch = next(dataset(rows).rows.batches())
    mapped = count_findings(batch, search, topic="pii", key=b"key")
    assert sorted(searched) == sorted(set(searched))
    assert mapped.findings["row"].to_list() == [0, 2, 3]
    assert FindingTotals(mapped.partials).count("findings", "EMAIL_ADDRESS") == 3
    assert FindingTotals(mapped.partials).distinct("EMAIL_ADDRESS") == 2
