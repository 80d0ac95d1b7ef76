"""Rows in other words: with a kernel and without one alike, found and not found where due."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ftaudit.similarity.reworded import best_matches, reworded_search
from ftaudit.similarity.reworded.best_matches import (
    BestMatches,
    IndexedJoin,
    LeastLikeness,
    PlainJoin,
    load_join,
)
from ftaudit.similarity.reworded.chance_level import FLOORS, OF_FEW, chance_level
from ftaudit.similarity.reworded.kernel_tokens import read_quickly
from ftaudit.similarity.reworded.kernel_weighing import KernelWeighing, count_words
from ftaudit.similarity.reworded.weighted_rows import UNIT, WeightedRows, vocabulary, weigh
from ftaudit.similarity.reworded.word_features import Tokens, number_value, read_tokens
from tests.conftest import examples
from tests.similarity.rows import Row, frame, relation, synthetic

PLACES = ("orchard", "harbour", "library", "quarry", "bakery", "museum", "stadium", "vineyard")
GOODS = ("apples", "lanterns", "atlases", "boulders", "baguettes", "statues", "whistles", "barrels")


def problem(number: int) -> str:
    place, goods = PLACES[number % 8], GOODS[number // 8 % 8]
    return (
        f"Case {number * 7 + 11} of the {place}: a keeper sorts {number + 20} {goods} into "
        f"{number % 5 + 2} crates before dusk and sells the rest"
    )


PROBLEMS = [problem(number) for number in range(60)]
REWORDED = "Before nightfall somebody at the quarry puts 31 lanterns in 3 boxes; it is case 88."


@pytest.mark.parametrize(
    ("token", "value"),
    [
        ("1,000", 1000.0),
        ("1 000", 1000.0),
        ("7.50", 7.5),
        ("3/4", 0.75),
        ("1 / 0", 1.0),
        ("half", 0.5),
        ("twelve", 12.0),
    ],
)
def test_a_number_counts_by_its_value(token: str, value: float) -> None:
    assert number_value(token) == value


def test_words_count_twice_and_numbers_once_however_they_are_written() -> None:
    left, right = (
        read_tokens(pl.Series([text]))
        for text in ("Walking 1,000 miles", "walked a thousand MILES")
    )
    assert left.numbers.sum() == right.numbers.sum() == 1
    common = set(left.keys.tolist()) & set(right.keys.tolist())
    assert len(common) == 3  # the number, "miles" as it is and by its first characters
    prefixes = read_tokens(pl.Series(["walking walked"])).keys
    assert len(set(prefixes.tolist())) == 4  # "walki", "walke", and both words


def test_the_kernel_weighs_as_plain_python_does() -> None:
    texts = pl.Series([*PROBLEMS, "", "nothing but words", "unseen 77 and 78 unseen"])
    words = vocabulary([read_tokens(texts[:40])])
    tokens = read_tokens(texts)
    plain, load = weigh(tokens, words), load_join
    load()
    quick = KernelWeighing(words).weigh(tokens)
    assert np.array_equal(plain.totals, quick.totals)
    assert np.array_equal(plain.numbered, quick.numbered)
    assert np.array_equal(plain.starts, quick.starts)
    assert _cells(plain) == _cells(quick)
    length = (plain.weights[~words.numbers[plain.ids]].astype(float) ** 2)[:1].sum() ** 0.5
    assert length <= UNIT


def _cells(rows: WeightedRows) -> set[tuple[int, int, int]]:
    columns = (rows.owners.tolist(), rows.ids.tolist(), rows.weights.tolist())
    return set(zip(*columns, strict=True))


@pytest.mark.parametrize("least", [(0.05, 0.05), (0.33, 0.43), (0.6, 0.2)])
def test_the_index_misses_no_match(least: tuple[float, float]) -> None:
    texts = pl.Series([*PROBLEMS, *synthetic(300), REWORDED, "", "one word", "page 7", "page 8"])
    tokens = read_tokens(texts)
    words = vocabulary([tokens])
    every = weigh(tokens, words)
    sought, rows = np.arange(0, len(texts), 3), np.arange(len(texts))
    load_join()
    results = [
        join(every.only(sought), sought, words, 3).match(every, rows, LeastLikeness(*least))
        for join in (PlainJoin, IndexedJoin)
    ]
    assert (results[0].rows >= 0).sum() > 10
    assert np.array_equal(results[0].rows, results[1].rows)
    assert np.array_equal(results[0].likeness, results[1].likeness)


@settings(max_examples=examples(15))
@given(seed=st.integers(0, 2**32 - 1), words=st.floats(0.05, 0.9), numbers=st.floats(0.05, 0.9))
def test_the_join_is_that_of_every_row_with_every_other(
    seed: int, words: float, numbers: float
) -> None:
    """Blocks of the index, parts of the rows and common words change no match, nor its order."""
    load_join()
    draw = np.random.default_rng(seed)
    pieces = np.array([*(f"w{chr(97 + i)}" for i in range(26)), *map(str, range(14))])
    common = 1.0 / np.arange(1, len(pieces) + 1) ** draw.uniform(0, 1.5)
    chances = draw.permutation(common / common.sum())
    texts = pl.Series(
        [" ".join(draw.choice(pieces, draw.integers(0, 12), p=chances)) for _ in range(120)]
    )
    tokens, rows, cut = read_tokens(texts), np.arange(120), int(draw.integers(1, 119))
    corpus = vocabulary([read_tokens(texts[:90])])
    every, least = weigh(tokens, corpus), LeastLikeness(words, numbers)
    plain = PlainJoin(every, rows, corpus, 3).match(every, rows, least)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(best_matches, "INDEXED", 50)
        join = IndexedJoin(every, rows, corpus, 3)
        parts = [join.match(every.only(part), part, least) for part in np.split(rows, [cut])]
    quick = parts[0].merged(parts[1:])
    assert np.array_equal(plain.rows, quick.rows)
    assert np.array_equal(plain.likeness, quick.likeness)


def test_the_kernel_counts_words_as_plain_python_does() -> None:
    load_join()
    many = [" ".join(f"w{n}x w{n}y" for n in range(low, low + 9)) for low in range(0, 900, 6)]
    parts = [read_tokens(pl.Series(texts)) for texts in (PROBLEMS, [*many, "", "77 7"])]
    plain, quick = vocabulary(parts), count_words(parts)
    assert len(plain.keys) > 2_048  # the table of the kernel grows
    assert all(
        np.array_equal(getattr(plain, name), getattr(quick, name))
        for name in ("keys", "numbers", "rarity", "unseen")
    )


PIECES = (
    *("1", "23", "456", "7890", ",", " ", ".", "/", "  ", "\t", "_", "-", "0", "00", "000", "\n"),
    *("1,000", "3.5", "half", "thousand", "Twelve", "Zed", "a", "x2", "\ua78f", "\u282f", "\u282b"),
    *(
        "\u00e9",
        "\u00c9",
        "Stra\u00dfe",
        "\u4e2d",
        "\u0130",
        "\u0178",
        "\u03a3",
        "\u0663",
        "\u00b2",
    ),
    *("\u24b6", "\u2167", "\u0301", "\U0001f600", "\U0001d7da", "\U00020000", "\u00a0", "\0"),
    *("123456789012345", "1234567890123456", "w" * 17, "v" * 61),
)


@settings(max_examples=examples(10))
@given(seed=st.integers(0, 2**32 - 1))
def test_the_kernel_reads_the_words_and_numbers_that_plain_python_reads(seed: int) -> None:
    load_join()
    draw = np.random.default_rng(seed)
    pieces = PIECES if seed % 2 else [p for p in PIECES if max(p) < "\u3000" or p == "\ua78f"]
    texts = pl.Series(["".join(draw.choice(pieces, draw.integers(0, 24))) for _ in range(150)])
    quick, plain = read_quickly(texts), read_tokens(texts)
    assert np.all(np.diff(quick.rows) >= 0)
    assert quick.height == plain.height
    left, right = (_kinds_of_tokens(tokens) for tokens in (quick, plain))
    assert left == right


def _kinds_of_tokens(tokens: Tokens) -> list[tuple[int, bool, tuple[int, ...]]]:
    """Return of every token its row, whether it is a number, and which rows have its key."""
    rows: dict[int, list[int]] = {}
    for row, key in zip(tokens.rows.tolist(), tokens.keys.tolist(), strict=True):
        rows.setdefault(key, []).append(row)
    cells = zip(tokens.rows.tolist(), tokens.numbers.tolist(), tokens.keys.tolist(), strict=True)
    return sorted((row, number, tuple(rows[key])) for row, number, key in cells)


def test_of_two_parts_the_best_matches_are_kept_the_first_of_equals() -> None:
    left = BestMatches(np.array([[0.9, 0.5]]), np.array([[3, 4]]))
    right = BestMatches(np.array([[0.9, 0.7]]), np.array([[7, 8]]))
    merged = left.merged([right])
    assert merged.rows.tolist() == [[3, 7]]


def test_the_threshold_follows_what_is_usual_in_the_data() -> None:
    numbered = np.zeros(200, np.bool_)
    usual = np.linspace(0.3, 0.5, 200)
    level = chance_level(usual, usual, numbered, 1.0)
    assert level.least.words == pytest.approx(0.4 + 2.1 * 1.4826 * 0.05, abs=0.002)
    assert level.least.numbers == pytest.approx(0.4 + 3 * 1.4826 * 0.05, abs=0.002)
    assert chance_level(usual[:5], usual[:5], numbered[:5], 1.0).least.words == OF_FEW
    low = chance_level(usual / 10, usual / 10, numbered, 1.0)
    assert low.least.words == FLOORS.words
    grown = chance_level(usual, usual - 0.02, numbered, 8.0)
    assert grown.least.words == pytest.approx(level.least.words + 0.06)


@pytest.mark.parametrize("others", [0, 1, 2, 4, 8])
def test_in_data_of_a_few_rows_a_rewording_is_found_and_other_rows_are_not(others: int) -> None:
    asked = "The winner of the bicycle race drank 3 litres of water and 2 of tea before noon"
    again = "Before noon, the bicycle race's winner had drunk 2 litres of tea and 3 of water"
    more = (f"A {place} sells {goods}" for place, goods in zip(PLACES, GOODS, strict=True))
    rows: list[Row] = [{"input": text} for text in (asked, *list(more)[:others])]
    rows += [{"split": "holdout", "input": again}]
    rows += [{"split": "holdout", "input": "Which 2 of the 3 rivers freeze in January or so?"}]
    told = frame(relation(rows, rewordings=True), "reworded")
    pairs = [[(m["split"], m["row"]) for m in group] for group in told["members"]]
    assert pairs == [[("holdout", 0), ("train", 0)]]


def test_where_most_rows_are_alike_nothing_is_told_and_that_is_noted() -> None:
    alike = np.linspace(0.5, 0.7, 200)
    level = chance_level(alike, alike, np.zeros(200, np.bool_), 1.0)
    assert level.least.words == 1.0
    numbered = np.arange(5) < 2
    assert level.untold(numbered) == 5
    lower = chance_level(alike / 2, alike / 2, np.zeros(200, np.bool_), 1.0)
    assert lower.untold(numbered) == 0
    mixed = chance_level(
        np.r_[alike, alike / 2], np.r_[alike, alike / 2], np.arange(400) < 200, 1.0
    )
    assert mixed.untold(numbered) == 2


def test_rows_too_alike_to_tell_are_counted_and_said_to_be_unknown() -> None:
    draw = np.random.default_rng(3)
    words = np.array(["card", "app", "bill", "plan", "sim", "call", "roam", "data", "pay", "fee"])
    rows: list[dict[str, object]] = [
        {"input": " ".join(draw.permutation(words)[:6])} for _ in range(400)
    ]
    rows += [{"split": "holdout", "input": "my bill has a fee for roam data on the line"}]
    similar = relation(rows, rewordings=True)
    limits = {limit.split: limit for limit in similar.limits}
    assert (limits["holdout"].rows, limits["holdout"].sought) == (1, 1)
    assert limits["train"].rows == limits["train"].sought == 400
    assert "1 of 1 holdout rows say cannot be told" in limits["holdout"].note
    assert similar.configuration["rewording"]["untold"] == {"holdout": 1, "train": 400}  # type: ignore[index] # a mapping


@pytest.fixture(scope="module")
def found() -> pl.DataFrame:
    rows: list[dict[str, object]] = [{"input": text} for text in PROBLEMS]
    rows += [
        {"split": "holdout", "input": REWORDED},
        {"split": "holdout", "input": REWORDED.replace("31", "45").replace("3 b", "6 b")},
        {"split": "holdout", "input": "What is the weather like in spring?"},
    ]
    return frame(relation(rows, rewordings=True), "reworded")


def test_a_row_in_other_words_is_found_and_other_numbers_are_not(found: pl.DataFrame) -> None:
    members = found["members"].to_list()
    holdout = [group for group in members if group[0]["split"] == "holdout"]
    assert [(group[0]["row"], group[1]["row"]) for group in holdout] == [(0, 11)]


def test_every_match_of_a_cluster_has_its_likeness(found: pl.DataFrame) -> None:
    for members, pairs in zip(found["members"], found["pairs"], strict=True):
        assert [m["node"] for m in members] == list(range(len(members)))
        assert [(p["left"], p["right"]) for p in pairs] == [
            (0, node) for node in range(1, len(members))
        ]


def test_of_too_many_pairs_a_sample_is_looked_for_and_that_is_noted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows: list[dict[str, object]] = [{"input": text} for text in PROBLEMS]
    rows += [{"split": "holdout", "input": f"spring of {n * n}"} for n in range(50)]
    whole = relation(rows, rewordings=True)
    assert not any("evenly spread" in note for note in whole.notes)
    monkeypatch.setattr(reworded_search, "MOST_PAIRS", 60)
    monkeypatch.setattr(reworded_search, "COMPARED", 40)
    some = relation(rows, rewordings=True)
    assert "of 40 holdout rows, evenly spread, of 50" in some.notes[-1]


@pytest.mark.parametrize("most", [1, 5, 26, 27, 100])
def test_rows_of_several_ranges_are_spread_as_if_they_were_listed(most: int) -> None:
    ranges = [(0, 7), (10, 30)]
    rows = reworded_search._numbers(ranges)  # noqa: SLF001 - what is listed
    spread = reworded_search._spread_in(ranges, most)  # noqa: SLF001 - what is not
    assert spread.tolist() == reworded_search._spread(rows, most).tolist()  # noqa: SLF001 - as above


def test_the_same_words_with_other_operators_are_no_rewording() -> None:
    asked = [f"What does this print in the {place}: print(7 {{}} 5 {{}} 31)?" for place in PLACES]
    taught: Row = {"input": asked[0].format("+", "*")}
    same: Row = {
        "input": "In the orchard, what does this print: print(31 * 7 + 5)?",
        "split": "holdout",
    }
    other: Row = {"input": asked[0].format("-", "*"), "split": "holdout"}
    problems: list[Row] = [{"input": text} for text in PROBLEMS[:40]]
    rows = [taught, *problems, same, other]
    clusters = frame(relation(rows, rewordings=True, threshold=0.99), "reworded")
    assert [members[0]["row"] for members in clusters["members"].to_list()] == [0]
