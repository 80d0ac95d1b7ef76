import pytest

from ftaudit.privacy.findings.doubt import RAISED, reweighed
from ftaudit.privacy.findings.span import Span
from tests.bench import pii_corpus

ENTITIES = (
    "URL", "DATE_TIME", "EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "IP_ADDRESS", "US_SSN",
    "US_DRIVER_LICENSE", "US_PASSPORT", "US_BANK_NUMBER", "US_ITIN", "UK_NHS", "MEDICAL_LICENSE",
)  # fmt: skip


def test_doubt_raises_the_scores_of_no_other_entities() -> None:
    raised = set()
    for text in [*pii_corpus.dense(60, seed=3), "call me on 212-555-0147", "passport A1234567"]:
        for start in range(0, min(len(text), 200), 3):
            for entity in ENTITIES:
                span = Span(entity, start, min(start + 12, len(text)), 0.1, "")
                weighed = reweighed(text, span)
                if weighed is not None and weighed.score > span.score:
                    raised.add(entity)
    assert raised <= RAISED
    assert reweighed("call me on 212-555-0147", Span("PHONE_NUMBER", 11, 23, 0.4, "")) == Span(
        "PHONE_NUMBER", 11, 23, 0.75, ""
    )


@pytest.mark.parametrize(
    ("year", "kept"), [(1756, False), (1899, False), (1900, True), (1971, True)]
)
def test_who_was_born_before_the_last_century_is_nobody_alive(year: int, kept: bool) -> None:
    text = f"was born on 27 January {year} in Salzburg"
    span = Span("DATE_OF_BIRTH", 12, 12 + len(f"27 January {year}"), 0.9, "")
    assert (reweighed(text, span) is not None) == kept
