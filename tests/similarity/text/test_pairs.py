"""Pairs of texts that a careful reader calls the same, or different."""

import random
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ftaudit.similarity.plain import plain_operator_marks, symbol_patterns
from ftaudit.similarity.plain.operators import operators
from ftaudit.similarity.runtime.kernel_loader import load_alone
from ftaudit.similarity.text.arrow_buffers import TextViews, views
from ftaudit.similarity.text.normalisation import FOREIGN, normalised, prepared
from tests.conftest import examples
from tests.similarity import reference

HERE = Path(__file__).parent
TABLES = (
    "tuned_pairs.jsonl",
    "held_out_pairs.jsonl",
    "tuned_signs.jsonl",
    "held_out_signs.jsonl",
    "tuned_names.jsonl",
    "held_out_names.jsonl",
)
"""Written before the rule: pairs before version 3, signs before version 4, names before version 5.
The half that is held out was not looked at until the rule stood."""

LIMITS = {
    ("$x + 1$", "$ x+1 $"),
    ("$x+1$", "$ x + 1 $"),
    ("return not x, y", "return not (x, y)"),
    # a slash between such words separates them, as the older tables have it
    ("Answer yes / no", "Answer yes, no"),
    ("and/or", "and, or"),
    ("true / false", "true false"),
    # brackets of what is listed, and of a block that a blank stands before
    (".btn { top: 0 }", ".btn{top:0}"),
    ("return (a, b), c", "return a, (b, c)"),
    ("[abc]", "(abc)"),
    ("\\(a\\)", "(a)"),
    ("\\{a, b\\}", "(a, b)"),
    ("const {a, ...rest} = o", "const {a, rest} = o"),
    # the end of a sentence: such names and terms at the end of a line are no others
    ("(.*?)", "(.*)"),
    ("(a|b)?", "(a|b)"),
    ("[a-z]?", "[a-z]"),
    ("a+?", "a+"),
    ("def save!; end", "def save; end"),
    ("(null? xs)", "(null xs)"),
    ("(set! x 5)", "(set x 5)"),
    ("let n = name!", "let n = name"),
    ("var x: Int?", "var x: Int"),
    ("What is (3)!?", "What is (3)?"),
    ("What is 5!?", "What is 5?"),
    ("show . negate", "show negate"),
    ("map f $ filter p xs", "map f . filter p xs"),
    # quotation marks and apostrophes of prose
    ("$A'$", "$A$"),
    ("What is the derivative y'?", "What is the derivative y?"),
    ("foldl' (+) 0 xs", "foldl (+) 0 xs"),
    ("(quote x) or 'x", "(quote x) or x"),
    ("(setq x '(1 2))", "(setq x (1 2))"),
    ("char c = 'a';", 'char c = "a";'),
    ("5' tall", '5" tall'),
    # full stops and slashes at the ends of paths and before names
    ("cp -r src/. dst", "cp -r src dst"),
    ("rm -rf ~/", "rm -rf /"),
    ("from . import views", "from .. import views"),
    ("from .models import User", "from models import User"),
    ("~ .x + 1", "~ x + 1"),
    # underscores within a word, and around one that emphasis has, too
    ("$x_1$", "$x 1$"),
    ("x = 1_000", "x = 1 000"),
    ("What does __name__ hold?", "What does name hold?"),
    # a number behind a sign
    ("x <- 5", "x<-5"),
    # faces behind a text
    ("nice work :)", "nice work :("),
    ("good morning :)", "good morning :("),
    ("he passed :'(", "he passed :)"),
    ("my order came :(", "my order came"),
    ("I like it ;)", "I like it :("),
    (":/ not sure", ":) not sure"),
    ("great :D", "great D:"),
}
"""Pairs that the rule judges wrongly. In prose most of these signs are punctuation. The list may
only get shorter; of the tables before those of names, six stood in it in version 5."""

PROSE = ["the", "bank", "said", "that", "my", "card", "will", "come", "in", "on", "few", "days"]
"""Of two letters or more: a single letter beside a symbol is a term, as in `i - a` and `1) * a`."""
ENDS = [",", ".", "!", "?", ";", ":", "...", "\u2026", "!!", "?!", "\u2014", " -", " --", " \u2014"]
ROUND = ["()", "[]", '""', "''", "\u201c\u201d", "\u2018\u2019", "\u00ab\u00bb", "**", "__", "``"]
ARITHMETIC = ["+", "*", "/", "%", "**", "//"]
COMPARISONS = ["==", "!=", "<", ">", "<=", ">=", "===", "!==", "<=>", "=~"]
OTHERS = ["&&", "||", "&", "|", "^", "<<", ">>", "=", "+=", "-=", "*=", "=>", "->", ":=", "|>"]
OPERATORS = ARITHMETIC + COMPARISONS + OTHERS
TIGHT = ("-", "::", "//", "->", "?.", "+", "*", "/")


GLUE = ("", " ", "\n", "-", ". ", " (", ") ", "?", " *", " git ")
"""What texts are joined by, to make others."""


def pairs() -> list[tuple[str, str]]:
    frames = [pl.read_ndjson(HERE / table) for table in TABLES]
    return list(pl.concat(frames).select("left", "right").iter_rows())


def forms(texts: list[str]) -> list[str]:
    return normalised(pl.Series(texts, dtype=pl.String)).to_list()


@pytest.mark.parametrize("table", TABLES)
def test_texts_are_the_same_where_a_careful_reader_says_so(table: str) -> None:
    pairs = pl.read_ndjson(HERE / table)
    left, right = forms(pairs["left"].to_list()), forms(pairs["right"].to_list())
    judged = ["same" if a == b else "different" for a, b in zip(left, right, strict=True)]
    wrong = pairs.with_columns(judged=pl.Series(judged)).filter(
        pl.col("judged") != pl.col("verdict")
    )
    assert {*wrong.select("left", "right").iter_rows()} == LIMITS & {
        *pairs.select("left", "right").iter_rows()
    }


