"""Records that are rated on a scale: no classes, and in conflict only where far apart."""

from collections.abc import Iterator

import polars as pl
import pytest

import ftaudit
from ftaudit.pipeline.audit import Audit
from ftaudit.records.detect import recognise
from ftaudit.records.evidence import written_scores
from ftaudit.records.rows import CanonicalRows
from ftaudit.remedies.splitting.strata import strata_of
from ftaudit.similarity.clusters.score_scale import ScoreScale
from tests.records.held import Held, problems, typed

PLACES = ("harbour", "museum", "garden", "market", "bridge", "station", "library", "bakery")
TEXTS = [
    f"We waited {i} minutes at the {PLACES[i % 8]} and then walked {3 * i} steps to gate {7 * i}."
    for i in range(64)
]


def rated() -> pl.DataFrame:
    """Return texts rated 1 to 5: better in the south, three of them rated by two people."""
    stars = [3 + (i % 2) if i % 4 < 2 else 1 + (i % 2) for i in range(64)]
    rows = [
        {"text": text, "stars": star, "region": "north" if i % 4 >= 2 else "south", "by": "a"}
        for i, (text, star) in enumerate(zip(TEXTS, stars, strict=True))
    ]
    again = {0: 4, 1: 4, 4: 5, 5: 1}  # one star away, equal, two stars away, three stars away
    rows += [rows[i] | {"stars": star, "by": "b"} for i, star in again.items()]
    return pl.DataFrame(rows)


@pytest.fixture(scope="module")
def audit() -> Iterator[Audit]:
    with ftaudit.scan(
        rated(),
        holdout=rated().filter(pl.col("stars") > 3).with_columns(text="So, " + pl.col("text")),
        only=("label-conflicts", "class-balance", "slices", "agreement"),
        policy="report-only",
        parameters={
            "slices": {"slice_column": ("region",)},
            "agreement": {"annotator_column": "by"},
        },
    ) as audit:
        yield audit


def test_scores_in_conflict_are_those_apart_by_more_than_a_step_of_whole_numbers(
    audit: Audit,
) -> None:
    check = audit["label-conflicts"]
    assert check.metrics["label_conflicts.pairs"] == 2
    assert check.metrics["label_conflicts.suspects"] == 0
    assert check.notes[0].startswith("scores agree that differ by no more than 0.1 of the scale")
    details = audit.findings.filter(rule="label_conflicts.label")["detail"].unique().sort()
    assert details.to_list() == [
        "another score, 50.0 % of the scale apart",
        "another score, 75.0 % of the scale apart",
    ]


def test_scores_are_counted_by_tenths_and_compared_with_the_holdout(audit: Audit) -> None:
    metrics = audit["class-balance"].metrics
    assert metrics["balance.scored_rows"] == 68
    assert metrics["balance.score_tenths"] == 5
    assert metrics["balance.score_drift"] > 0.3
    assert "balance.classes" not in metrics


def test_the_mean_score_of_a_slice_is_compared_with_the_rest(audit: Audit) -> None:
    assert audit["slices"].metrics["bias.slice_differences"] == 2
    detail = audit.findings.filter(rule="slices.difference")["detail"][0]
    assert detail == "mean score 1.5 in the slice, 3.5 in other rows: 50.0% of the scale apart"


def test_annotators_agree_within_a_step_of_the_scale(audit: Audit) -> None:
    metrics = audit["agreement"].metrics
    assert metrics["agreement.items"] == 4
    assert metrics["agreement.disputed_items"] == 2
    # by hand: pairs 3-4, 4-4, 3-5, 4-1; squares 2 (1 + 0 + 4 + 9); expected 2 (8·108 - 28²) / 7
    assert metrics["agreement.alpha"] == pytest.approx(1 - 28 / (2 * (8 * 108 - 28**2) / 7))


def test_scores_are_read_as_numbers_and_what_is_none_is_named() -> None:
    scores = ("4.5", " 3 ", "bad", None)
    frame = typed([{"text": t, "score": s} for t, s in zip(TEXTS[:4], scores, strict=True)])
    known = recognise(frame.schema, frozenset(), sample=frame[:2])
    rows = pl.concat(list(CanonicalRows(Held(frame), known).batches()))
    assert rows["score"].to_list() == [4.5, 3.0, None, None]
    assert problems(rows)[2:] == [[("malformed", "score")], [("missing_label", "score")]]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (("4,75", "5,0", "3"), [4.75, 5.0, 3.0]),
        (("80 %", "7,5%", None), [80.0, 7.5, None]),
        (("8/10", "4 / 5", "3 out of 4"), [0.8, 0.8, 0.75]),
    ],
)
def test_scores_are_read_as_people_write_them(
    written: tuple[str | None, ...], said: list[float | None]
) -> None:
    frame = typed([{"text": t, "rating": s} for t, s in zip(TEXTS, written, strict=False)])
    known = recognise(frame.schema, frozenset(), sample=frame)
    assert known.format == "scored"
    rows = pl.concat(list(CanonicalRows(Held(frame), known).batches()))
    assert rows["score"].to_list() == said


def test_a_score_out_of_nothing_is_none() -> None:
    assert written_scores(pl.Series(["3/0", "1,2,3", "inf", "late"])).to_list() == [None] * 4


def test_a_score_beside_an_answer_is_no_score_of_the_record() -> None:
    frame = typed(
        [{"prompt": t, "response": f"Yes. {t}", "rating": i} for i, t in enumerate(TEXTS)]
    )
    known = recognise(frame.schema, frozenset(), sample=frame)
    assert known.parts["score"] == "rating"
    assert "score" not in known.columns


def test_the_scale_reaches_from_the_least_to_the_greatest_score() -> None:
    scale = ScoreScale()
    for part in ([1.0, None], [5.0], []):
        scale.widen(pl.Series(part, dtype=pl.Float64))
    places = scale.places(pl.Series([1.0, 4.0, None]))
    assert places["score"].to_list() == [0.0, 0.75, None]
    assert places["step"].to_list() == [0.25, 0.25, None]
    scale.widen(pl.Series([0.5]))
    assert scale.places(pl.Series([0.5]))["step"].to_list() == [0.0]


def test_a_split_holds_quantiles_of_scores() -> None:
    scores = pl.Series([i / 10 for i in range(50)]).cast(pl.String)
    assert strata_of(scores, several=False).numeric
