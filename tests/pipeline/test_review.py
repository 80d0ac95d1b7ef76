"""Conflicts become cases: both texts masked, and which side is more likely wrong."""

from pathlib import Path

import polars as pl
import pytest

from ftaudit.pipeline.review import UNDECIDED, review
from ftaudit.reports.review_cases import ReviewCase, review_csv
from ftaudit.reports.review_page import render_review

CONFLICT = "label_conflicts.label"
SUSPECT = "label_conflicts.suspect"
SECRETS = ("anna@example.com", "4111 1111 1111 1111")


def tickets() -> pl.DataFrame:
    """Return tickets of two classes, of which one is once labelled as the other."""
    words = ("parcel", "letter", "pallet", "envelope", "crate")
    late = [
        f"my {word} with number {n * 17} is late again today" for n in range(12) for word in words
    ]
    money = [
        f"please pay back the {n * 13} euros of the {word}" for n in range(12) for word in words
    ]
    odd = [
        "my parcel is late again, write to anna@example.com please",
        "my parcel is late again, write to anna@example.com pleased",
        "pay back the euros to card 4111 1111 1111 1111 now",
        "my crate with number 34 is late again today and forever",
    ]
    labels = ["late"] * 60 + ["refund"] * 60 + ["late", "refund", "refund", "refund"]
    return pl.DataFrame({"text": [*late, *money, *odd], "label": labels})


@pytest.fixture(scope="module")
def cases() -> list[ReviewCase]:
    return review(tickets(), workers=1)


def case_of(cases: list[ReviewCase], *rows: int) -> ReviewCase:
    return next(case for case in cases if {row.row for row in case.rows} >= set(rows))


def urgency(case: ReviewCase) -> tuple[bool, float]:
    """Return whether a case has nothing but suspected labels, and how unlikely its errors are."""
    kinds = {row.kind for row in case.rows}
    return kinds == {SUSPECT}, -max(row.score or 0 for row in case.rows)


def test_both_sides_stand_in_one_case_with_what_is_more_likely_right(
    cases: list[ReviewCase],
) -> None:
    right, wrong = (
        next(row for row in case_of(cases, 120, 121).rows if row.row == n) for n in (120, 121)
    )
    assert (right.label, wrong.label) == ("late", "refund")
    assert (right.suggested, wrong.suggested) == ("late", "late")
    assert (right.related_row, wrong.related_row) == (121, 120)
    assert wrong.score is not None
    assert right.score is not None
    assert wrong.score > right.score
    assert [piece.text for piece in wrong.pieces if piece.differs] == ["pleased"]


def test_a_label_that_is_only_suspected_is_a_case_with_the_row_that_speaks_against_it(
    cases: list[ReviewCase],
) -> None:
    like, suspect = case_of(cases, 123).rows
    assert suspect.kind == "label_conflicts.suspect"
    assert (suspect.label, suspect.suggested, suspect.related_row) == ("refund", "late", like.row)
    assert (like.row, like.score, like.suggested) == (14, None, "late")


def test_nothing_personal_leaves_in_csv_or_page(cases: list[ReviewCase]) -> None:
    for text in (review_csv(cases), render_review(cases, "tickets")):
        assert "parcel" in text
        assert not [secret for secret in SECRETS if secret in text]


def test_cases_come_by_the_likeliest_error_and_do_not_depend_on_workers(
    cases: list[ReviewCase],
) -> None:
    order = [urgency(case) for case in cases]
    assert order == sorted(order)
    assert [case.name for case in cases] == [f"case-{at + 1}" for at in range(len(cases))]
    assert review_csv(review(tickets(), workers=2)) == review_csv(cases)


def test_suspected_labels_stand_behind_the_conflicts(shared: Path) -> None:
    found = review(pl.read_csv(shared / "banking77_train.csv"), workers=1)
    kinds = [{row.kind for row in case.rows} for case in found]
    assert {SUSPECT} in kinds
    assert {CONFLICT} in kinds
    order = [urgency(case) for case in found]
    assert order == sorted(order)
    wrong = next(row for case in found for row in case.rows if row.kind == SUSPECT and row.score)
    assert wrong.suggested == wrong.related_label != wrong.label


def test_clashing_answers_are_cases_without_labels() -> None:
    prompts = ["how do I close my account for good"] * 2 + [
        f"question number {n}" for n in range(9)
    ]
    answers = ["open the settings and choose close", "that is not possible, call the office now"]
    answers += [f"reply {n} with more words" for n in range(9)]
    found = review(pl.DataFrame({"prompt": prompts, "completion": answers}), workers=1)
    (case,) = found
    assert [(row.row, row.label, row.suggested, row.why) for row in case.rows] == [
        (0, "", "", UNDECIDED),
        (1, "", "", UNDECIDED),
    ]
    assert "choose close" in case.rows[0].text


def test_data_without_conflicts_has_no_cases() -> None:
    assert review(tickets().head(60), workers=1) == []