def test_the_tables_hold_every_field_in_both_halves() -> None:
    fields = [set(pl.read_ndjson(HERE / table)["field"]) for table in TABLES]
    both = set().union(*fields[::2]) & set().union(*fields[1::2])
    assert both >= {"python", "c", "sql", "shell", "regex", "latex", "maths", "prose"}
    assert sum(pl.read_ndjson(HERE / table).height for table in TABLES) >= 900


@given(st.randoms(use_true_random=False))
@settings(max_examples=examples(60))
def test_punctuation_of_prose_makes_no_difference(draw: random.Random) -> None:
    words = draw.sample(PROSE, 8)
    dressed = []
    for word in words:
        around = draw.choice((*ROUND, "", "", "", ""))
        end = draw.choice((*ENDS, "", "", "", ""))
        middle = len(around) // 2
        dressed.append(f"{around[:middle]}{word}{around[middle:]}{end}")
    start = draw.choice(("", "", "- ", "* ", "> ", "# ", "1) "))
    number = "1 " if start == "1) " else ""
    plain, other = forms([number + " ".join(words), start + " ".join(dressed)])
    assert plain == other


@given(st.randoms(use_true_random=False))
@settings(max_examples=examples(60))
def test_another_operator_makes_another_text(draw: random.Random) -> None:
    names = draw.sample(("x", "y", "7", "total_fee", "len(a)", "s[1]", "2.5"), 3)
    first, other, rest = draw.sample(OPERATORS, 3)
    texts = [f"{names[0]} {op} {names[1]} {rest} {names[2]}" for op in (first, other)]
    tight = [f"{names[0]}{op}{names[1]}" for op in (*draw.sample(TIGHT, 2), "")]
    assert len(set(forms(texts))) == 2
    assert len(set(forms(tight))) == 3
    assert forms(texts + tight) == [reference.normal(text) for text in texts + tight]


@given(st.lists(st.text(st.characters(codec="ascii", categories=("Lu", "Ll"))), max_size=9))
@settings(max_examples=examples(40))
def test_letters_and_spaces_alone_are_words_in_lower_case(words: list[str]) -> None:
    (form,) = forms([" ".join(words)])
    assert form == " ".join(word.lower() for word in words if word)


def test_normalising_the_pairs_twice_changes_nothing() -> None:
    once = forms([text for pair in pairs() for text in pair])
    assert forms(once) == once


def test_texts_that_only_kernels_lower_have_the_same_form() -> None:
    texts = sorted({text for pair in pairs() for text in pair if not text.islower()} | {"(?P<n>x)"})
    prepared_texts = prepared(pl.Series(texts)).to_list()
    assert [reference.normal(text) for text in prepared_texts] == forms(texts)
    assert [reference.normal(text) for text in texts] == forms(texts)


def test_the_kernels_mark_the_pairs_as_the_plain_rule_does() -> None:
    draw = random.Random(4)  # noqa: S311 - made-up texts
    texts = [text for pair in pairs() for text in pair] + ["(?P<n>x)", "(?p<n>x)"]
    load_alone("operator_marks")
    kernels = import_module("ftaudit.similarity.kernels.operator_marks")
    texts += [draw.choice(GLUE).join(draw.sample(texts, draw.randint(2, 5))) for _ in range(600)]
    column = views(pl.Series(texts))
    classes = [np.zeros(len(texts), np.uint8) for _ in range(2)]
    for module, result in zip((kernels, plain_operator_marks), classes, strict=True):
        module.classify_rows(column.views, column.addresses, result)
    assert classes[0].tolist() == classes[1].tolist()
    without = np.flatnonzero(classes[0] == 0)
    assert not any(operators(texts[row]) for row in without)
    for simple in (False, True):
        rows = np.flatnonzero((classes[0] != FOREIGN) | (not simple))
        compiled, plain = (
            written(module, column, rows, simple=simple)
            for module in (kernels, plain_operator_marks)
        )
        assert compiled == plain


def test_patterns_of_names_are_the_same_for_bytes_and_in_plain_python() -> None:
    load_alone("operator_marks")
    kernels = import_module("ftaudit.similarity.kernels.operator_patterns")
    for table in ("CLASSES", "LISTED", "PATTERNS"):
        assert getattr(kernels, table) == getattr(symbol_patterns, table)


@given(st.randoms(use_true_random=False))
@settings(max_examples=examples(60))
def test_names_of_prose_are_those_of_no_code(draw: random.Random) -> None:
    """Emphasis, faces that smile, sentences run together and quoted words make no difference."""
    words = draw.sample(PROSE, 6)
    dressed = [
        draw.choice((word, f"_{word}_", f"__{word}__", f"{word} :)", f"'{word}'", f"#{word}"))
        for word in words
    ]
    glue = draw.choice((" ", "! ", "? ", " .", "... ", ": "))
    plain, other = forms([" ".join(words), glue.join(dressed)])
    assert plain == other


def written(
    module: ModuleType, column: TextViews, rows: npt.NDArray[np.int64], *, simple: bool
) -> bytes:
    out = np.empty(5 * int(column.sizes[rows].sum()) + 1, np.uint8)
    ends = np.empty(len(rows) + 1, np.int64)
    module.mark_rows(column.views, column.addresses, rows, simple, out, ends)
    return out[: int(ends[-1])].tobytes() + ends.tobytes()
