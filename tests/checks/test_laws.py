"""What is true of every check. A new module in ftaudit/checks/ is held to this unasked."""

import inspect
import json
import pickle
import random
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ftaudit.checks import discover
from ftaudit.model.check import Check, Context, Judgement, Mapped, Relation, Skip
from ftaudit.model.dataset import LINES, ROWS
from ftaudit.model.finding import EVIDENCE, PLACED, rule_of
from ftaudit.similarity.relation import CLUSTERS
from tests.checks.clusters import couples, similar
from tests.conftest import context, dataset, examples

CHECKS = discover()

SAYINGS = (
    "Please cancel my subscription at the end of the month",
    "please cancel my subscription at the end of the month!",
    "Please cancel my subscription at the end of this month",
    "How do I reset the password of my account today",
    "How do I reset the password of my account now",
    "ANNE@example.com wrote: my card is 4111 1111 1111 1111",
    "Schreib an müller@example.org, Ã¼ber alles",
    "",
)

rows: st.SearchStrategy[list[dict[str, object]]] = st.lists(
    st.fixed_dictionaries(
        {
            "input": st.none() | st.sampled_from(SAYINGS) | st.text(max_size=20),
            "label": st.none() | st.sampled_from(["pricing", "Pricing ", "bugs"]),
            "output": st.none() | st.sampled_from(["yes, of course", "no, never at all"]),
            "group": st.none() | st.sampled_from(["c1", "c2"]),
            "key": st.none() | st.sampled_from(["a", "b"]),
            "source_id": st.none() | st.sampled_from(["s1", "s2"]),
            "split": st.sampled_from(["train", "train", "holdout"]),
        }
    ),
    min_size=6,  # of fewer rows hardly two are alike, and few examples are tried
    max_size=16,
)


@dataclass(frozen=True)
class Told:
    """What a check says of some rows: its judgement, and every finding in order."""

    judgement: Judgement
    findings: pl.DataFrame

    def same(self, other: "Told") -> bool:
        """Return whether both say the same, to the last digit."""
        plain = [
            (j.metrics, j.headline, j.notes, j.examples, j.charts, j.coverage)
            for j in (self.judgement, other.judgement)
        ]
        return plain[0] == plain[1] and self.findings.equals(other.findings)


def relation(check: Check, drawn: Sequence[dict[str, object]]) -> pl.DataFrame:
    """Return the relation the check is fed, for the drawn rows."""
    ordered = sorted(drawn, key=lambda r: ("train", "holdout").index(str(r["split"])))
    frame = pl.concat([ROWS.to_frame(), *dataset(ordered).rows.batches()])
    if check.relation is Relation.SIMILAR:
        return pl.concat([similar(frame), couples(frame)]).sort("kind", "cluster")
    if check.relation is Relation.TABLE:
        return frame.select(
            pl.col("split", "file", "row").name.prefix("__"), pl.col("input").alias("text"), "label"
        )
    if check.relation is Relation.LINES:
        return lines(frame)
    return frame


def lines(frame: pl.DataFrame) -> pl.DataFrame:
    """Write rows as chat records, some of them broken."""
    texts = [
        (b'{"messages": ' if row["output"] is None else b"")
        + json.dumps({"messages": [{"role": row["key"], "content": row["input"]}]}).encode()
        for row in frame.iter_rows(named=True)
    ]
    return frame.select(
        "split",
        "file",
        "row",
        line=pl.col("row") + 1,
        text=pl.Series(texts, dtype=pl.Binary),
        framing=pl.lit("lines"),
        bom=pl.lit(value=False),
        unended=pl.lit(value=False),
    )


def ask(check: Check, whole: pl.DataFrame, cuts: Sequence[int], seed: int | None = None) -> Told:
    """Fold the check over the relation cut into batches; combine pairwise in any order."""
    return folded(check, mapped_batches(check, whole, cuts), seed)


def mapped_batches(check: Check, whole: pl.DataFrame, cuts: Sequence[int]) -> list[Mapped]:
    """Return what the check makes of each batch of the relation."""
    bounds = [0, *sorted(cuts), whole.height]
    return [check.map(whole[a:b]) for a, b in pairwise(bounds)]


def folded(check: Check, mapped: Sequence[Mapped], seed: int | None = None) -> Told:
    """Combine all at once, or pairwise in any order if there is a seed; and judge."""
    partials = [m.partials for m in mapped]
    if seed is not None:
        chance = random.Random(seed)  # noqa: S311 - a test's order, not a secret
        while len(partials) > 1:
            chance.shuffle(partials)
            partials[:2] = [check.combine(pl.concat(partials[:2]))]
    judgement = check.judge(check.combine(pl.concat(partials)))
    return Told(
        judgement, pl.concat([*(m.findings for m in mapped), judgement.findings], how="diagonal")
    )


