import warnings
from collections.abc import Sequence

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ftaudit.checks.schema import CHECK, Schema
from ftaudit.model.check import Judgement, Mapped
from ftaudit.model.dataset import HOLDOUT, TRAIN
from ftaudit.model.errors import UsageError
from ftaudit.model.finding import EVIDENCE, Location
from tests.conftest import context, dataset, examples

Row = dict[str, object]
BAD = {"rule": "schema.last_role", "field": "messages[1]", "detail": "is last"}
ODD = {"rule": "schema.unknown_key", "field": "messages[0].x", "detail": "is not a key"}


def check(rows: Sequence[Row], **options: object) -> tuple[Judgement, pl.DataFrame]:
    """Judge the rows; return the judgement and every finding."""
    data = dataset(rows, format_=str(options.pop("format_", "classification")))
    schema = CHECK.prepare(context(data, **options))
    assert isinstance(schema, Schema)
    mapped = [schema.map(batch) for batch in data.rows.batches()]
    judged = schema.judge(schema.combine(pl.concat([m.partials for m in mapped])))
    return judged, pl.concat([*(m.findings for m in mapped), judged.findings])


def text(value: str) -> Row:
    return {"input": value}


def test_a_malformed_row_is_named_with_rule_and_field() -> None:
    judged, findings = check([text("a"), text("b") | {"problems": [BAD, ODD]}])
    assert judged.metrics["schema.invalid_rows"] == 1
    assert judged.metrics["schema.rows"] == 2
    assert findings.select("rule", "row", "field").rows() == [
        ("schema.unknown_key", 1, "messages[0].x"),
        ("schema.last_role", 1, "messages[1]"),
    ]
    assert judged.headline == "1 invalid row (50.0%)"
    assert judged.examples[0].where == Location(TRAIN, 0, 1)


def test_what_harms_little_does_not_make_a_row_invalid() -> None:
    judged, findings = check([text("a") | {"problems": [ODD]}])
    assert judged.metrics["schema.invalid_rows"] == 0
    assert findings.height == 1


def test_clean_rows_yield_no_finding() -> None:
    judged, findings = check([text("Wo ist die Karte? „so“ 😀\n\t"), text("naïve ÂGE")])
    assert findings.height == 0
    assert judged.headline == "every row is well-formed"


def test_repeated_ids_name_the_first_row() -> None:
    rows: list[Row] = [text("a") | {"key": k} for k in ("1", "2", "1", "1", None, None)]
    judged, findings = check([*rows, text("a") | {"key": "2", "split": HOLDOUT}])
    assert judged.metrics["schema.duplicate_ids"] == 2
    assert judged.metrics["schema.invalid_rows"] == 2
    assert findings.select("rule", "row", "related_row").rows() == [
        ("schema.duplicate_id", 2, 0),
        ("schema.duplicate_id", 3, 0),
    ]


def test_a_row_invalid_twice_counts_once() -> None:
    rows: list[Row] = [{"input": "a", "key": "1"}, {"input": "a", "key": "1", "problems": [BAD]}]
    judged, findings = check(rows)
    assert judged.metrics["schema.invalid_rows"] == 1
    assert findings.height == 2


def test_labels_that_differ_in_case_spaces_or_form_are_variants() -> None:
    labels = ["Price", "Price", "price ", "PRI CE", "caf\u00e9", "cafe\u0301", "other"]
    judged, findings = check([text("a") | {"label": label} for label in labels])
    assert judged.metrics["schema.label_variants"] == 3
    assert findings.select("row", "related_row", "detail").rows() == [
        (2, 0, "first of 1 rows with this spelling"),
        (3, 0, "first of 1 rows with this spelling"),
        (5, 4, "first of 1 rows with this spelling"),
    ]


def test_a_variant_in_the_holdout_is_placed_there() -> None:
    rows: list[Row] = [{"label": "a"}, {"label": "a"}, {"label": "A", "split": HOLDOUT}]
    _, findings = check(rows)
    assert findings.select("split", "file", "row").rows() == [(HOLDOUT, 1, 0)]


