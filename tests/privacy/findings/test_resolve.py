from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.privacy.findings.resolve import Resolution, best
from ftaudit.privacy.findings.span import Span

spans = st.builds(
    lambda entity, start, length, score: Span(entity, start, start + length, score, "r"),
    st.sampled_from(["A", "B", "EMAIL_ADDRESS"]),
    st.integers(0, 30),
    st.integers(1, 12),
    st.sampled_from([0.1, 0.4, 0.5, 1.0]),
)


def span(entity: str, start: int, end: int, score: float) -> Span:
    return Span(entity, start, end, score, "r")


def test_the_domain_of_an_email_address_is_no_url_of_its_own() -> None:
    text = "write to jo@mail.example.com today"
    email, url = span("EMAIL_ADDRESS", 9, 28, 1.0), span("URL", 12, 28, 0.5)
    assert Resolution().resolve(text, [url, email]) == [email]


def test_findings_below_the_threshold_fall_and_those_on_it_stand() -> None:
    low, on = span("A", 0, 2, 0.39), span("A", 3, 5, 0.4)
    assert Resolution().resolve("aa bb", [low, on]) == [on]


def test_an_entity_has_its_own_threshold() -> None:
    strict = Resolution(threshold=0.4, thresholds={"A": 0.9, "B": 0.1})
    a, b = span("A", 0, 2, 0.8), span("B", 3, 5, 0.2)
    assert strict.resolve("aa bb", [a, b]) == [b]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(span("A", 0, 4, 0.9), span("B", 0, 9, 0.8), id="better score"),
        pytest.param(span("B", 0, 9, 0.8), span("A", 0, 4, 0.8), id="longer"),
        pytest.param(span("B", 0, 4, 0.8), span("A", 2, 6, 0.8), id="earlier"),
        pytest.param(span("A", 0, 4, 0.8), span("B", 0, 4, 0.8), id="first by name"),
    ],
)
def test_ties_are_broken_in_one_way(first: Span, second: Span) -> None:
    assert best([first, second]) == [first] == best([second, first])


@given(st.lists(spans, max_size=12), st.randoms(use_true_random=False))
def test_what_stands_never_overlaps_and_does_not_depend_on_order(
    found: list[Span], random: Random
) -> None:
    standing = best(found)
    assert all(a.end <= b.start for a, b in pairwise(standing))
    shuffled = list(found)
    random.shuffle(shuffled)
    assert best(shuffled) == standing


@given(st.lists(spans, max_size=12))
def test_every_span_that_falls_overlaps_a_better_one(found: list[Span]) -> None:
    standing = best(found)
    for fallen in set(found) - set(standing):
        winners = [s for s in standing if s.start < fallen.end and fallen.start < s.end]
        assert max(s.score for s in winners) >= fallen.score


@pytest.mark.parametrize(
    "text",
    [
        "It costs 3000-2700=<<3000-2700=300>>300",
        "a total of 16800000 = $16,800,000",
        "the sum, 360-270 = 90, is right",
    ],
)
def test_a_number_in_arithmetic_is_no_phone_number(text: str) -> None:
    for score in (0.4, 0.75):
        start = next(i for i, c in enumerate(text) if c.isdigit())
        found = span("PHONE_NUMBER", start, start + 9, score)
        assert Resolution().resolve(text, [found]) == []


def test_two_sentences_without_a_space_are_no_domain() -> None:
    text = "It is bad.This cannot be. See results.You too"
    found = [span("URL", 6, 12, 0.5), span("URL", 30, 41, 0.5)]
    assert Resolution().resolve(text, found) == []


def test_a_bare_domain_is_still_a_url() -> None:
    text = "see shop.example.com now"
    found = span("URL", 4, 20, 0.5)
    assert Resolution().resolve(text, [found]) == [found]


def test_a_number_with_one_check_digit_is_a_phone_number_unless_a_word_fits() -> None:
    text = "Call me on 202-969-0716 now."
    phone, nhs = span("PHONE_NUMBER", 11, 23, 0.8), span("UK_NHS", 11, 23, 1.0)
    assert Resolution().resolve(text, [phone, nhs]) == [phone]
    text = "NHS number 943 476 5919 on file"
    assert Resolution().resolve(text, [span("UK_NHS", 11, 23, 1.0)])[0].score == 1.0


def test_a_piece_of_a_longer_code_is_no_medical_licence() -> None:
    text = "code F978085807708 here"
    assert Resolution().resolve(text, [span("MEDICAL_LICENSE", 5, 14, 1.0)]) == []


def whole(entity: str, text: str, score: float = 0.8) -> list[Span]:
    return Resolution().resolve(text, [span(entity, 0, len(text), score)])


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-04T05:06:07Z",
        "2025-03-04 05:06:07.123456",
        "2025-03-04T05:06:07+02:00",
        "20250304T050607Z",
        "2025-03-04T00:00:00Z",
        "03/04/2025 05:06 PM",
        " 2025/03/04 05:06 UTC\n",
    ],
)
def test_a_cell_that_is_a_timestamp_is_no_date_of_a_person(text: str) -> None:
    assert whole("DATE_TIME", text) == []


@pytest.mark.parametrize(
    "text", ["1981-03-12", "03/12/1981", "1981-03-12 00:00:00", "on 2025-03-04T05:06:07Z we met"]
)
def test_dates_and_times_within_a_text_stand(text: str) -> None:
    assert whole("DATE_TIME", text)


@pytest.mark.parametrize("text", ["1741064767", "1741064767.25", "1741064767123"])
def test_a_cell_that_counts_seconds_since_1970_is_no_number_of_a_person(text: str) -> None:
    assert whole("PHONE_NUMBER", text, 0.4) == whole("UK_NHS", text, 1.0) == []


def test_a_cell_of_as_many_digits_that_cannot_be_a_time_stands() -> None:
    assert whole("PHONE_NUMBER", "2025550142", 0.4)
    assert whole("UK_NHS", "9434765919", 1.0)


def test_what_says_more_wins_its_place_whatever_the_scores() -> None:
    text = "Date of birth: 1981-03-12."
    date, birth = span("DATE_TIME", 15, 25, 0.95), span("DATE_OF_BIRTH", 15, 25, 0.9)
    assert Resolution().resolve(text, [date, birth]) == [birth]
    place, street = span("LOCATION", 3, 16, 0.85), span("STREET_ADDRESS", 0, 16, 0.75)
    assert Resolution().resolve("742 Sample Street", [place, street]) == [street]


def test_what_says_more_loses_where_it_falls_itself() -> None:
    date, birth = span("DATE_TIME", 0, 10, 0.95), span("DATE_OF_BIRTH", 0, 10, 0.9)
    strict = Resolution(thresholds={"DATE_OF_BIRTH": 0.95})
    assert strict.resolve("1981-03-12", [date, birth]) == [date]
