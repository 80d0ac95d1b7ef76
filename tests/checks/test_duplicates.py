import polars as pl
import pytest

from ftaudit.checks.duplicates import Duplicates
from ftaudit.model.check import Skip
from tests.checks.clusters import reworded, similar
from tests.checks.test_laws import Told, ask
from tests.conftest import canonical, context, dataset

LONG = "please cancel my subscription at the end of the month"
NEAR = "please cancel my subscription at the end of this month"
OTHER = "how do I reset the password of my account today"


def told(texts: list[tuple[str, str]]) -> Told:
    rows: list[dict[str, object]] = [{"split": s, "input": t} for s, t in texts]
    check = Duplicates.prepare(context(dataset(rows)))
    assert not isinstance(check, Skip)
    return ask(check, similar(canonical(rows)), [])


@pytest.mark.parametrize(
    ("texts", "exact", "near", "clusters"),
    [
        pytest.param([LONG, OTHER], 0, 0, 0, id="distinct rows"),
        pytest.param([LONG, LONG.upper() + "!"], 1, 1, 1, id="case and punctuation"),
        pytest.param([LONG, NEAR], 0, 1, 1, id="one word differs"),
        pytest.param([LONG, NEAR, LONG, OTHER, OTHER], 2, 3, 2, id="both kinds in two clusters"),
        pytest.param(["", "", "  "], 0, 0, 0, id="empty rows repeat nothing"),
    ],
)
def test_rows_beyond_the_first_are_counted(
    texts: list[str], exact: int, near: int, clusters: int
) -> None:
    said = told([("train", t) for t in texts])
    metrics = said.judgement.metrics
    assert metrics["duplicates.exact_rows"] == exact
    assert metrics["duplicates.near_rows"] == near
    assert metrics["duplicates.clusters"] == clusters
    assert metrics["duplicates.near_share"] == round(near / len(texts), 9)
    assert said.findings.height == near


def test_a_finding_names_the_row_it_repeats() -> None:
    found = told([("train", OTHER), ("train", LONG), ("train", NEAR), ("train", LONG)]).findings
    assert found.select("rule", "row", "related_row").rows() == [
        ("duplicates.near", 2, 1),
        ("duplicates.exact", 3, 1),
    ]
    assert found["similarity"][1] == 1.0
    assert 0.8 <= found["similarity"][0] < 1.0


def test_the_holdout_does_not_join_training_rows() -> None:
    metrics = told([("train", LONG), ("holdout", LONG), ("holdout", NEAR)]).judgement.metrics
    assert metrics["duplicates.near_rows"] == 0
    assert metrics["duplicates.clusters"] == 0


def test_an_unknown_parameter_is_refused() -> None:
    data = dataset([{"input": LONG}])
    with pytest.raises(Exception, match="unknown"):
        Duplicates.prepare(context(data, parameters={"fuzzy": True}))


def test_every_partial_has_the_same_shape() -> None:
    empty = similar(canonical([{"input": OTHER}]))
    assert empty.is_empty()
    check = Duplicates()
    full = similar(canonical([{"input": LONG}, {"input": NEAR}]))
    shapes = {tuple(check.map(b).partials.schema.items()) for b in (empty, full)}
    assert len(shapes) == 1
    assert isinstance(check.map(empty).partials, pl.DataFrame)


def test_rewordings_are_noted_and_not_counted() -> None:
    relation = reworded(
        {"id": 0, "split": "train", "file": 0, "row": 0, "label": None},
        {"id": 1, "split": "train", "file": 0, "row": 1, "label": None},
    )
    said = ask(Duplicates(_rows=2), relation, [])
    assert said.judgement.metrics["duplicates.near_rows"] == 0
    assert said.findings.is_empty()
    assert "1 training row says in other words" in said.judgement.notes[0]
