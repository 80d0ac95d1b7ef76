"""The kernel that takes terms of identity out of texts says what expressions say."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as cases
from hypothesis import strategies as st

from ftaudit.checks import bias
from ftaudit.checks.bias import Bias
from ftaudit.model.check import Skip
from ftaudit.model.identity_swaps import Terms, identity_swaps
from ftaudit.model.identity_terms import IDENTITY_TERMS
from ftaudit.similarity.text.swap_reading import term_swaps
from tests.checks.test_laws import ask
from tests.conftest import canonical, context, dataset, examples

ADDED: Terms = {
    **IDENTITY_TERMS,
    "town": ("köln", "new york", "straße 7"),
    "old": ("old", "OLDER"),
}
FRAGMENTS = (
    *("he", "She", "HIS", "old", "older", "American", "african american", "middle  aged"),
    *("new york", "New York", "york", "Köln", "STRASSE 7", "straße 7", " ", "  ", ", ", "'s "),
    *("_", "-", "\x00", "½", "é", "e\u0301", "\u200d", "\u203f", "İ", "Σ", "ΣΑΣ ", "\u212a"),
    *("男", "\U00030000", "x7", "antidisestablishmentarianism", 61 * "a", 128 * "0"),
)


def same(texts: list[str], terms: Terms) -> None:
    """Compare which texts have terms of which kind, and which keys are equal."""
    column = pl.Series(texts, dtype=pl.String)
    plain, quick = (read(column, terms).sort("kind", "at") for read in (identity_swaps, term_swaps))
    assert quick.schema == plain.schema
    assert quick.select("kind", "at").equals(plain.select("kind", "at"))
    for key in ("rest", "terms"):
        pairs = pl.DataFrame({"quick": quick[key], "plain": plain[key]}).n_unique()
        assert pairs == quick[key].n_unique() == plain[key].n_unique()


@cases(max_examples=examples(30))
@given(st.lists(st.lists(st.sampled_from(FRAGMENTS), max_size=7).map("".join), max_size=30))
def test_texts_have_the_terms_and_equal_rests_that_expressions_tell(texts: list[str]) -> None:
    same(texts, ADDED)


def test_a_zero_byte_beside_a_term_is_not_left_out() -> None:
    same(["old", "old\x00", "old \x00", "\x00old\x00 ", "\x00old"], {"age": ("old",)})


def test_every_character_ends_words_or_does_not_as_for_expressions() -> None:
    points = [*range(0x3000), *range(0x3000, 0xD800, 7), *range(0xE000, 0x21000, 7)]
    same([f"he{chr(point)}she" for point in points], {"a": ("he", "she")})


@pytest.mark.parametrize("terms", [{"a": ("o'brien", "he")}, {"a": ("x  y",)}, {"a": ("",)}])
def test_terms_that_are_no_words_are_told_by_expressions(terms: Terms) -> None:
    same(["O'Brien", "he said x  y", "o brien", "x y"], terms)


def test_the_check_says_the_same_of_many_rows_as_of_few(monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[dict[str, object]] = [
        {"input": f"Case {at // 2}: may {('he', 'she')[at % 2]} enter?", "label": label}
        for at, label in enumerate(["yes", "no", "no", "no", "yes", "yes"] * 20)
    ]
    told = []
    for many in (bias.MANY, 1):
        monkeypatch.setattr(bias, "MANY", many)
        check = Bias.prepare(context(dataset(rows), columns={"label": "label", "input": "input"}))
        assert not isinstance(check, Skip)
        told.append(ask(check, canonical(rows), []))
    assert told[0].judgement.metrics["bias.counterfactual_conflicts"] == 40
    assert told[0].judgement.metrics == told[1].judgement.metrics
    assert told[0].findings.equals(told[1].findings)
