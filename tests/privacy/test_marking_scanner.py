from pathlib import Path

import polars as pl
import pytest

from ftaudit.privacy.findings.span import Span
from ftaudit.privacy.marking_scanner import BANNER, THRESHOLD, MarkingScanner, kinds
from tests.privacy.corpora import banking, gsm8k, roleplay

BANNERS = {
    "TLP:RED": "TLP_RED",
    "TLP:AMBER": "TLP_AMBER",
    "TLP:AMBER+STRICT": "TLP_AMBER_STRICT",
    "TLP:GREEN": "TLP_GREEN",
    "TLP:CLEAR": "TLP_CLEAR",
    "CUI": "CUI",
    "CUI//SP-PRVCY/NOFORN": "CUI",
    "CONTROLLED UNCLASSIFIED INFORMATION": "CUI",
    "FOR OFFICIAL USE ONLY": "US_FOUO",
    "SECRET//NOFORN": "US_CLASSIFIED",
    "TOP SECRET": "US_CLASSIFIED",
    "OFFICIAL-SENSITIVE": "UK_OFFICIAL_SENSITIVE",
    "UK SECRET": "UK_SECRET",
    "OFFICIAL: Sensitive": "AU_OFFICIAL_SENSITIVE",
    "PROTECTED B": "CA_PROTECTED",
    "VS - Nur für den Dienstgebrauch": "DE_VERSCHLUSSSACHE",
    "DIFFUSION RESTREINTE": "FR_DIFFUSION_RESTREINTE",
    "NATO RESTRICTED": "NATO_MARKING",
    "RESTREINT UE/EU RESTRICTED": "EU_MARKING",
    "Attorney-Client Privileged": "PRIVILEGED",
    "Privileged & Confidential": "PRIVILEGED",
    "INTERNAL USE ONLY": "INTERNAL_ONLY",
    "Do not distribute": "DO_NOT_DISTRIBUTE",
    "CONFIDENTIAL": "CONFIDENTIAL",
    "Strictly Confidential": "CONFIDENTIAL",
}


def found(text: str) -> list[Span]:
    return [span for _, spans in MarkingScanner().find(pl.Series([text])) for span in spans]


@pytest.mark.parametrize(("banner", "kind"), BANNERS.items())
@pytest.mark.parametrize("frame", ["{}\nThe text.", "The text.\n*** {} ***\nMore.", "# {}"])
def test_a_banner_is_found_and_scores_as_one(banner: str, kind: str, frame: str) -> None:
    spans = found(frame.format(banner))
    assert {s.entity for s in spans} == {kind}
    assert {s.score for s in spans} == {BANNER}


@pytest.mark.parametrize(
    "sentence",
    [
        "This stays confidential between the two of us.",
        "She told me a secret about the official visit.",
        "They protected a sensitive internal process.",
        "Our green team won; the red one lost.",
        "He promised confidentiality to his client.",
        "All information is kept strictly confidential.",
        "Do not distribute the load evenly.",
        "The starter is for internal use of the bakery.",
        "/* For internal use only */\nint next(void);",
        "/*\n * FOR INTERNAL USE ONLY.\n * Return the next.\n */\nint next(void);",
        "Confidentiality\n\n1. Each party keeps what it learns to itself.",
        "enum Level {\n  PUBLIC,\n  CONFIDENTIAL,\n  SECRET,\n}",
        "- Public\n- Confidential\n- Secret",
        "confidential",
        "@Confidential\npublic class Report {}",
    ],
)
def test_a_word_in_a_sentence_is_no_marking(sentence: str) -> None:
    assert found(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Remember that these slides are for internal use only until Monday.",
        "Please do not distribute this report outside of the team.",
        "This memo is attorney-client privileged, as counsel explained.",
    ],
)
def test_a_phrase_in_a_sentence_weighs_less_than_a_banner(sentence: str) -> None:
    [span] = found(sentence)
    assert THRESHOLD <= span.score < BANNER


def test_two_markings_share_a_banner() -> None:
    spans = found("CONFIDENTIAL - DO NOT DISTRIBUTE\n\nBody.")
    assert [(s.entity, s.score) for s in spans] == [
        ("CONFIDENTIAL", BANNER),
        ("DO_NOT_DISTRIBUTE", BANNER),
    ]


def test_every_kind_has_a_planted_case_or_is_a_phrase() -> None:
    assert set(kinds()) - set(BANNERS.values()) == {"EMAIL_DISCLAIMER", "EMBARGOED"}
    assert [s.entity for s in found("If you are not the intended recipient, delete this.")] == [
        "EMAIL_DISCLAIMER"
    ]
    assert [s.entity for s in found("The results are embargoed until Monday.")] == ["EMBARGOED"]


def test_a_long_line_is_no_banner() -> None:
    [span] = found("do not distribute " + "- " * 60)
    assert span.score < BANNER


def test_real_data_without_markings_has_none(shared: Path) -> None:
    texts = gsm8k(shared) + banking(shared) + roleplay(shared)
    assert list(MarkingScanner().find(pl.Series(texts))) == []
