"""One rule says when labels are the same class, and when scores agree."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.model import label_spelling
from ftaudit.model.label_spelling import close_scores, plain_label, plain_labels, usual_spelling


def form(label: str) -> str:
    return str(pl.select(plain_label(pl.lit(label))).item())


def close(left: str, right: str, tolerance: float = 0.1) -> bool:
    return bool(pl.select(close_scores(pl.lit(left), pl.lit(right), tolerance)).item())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("elec", "Elec"),
        ("late,damaged", "damaged, late"),
        ("Late|Damaged", "damaged;late"),
        ("card payment", "Card Payment "),
        ("\uff43\uff41\uff52\uff44", "card"),
        ("in_stock", "in stock"),
        ("In-Stock", "instock"),
        ("non-refundable", "Non refundable"),
        ("price_change!", "Price change"),
        ("Billing.", '"billing"'),
        ("late,", "late"),
        ("late/damaged", "Damaged / late"),
        ("Shipping & handling", "handling+shipping"),
        ("in_stock; new", "New|in stock"),
        ('["late", "damaged"]', "damaged, late"),
        ("['late', 'damaged']", "late;damaged"),
        ("1", "1.0"),
        ("1", "+1."),
        ("2.50", "2.5"),
        ("TRUE", "true"),
        (".50", "0.5"),
        ("-0.0", "0"),
        ("don't know", "Dont know."),
        ("don\u2019t know", "don't know"),
        ("N/A", "na"),
        ("n.a.", "N/A"),
        ("0-10", "0\u201310"),
        ("**late**", "late"),
        ("Stra\u00dfe", "STRASSE"),
        ("late\u200b", "late"),
        ("\u53d6\u6d88\u3002", "\u53d6\u6d88"),
        ("A)", "(a)"),
        ("label_1", "LABEL-1"),
        ("late\nnew", "new, late"),
        ("late, late, new", "new, late"),
        ("[0.0, 1.0]", "0,1"),
        ("__label__late", "late"),
        ("__label__late __label__new", "new, late"),
        ("1e3", "1000"),
        ("1E+03", "1,000"),
        ("1.5e-3", "0.0015"),
        ("12,500.0", "12500"),
        ("250,000", "250000"),
        ("1\u202f000", "1000"),
        ("50%", "0.5"),
        ("50.0 %", "50%"),
        ("100%", "1"),
        ("05", "5"),
        ("\u0665", "5"),
        ("1.000,50", "1000.5"),
        ("-12.345.678,9", "-12345678.9"),
        ("1 000,5", "1,000.5"),
        ("0,001", "0.001"),
        ("0,05 %", "0.0005"),
        ("1.000.000", "1,000,000"),
        ("1,00,000", "100000"),
        ("12,50,000.5", "1250000.5"),
        *((word, "1") for word in ("true", "YES", "\u2713", "1.0")),
        *((word, "0") for word in ("False", "NO", "\u2717")),
    ],
)
def test_spellings_and_orders_of_one_class_are_equal(one: str, other: str) -> None:
    assert form(one) == form(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("late", "late,damaged"),
        ("card-1", "card-2"),
        ("-1", "1"),
        ("1-2", "12"),
        ("level 1 2", "level 12"),
        ("A-", "A"),
        ("A+", "A"),
        ("C", "C++"),
        ("en/fr", "fr/en"),
        ("1/2", "2/1"),
        ("N/A", "A/N"),
        ("<5", ">5"),
        ("10", "1.0"),
        ("yes", "no"),
        ("true", "F"),
        *(("F", "N"), ("T", "1"), ("yes", "on"), ("no", "off")),
        ("1e3", "1e4"),
        ("1e-3", "1e3"),
        ("0e12", "0e21"),
        ("101,205", "101205"),
        ("1.000", "1000"),
        ("0,5", "0.5"),
        ("10,20,300", "1020300"),
        ("1.2.3", "123"),
        ("v1.000.000", "1000000"),
        ("50%", "50"),
        ("v05", "v5"),
        ("1.05", "1.5"),
        ("yes", "yes and no"),
        ("refund", "refunds"),
        ("!", "?"),
        ("label_1", "label_10"),
        ("label_1_1", "label_11"),
        ("N/A", "none"),
        ("[0, 1, 0]", "[0, 0, 1]"),
        ("[1, 0]", "[0, 1]"),
        ("[0.1, 0.9]", "[0.9, 0.1]"),
        ("[true, false, true]", "[true, true, false]"),
    ],
)
def test_other_classes_stay_apart(one: str, other: str) -> None:
    assert form(one) != form(other)


@given(st.lists(st.text("abc é", min_size=1, max_size=4), min_size=1, max_size=5), st.randoms())
def test_the_order_of_several_labels_never_matters(labels: list[str], random: object) -> None:
    shuffled = labels.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined] # a random.Random of hypothesis
    assert form(",".join(labels)) == form(", ".join(shuffled))


@given(st.text(max_size=12))
def test_a_plain_label_is_its_own_plain_form(label: str) -> None:
    plain = pl.select(plain_label(pl.lit(label))).item()
    assert pl.select(plain_label(pl.lit(plain))).item() == plain


@pytest.mark.parametrize(
    ("left", "right", "agree"),
    [
        ("2.0", "2.1", True),
        ("4.75", "4.8", True),
        ("0.9", "0.85", True),
        ("1.0", "2.0", False),
        ("0.1", "0.9", False),
        ("10", "11", False),
        ("1", "2", False),
        ("late", "2.5", False),
        ("-1.0", "1.0", False),
    ],
)
def test_scores_agree_within_the_tolerance_and_class_numbers_never(
    left: str, right: str, agree: bool
) -> None:
    assert close(left, right) is agree
    assert close(right, left) is agree


def test_the_most_frequent_spelling_names_a_class() -> None:
    labels = pl.DataFrame(
        {"label": ["in stock", "In_Stock", "late", "In_Stock", None], "rows": [3, 2, 1, 2, 9]}
    )
    usual = labels.select(usual_spelling(pl.col("label"), pl.col("rows"))).to_series()
    assert usual.to_list() == ["In_Stock", "In_Stock", "late", "In_Stock", None]


def test_labels_are_read_spelling_by_spelling() -> None:
    labels = pl.Series(["in_stock", None, "In Stock", "late"])
    assert plain_labels(labels).to_list() == ["instock", None, "instock", "late"]
    assert plain_labels(pl.Series([None, None], dtype=pl.String)).to_list() == [None, None]


def test_spellings_that_were_worked_out_before_stay_as_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(label_spelling, "_MOST", 3)
    for labels in (["A", "b"], [None, "b", "C ", "b"], ["d", "e", "f"], ["a", "A", None]):
        expected = [label and label.strip().lower() for label in labels]
        assert plain_labels(pl.Series(labels)).to_list() == expected
