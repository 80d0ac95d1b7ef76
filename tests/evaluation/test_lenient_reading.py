"""What an answer means to a lenient reader."""

import polars as pl
import pytest

from ftaudit.evaluation.lenient_reading import LenientReader, read_leniently
from tests.evaluation.results import EVALUATION, HOLDOUT
from tests.model.statistics.fixture import expected

LABELS = ("card_lost", "card", "Refund_due", "pay?")


@pytest.mark.parametrize(
    ("output", "meaning"),
    [
        ("card_lost", "card_lost"),
        (" card_lost\n", "card_lost"),
        ("Card lost", "card_lost"),
        ('{"label": "card-lost"}', "card_lost"),
        ('{"thought": "hm", "intent": "REFUND DUE"}', "Refund_due"),
        ('{"only": "card"}', "card"),
        ("The intent is card_lost.", "card_lost"),
        ("Sure! It is about a card", "card"),
        ("card or pay?", "card or pay?"),
        ("discard", "discard"),
        ("I cannot help with that.", "I cannot help with that."),
        ("{broken", "{broken"),
        ("", ""),
    ],
)
def test_the_one_label_that_an_answer_means(output: str, meaning: str) -> None:
    assert LenientReader(LABELS).meaning(output) == meaning


def test_free_text_is_compared_without_case_and_runs_of_spaces() -> None:
    assert LenientReader(()).meaning(" Paris,  France ") == LenientReader(()).meaning(
        "paris, france"
    )


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize("name", ["baseline", "tuned"])
def test_the_lenient_scores_of_the_fixture(name: str) -> None:
    labels = tuple(pl.read_csv(HOLDOUT)["category"].unique())
    frame = pl.read_ndjson(EVALUATION / f"{name}.jsonl")
    right = (read_leniently(frame["output"], labels) == frame["reference"]).mean()
    assert right == pytest.approx(
        expected()["quality_lenient"]["tuned_vs_baseline"][name], abs=1e-12
    )
