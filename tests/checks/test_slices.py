"""The slices check, on cases counted by hand."""

import random
from itertools import pairwise

import polars as pl
import pytest

from ftaudit.checks.slices import Slices
from ftaudit.model.check import Context, Judgement, Skip
from ftaudit.model.errors import UsageError
from tests.conftest import context, dataset


def table(*cells: tuple[str, str, int]) -> pl.DataFrame:
    """Return rows of a region and a label, as many as said."""
    rows = [(region, label) for region, label, count in cells for _ in range(count)]
    frame = pl.DataFrame(rows, schema=["region", "label"], orient="row")
    return frame.select(
        pl.lit("train").alias("__split"),
        pl.lit(0, pl.UInt32).alias("__file"),
        pl.int_range(pl.len(), dtype=pl.UInt64).alias("__row"),
        "region",
        "label",
    )


def about(**parameters: object) -> Context:
    return context(
        dataset([{"input": "a"}]),
        columns={"input": "text", "label": "label"},
        table={"region": pl.String(), "label": pl.String()},
        parameters={"slice_column": ("region",), **parameters},
    )


def judged(frame: pl.DataFrame, **parameters: object) -> Judgement:
    check = Slices.prepare(about(**parameters))
    assert not isinstance(check, Skip)
    cuts = [0, frame.height // 3, frame.height]
    partials = [check.map(frame[a:b]).partials for a, b in pairwise(cuts)]
    whole, parts = (
        check.judge(check.combine(pl.concat(p))) for p in ([check.map(frame).partials], partials)
    )
    assert whole.findings.equals(parts.findings)
    return whole


EVEN = (("north", "grant", 100), ("north", "deny", 100), ("south", "grant", 100))


def test_slices_alike_differ_in_nothing() -> None:
    said = judged(table(*EVEN, ("south", "deny", 100)))
    assert said.metrics == {
        "bias.slices": 2,
        "bias.slices_under_minimum": 0,
        "bias.slice_differences": 0,
        "bias.slices_off_reference": 0,
    }


def test_a_class_that_is_rarer_in_a_slice_is_found_with_both_rates() -> None:
    said = judged(table(*EVEN, ("south", "deny", 20), ("east", "grant", 5)))
    assert said.metrics["bias.slice_differences"] == 4  # both classes, seen from both slices
    assert said.metrics["bias.slices_under_minimum"] == 1
    details = said.findings.filter(rule="slices.difference")["detail"].to_list()
    assert any("50.0% (43.1% to 56.9%) of the slice" in detail for detail in details)
    assert not any("north" in detail or "grant" in detail for detail in details)
    small = said.findings.filter(rule="slices.too_small")["detail"].to_list()
    assert small == ["5 rows, fewer than 30: not judged"]


def test_a_share_is_held_against_the_reference_of_the_policy() -> None:
    even = {"region": {"north": 0.5, "south": 0.5}}
    frame = table(*EVEN, ("south", "deny", 100))
    assert judged(frame, reference_shares=even).metrics["bias.slices_off_reference"] == 0
    other = {"region": {"north": 0.7, "south": 0.2, "west": 0.1}}
    assert judged(frame, reference_shares=other).metrics["bias.slices_off_reference"] == 3


def test_a_column_of_many_values_names_no_groups() -> None:
    said = judged(table(*((f"r{number}", "grant", 1) for number in range(201))))
    assert said.metrics["bias.slices"] == 0
    assert "more than 200 values" in said.notes[0]


def origin(**parameters: object) -> Context:
    return context(
        dataset([{"input": "a"}]),
        columns={"input": "text", "label": "label", "license": "region"},
        table={"region": pl.String(), "label": pl.String(), "lang": pl.String()},
        parameters=parameters,
    )


def test_a_column_of_licences_is_compared_without_being_named() -> None:
    check = Slices.prepare(origin())
    assert isinstance(check, Slices)
    frame = table(*EVEN, ("south", "deny", 20), ("east", "grant", 5))
    mapped = check.map(frame.with_columns(lang=pl.lit("en"))).partials
    said = check.judge(check.combine(mapped))
    assert said.metrics["bias.slice_differences"] == 4
    assert said.metrics["bias.slices"] == 3  # a language that all rows have is no slice
    assert said.findings.filter(rule="slices.too_small").is_empty()
    assert said.notes == ("1 slice of region with fewer than 30 rows: not judged",)


def test_columns_of_origin_are_left_out_where_the_policy_says_so_or_nothing_is_labelled() -> None:
    assert isinstance(Slices.prepare(origin(origin_columns=False)), Skip)
    bare = context(
        dataset([{"input": "a"}]), columns={"license": "region"}, table={"region": pl.String()}
    )
    assert isinstance(Slices.prepare(bare), Skip)


def test_no_column_is_a_skip_and_a_wrong_one_is_refused() -> None:
    assert isinstance(Slices.prepare(about(slice_column=())), Skip)
    with pytest.raises(UsageError, match="did you mean region"):
        Slices.prepare(about(slice_column=("regoin",)))


def test_annotators_are_compared_without_being_named() -> None:
    check = Slices.prepare(
        context(
            dataset([{"input": "a"}]),
            columns={"input": "text", "label": "label", "annotator": "region"},
            table={"region": pl.String(), "label": pl.String()},
        )
    )
    assert isinstance(check, Slices)
    said = check.judge(check.map(table(*EVEN, ("south", "deny", 20))).partials)
    assert said.metrics["bias.slice_differences"] == 4


def test_planted_differences_are_found_nearly_all_and_alone() -> None:
    """A slice of 200 rows has a class 25 points more often in half of the draws, else as often."""
    right = wrong = 0
    for seed in range(20):
        draw = random.Random(seed)  # noqa: S311 - made-up rows
        rates = {"north": 0.5, "south": 0.75 if seed % 2 else 0.5}
        cells = []
        for place, rate in rates.items():
            granted = sum(draw.random() < rate for _ in range(200))
            cells += [(place, "grant", granted), (place, "deny", 200 - granted)]
        found = judged(table(*cells)).metrics["bias.slice_differences"] > 0
        right += found and seed % 2
        wrong += found and not seed % 2
    assert right >= 0.9 * 10
    assert wrong == 0
