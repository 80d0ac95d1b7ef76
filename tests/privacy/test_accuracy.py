"""Accuracy on the half of the annotated set that nothing was chosen on, and on data without PII."""

from collections import Counter
from pathlib import Path

import pytest

from tests.privacy import forms, unseen
from tests.privacy.annotated import REPORT, Score, find, read, scores
from tests.privacy.corpora import banking, gsm8k


@pytest.fixture(scope="module")
def reported() -> dict[str, Score]:
    from tests.conftest import SHARED

    if not SHARED.is_dir():
        pytest.skip("the real data (shared/data beside the repository) is not on this machine")
    rows = read(SHARED)
    return dict(scores(rows, find(row.text for row in rows), REPORT))


@pytest.mark.parametrize("entity", ["EMAIL_ADDRESS", "IBAN_CODE", "IP_ADDRESS", "US_SSN"])
def test_what_has_a_fixed_form_is_found_without_error(
    reported: dict[str, Score], entity: str
) -> None:
    assert reported[entity].precision == reported[entity].recall == 1


def test_urls_are_all_found_and_domains_of_addresses_are_none(reported: dict[str, Score]) -> None:
    assert reported["URL"].recall == 1
    assert reported["URL"].precision >= 0.99


def test_cards_of_every_length_are_found(reported: dict[str, Score]) -> None:
    assert reported["CREDIT_CARD"].recall >= 0.95
    assert reported["CREDIT_CARD"].precision >= 0.99


def test_phone_numbers_reach_their_f2(reported: dict[str, Score]) -> None:
    assert reported["PHONE_NUMBER"].f2 >= 0.85


def test_names_by_cues_are_right_though_few(reported: dict[str, Score]) -> None:
    assert reported["PERSON"].precision >= 0.95
    assert reported["PERSON"].recall >= 0.12


@pytest.mark.parametrize(
    "entity", ["STREET_ADDRESS", "DATE_OF_BIRTH", "AGE", "ZIP_CODE", "US_DRIVER_LICENSE"]
)
def test_patterns_with_cues_are_precise(reported: dict[str, Score], entity: str) -> None:
    assert reported[entity].right > 0
    assert reported[entity].precision >= 0.9


def test_arithmetic_holds_few_phone_numbers(shared: Path) -> None:
    texts = gsm8k(shared)[::4]
    found = Counter(span.entity for spans in find(texts) for span in spans)
    assert 1_000 * found["PHONE_NUMBER"] / len(texts) <= 5
    assert found["CREDIT_CARD"] == 0


def test_intents_without_personal_data_hold_almost_none(shared: Path) -> None:
    texts = banking(shared)
    assert 1_000 * sum(map(len, find(texts))) / len(texts) <= 0.5


@pytest.fixture(scope="module")
def fresh() -> dict[str, Score]:
    return unseen.scores()


def test_the_unseen_set_is_as_large_as_the_benchmarks_say() -> None:
    rows = unseen.read()
    assert len(rows) == 152
    assert sum(len(row.gold) for row in rows) == 98
    assert sum(not row.gold for row in rows) == 67


@pytest.mark.parametrize(
    "entity", ["EMAIL_ADDRESS", "IBAN_CODE", "CREDIT_CARD", "US_SSN", "URL", "DATE_OF_BIRTH"]
)
def test_fixed_forms_are_found_in_wordings_nothing_was_tuned_on(
    fresh: dict[str, Score], entity: str
) -> None:
    assert fresh[entity].precision == fresh[entity].recall == 1


def test_phones_and_streets_hold_up_in_wordings_nothing_was_tuned_on(
    fresh: dict[str, Score],
) -> None:
    assert fresh["PHONE_NUMBER"].f2 >= 0.85
    assert fresh["STREET_ADDRESS"].f2 >= 0.85
    assert fresh["PERSON"].precision >= 0.95
    found = [score for score in fresh.values() if score.right + score.wrong]
    assert sum(s.right for s in found) / sum(s.right + s.wrong for s in found) >= 0.9


def test_code_numbers_tables_and_typographic_text_are_read_rightly() -> None:
    by_form = forms.scores(forms.UNSEEN).values()
    right, wrong = sum(s.right for s in by_form), sum(s.wrong for s in by_form)
    missed = sum(s.missed for s in by_form)
    assert right >= 80
    assert right / (right + wrong) >= 0.95
    assert right / (right + missed) >= 0.95
