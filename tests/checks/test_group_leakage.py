from ftaudit.checks.group_leakage import GroupLeakage
from ftaudit.model.check import Skip
from tests.checks.test_laws import ask
from tests.conftest import canonical, context, dataset

ROWS: list[dict[str, object]] = [
    {"input": "a", "group": "c1"},
    {"input": "b", "group": "c2"},
    {"input": "c", "group": None},
    {"split": "holdout", "input": "d", "group": "c2"},
    {"split": "holdout", "input": "e", "group": "c3"},
    {"split": "holdout", "input": "f", "group": "c2"},
    {"split": "holdout", "input": "g", "group": None},
]


def test_holdout_rows_of_groups_that_training_knows_are_counted() -> None:
    check = GroupLeakage.prepare(context(dataset(ROWS), columns={"group": "customer"}))
    assert not isinstance(check, Skip)
    said = ask(check, canonical(ROWS), [2, 4])
    assert said.judgement.metrics == {"leakage.group_rows": 2, "leakage.shared_groups": 1}
    assert said.findings.select("row", "related_row").rows() == [(0, 1)]


def test_no_group_column_is_not_applicable_and_no_holdout_is_no_pass() -> None:
    nothing = GroupLeakage.prepare(context(dataset(ROWS)))
    assert isinstance(nothing, Skip)
    assert not nothing.applicable
    alone = GroupLeakage.prepare(context(dataset(ROWS[:3]), columns={"group": "customer"}))
    assert isinstance(alone, Skip)
    assert alone.applicable
