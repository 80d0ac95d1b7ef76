import polars as pl
import pytest

from ftaudit.checks.markings import Markings
from ftaudit.model.check import Judgement
from ftaudit.model.errors import UsageError
from tests.conftest import canonical, context, dataset

ROWS: list[dict[str, object]] = [
    {"input": "TLP:RED\nThe plan.", "output": "Please do not distribute this."},
    {"input": "a confidential talk", "output": "clean"},
    {"input": "INTERNAL USE ONLY", "split": "holdout"},
]


def ask(rows: list[dict[str, object]]) -> Judgement:
    check = Markings.prepare(context(dataset(rows)))
    assert isinstance(check, Markings)
    return check.judge(check.map(canonical(rows)).partials)


def test_banners_are_counted_apart_from_phrases() -> None:
    judgement = ask(ROWS)
    assert judgement.metrics["markings.findings"] == 3
    assert judgement.metrics["markings.banners"] == 2
    assert judgement.metrics["markings.rows"] == 2
    assert judgement.metrics["markings.TLP_RED.findings"] == 1
    assert judgement.metrics["markings.CUI.findings"] == 0
    assert judgement.headline == "3 markings in 2 rows, 2 of them banners"


def test_a_finding_names_the_kind_and_the_field() -> None:
    findings = Markings().map(canonical(ROWS)).findings
    assert findings["rule"].to_list() == [
        "markings.TLP_RED",
        "markings.DO_NOT_DISTRIBUTE",
        "markings.INTERNAL_ONLY",
    ]
    assert findings["field"].to_list() == ["input", "output", "input"]


def test_there_are_no_parameters() -> None:
    with pytest.raises(UsageError, match="unknown"):
        Markings.prepare(context(dataset(ROWS), parameters={"threshold": 1}))


@pytest.mark.parametrize("cut", range(4))
def test_batches_carry_no_meaning(cut: int) -> None:
    check, frame = Markings(), canonical(ROWS)
    parts = [check.map(frame[:cut]), check.map(frame[cut:])]
    whole = check.map(frame)
    assert check.combine(pl.concat([p.partials for p in parts])).equals(whole.partials)
    assert pl.concat([p.findings for p in parts]).equals(whole.findings)


def test_one_is_not_called_many() -> None:
    one: list[dict[str, object]] = [{"input": "INTERNAL USE ONLY"}]
    assert ask(one).headline == "1 marking in 1 row, 1 of them a banner"
    assert ask([{"input": "a plan"}]).headline == "no marking found"