def prepared(id_: str, drawn: Sequence[dict[str, object]], tmp: Path) -> Check | Skip:
    """Prepare a check for the drawn rows, with all that any check may need."""
    data = dataset(sorted(drawn, key=lambda r: ("train", "holdout").index(str(r["split"]))))
    columns = {c: c for c in ("input", "label", "output", "group", "key", "source_id")}
    suite = tmp / "suite.json"
    suite.write_text(SUITE, encoding="utf-8")
    told: Context = context(
        data,
        columns=columns,
        table={"text": pl.String(), "label": pl.String()},
        expectations=(str(suite),),
        policy={
            "licenses": {"allow": [], "review": [], "deny": []},
            "provenance": {"require": []},
            "profiles": {"require": ["openai", "trl-sft"]},
        },
    )
    return CHECKS[id_].prepare(told)


SUITE = """{"name": "law", "meta": {}, "expectations": [
 {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "label"}, "meta": {}},
 {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "text"}, "meta": {}}]}"""


@pytest.mark.parametrize("id_", CHECKS)
@settings(max_examples=examples(5), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_batches_and_order_of_combining_carry_no_meaning(
    id_: str, data: st.DataObject, tmp_path: Path
) -> None:
    drawn = [*data.draw(rows), ONE]
    check = prepared(id_, drawn, tmp_path)
    if isinstance(check, Skip):
        return
    whole = relation(check, drawn)
    cuts = data.draw(st.lists(st.integers(0, whole.height), max_size=4))
    expected = ask(check, whole, [])
    mapped = mapped_batches(check, whole, cuts)
    assert folded(check, mapped).same(expected)
    assert folded(check, mapped, seed=data.draw(st.integers(0, 99))).same(expected)


ONE: dict[str, object] = {"input": "one training row that always stands", "split": "train"}


@pytest.mark.parametrize("id_", CHECKS)
def test_an_empty_relation_has_nothing_to_report(id_: str, tmp_path: Path) -> None:
    holdout = {**ONE, "split": "holdout", "input": "quite another text for the other side"}
    check = prepared(id_, [ONE, holdout], tmp_path)
    if isinstance(check, Skip):
        pytest.skip(check.reason)
    if check.relation is Relation.TABLE:
        pytest.skip("a table always has rows: zero rows are refused by the readers")
    schemas = {Relation.SIMILAR: CLUSTERS, Relation.LINES: LINES}
    empty = schemas.get(check.relation, ROWS).to_frame()
    assert ask(check, empty, []).findings.filter(pl.col("row").is_not_null()).is_empty() or (
        id_ in {"provenance", "profile"}  # a missing record, and too few examples, are findings
    )


@pytest.mark.parametrize("id_", CHECKS)
def test_a_check_documents_and_declares_itself(id_: str, tmp_path: Path) -> None:
    check = CHECKS[id_]
    page = inspect.getdoc(check) or ""
    assert len(page) > 500, "the docstring is the documentation page"
    assert check.id == id_ == check.__module__.rsplit(".", 1)[-1].replace("_", "-")
    assert check.version >= 1
    assert check.metrics
    for rule in check.rules:
        assert rule.title
        assert rule.remedy.endswith("."), rule.id
    ready = prepared(id_, [ONE, {**ONE, "split": "holdout"}], tmp_path)
    if not isinstance(ready, Skip):
        assert type(pickle.loads(pickle.dumps(ready))) is check  # noqa: S301 - our own bytes


@pytest.mark.parametrize("id_", CHECKS)
@settings(max_examples=examples(5), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=rows)
def test_what_is_reported_is_declared(
    id_: str, drawn: list[dict[str, object]], tmp_path: Path
) -> None:
    check = prepared(id_, [*drawn, ONE], tmp_path)
    if isinstance(check, Skip):
        return
    told = ask(check, relation(check, [*drawn, ONE]), [])
    assert told.findings.drop(PLACED.names(), strict=False).schema == EVIDENCE
    assert not told.findings.select("rule", "split", "file", "row").null_count().sum_horizontal()[0]
    for rule in told.findings["rule"].unique():
        assert rule_of(check.rules, rule) is not None, rule
    for name, value in told.judgement.metrics.items():
        assert any(fnmatchcase(name, m.name) for m in check.metrics), name
        assert isinstance(value, int | float)
        assert value == value  # noqa: PLR0124 - not NaN