@pytest.mark.parametrize(
    ("value", "rule", "start"),
    [
        ("ü\x07", "control_characters", 1),
        ("a café".encode().decode("cp1252"), "mojibake", 5),
        ("lost � here", "replacement_character", 5),
    ],
)
def test_defects_of_text_are_placed_in_their_field(value: str, rule: str, start: int) -> None:
    _, findings = check([text(value)])
    assert findings.select("rule", "field", "start", "end").rows() == [
        (f"schema.{rule}", "input", start, start + 1)
    ]


def test_records_longer_than_the_maximum_are_noted() -> None:
    judged, findings = check([text("ab"), text("äöü")], parameters={"maximum_characters": 2})
    assert findings.select("rule", "row", "detail").rows() == [
        ("schema.over_long", 1, "3 characters, maximum 2")
    ]
    assert judged.metrics["schema.over_long"] == 1
    assert check([text("äöü")], parameters={"maximum_characters": 0})[1].height == 0


def test_few_chat_examples_are_noted() -> None:
    assert "10" in check([text("a")], format_="chat")[0].notes[0]
    assert check([text("a")] * 10, format_="chat")[0].notes == ()
    assert check([text("a")])[0].notes == ()


def test_unknown_parameters_are_errors() -> None:
    with pytest.raises(UsageError, match="did you mean maximum_characters"):
        check([text("a")], parameters={"maximum_character": 2})


def test_findings_hold_no_text_of_the_data() -> None:
    name = "Zanzibar"
    rows: list[Row] = [
        {"input": f"{name}\x07", "label": name, "key": name},
        {"input": "a", "label": name.upper(), "key": name},
    ]
    judged, findings = check(rows)
    assert findings.height == 3
    assert name.lower() not in str([findings.rows(), judged.examples, judged.metrics]).lower()


def test_every_rule_a_check_reports_is_declared() -> None:
    declared = {rule.id for rule in CHECK.rules}
    _, findings = check([text("a\x07\ufffd") | {"problems": [BAD, ODD]}])
    assert set(findings["rule"]) <= declared
    assert set(judged_metrics()) == {metric.name for metric in CHECK.metrics}


def judged_metrics() -> list[str]:
    return list(check([text("a")])[0].metrics)


# --- laws -----------------------------------------------------------------------------------

rows_ = st.lists(
    st.fixed_dictionaries(
        {
            "split": st.sampled_from([TRAIN, HOLDOUT]),
            "input": st.none() | st.sampled_from(["a", "b\x00", "caf\u00c3\u00a9", "\ufffd"]),
            "key": st.none() | st.sampled_from("123"),
            "label": st.none() | st.sampled_from(["x", "X", "x ", "y"]),
            "problems": st.lists(st.sampled_from([BAD, ODD]), max_size=2),
        }
    ),
    min_size=1,
    max_size=12,
).map(lambda rows: sorted(rows, key=lambda r: r["split"] != TRAIN))


def said(judged: Judgement) -> object:
    """Return everything a judgement says, as values that compare."""
    return (
        *(dict(judged.metrics), judged.headline, judged.notes, judged.examples),
        *(judged.findings.rows(), judged.charts),
    )


@given(rows_, st.lists(st.integers(0, 12), max_size=4), st.randoms(use_true_random=False))
@settings(max_examples=examples(20))
def test_neither_batches_nor_the_order_of_combining_matter(
    rows: list[Row], cuts: list[int], random: object
) -> None:
    whole = dataset(rows)
    schema = CHECK.prepare(context(whole))
    assert isinstance(schema, Schema)
    once = [schema.map(batch) for batch in whole.rows.batches()]
    cut = dataset(rows, cuts=[c for c in cuts if c < len(rows)])
    parts = [schema.map(batch) for batch in cut.rows.batches()]
    folded = EVIDENCE.to_frame()
    shuffled: list[Mapped] = list(parts)
    random.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis's Random
    totals = shuffled[0].partials
    for part in shuffled[1:]:
        totals = schema.combine(pl.concat([part.partials, totals]))
    folded = pl.concat([part.findings for part in parts])
    assert folded.equals(pl.concat([m.findings for m in once]))
    at_once = schema.combine(pl.concat([m.partials for m in once]))
    assert said(schema.judge(schema.combine(totals))) == said(schema.judge(at_once))


def test_nothing_the_check_asks_of_polars_is_deprecated() -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        check([{"key": "a", **text("one")}, {"key": "a", "input": None}])
    assert [str(warning.message) for warning in told] == []
