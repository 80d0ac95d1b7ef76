"""Rewordings of benchmark rows, found by their index alone, on real data."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from ftaudit.similarity.index.reworded_matching import MOST, SAMPLED, RewordedMatcher, sampled
from ftaudit.similarity.index.word_keys import chosen_tokens, kept_tokens, parse_tokens, token_bytes
from ftaudit.similarity.text.normalisation import prepared

SHARED = Path(__file__).parents[4] / "shared" / "data"
ROWS = 7_473
"""Training rows that the threshold is set for."""


@pytest.fixture(scope="module")
def matcher(shared_questions: pl.Series) -> RewordedMatcher:
    return RewordedMatcher(kept_tokens(shared_questions), ROWS)


@pytest.fixture(scope="module")
def shared_questions() -> pl.Series:
    return questions("gsm8k_test.jsonl")


def questions(name: str) -> pl.Series:
    path = SHARED / name
    if not path.is_file():
        pytest.skip("the real data (shared/data beside the repository) is not on this machine")
    return prepared(pl.read_ndjson(path)["question"])


def matched(matcher: RewordedMatcher, texts: pl.Series) -> pl.DataFrame:
    return matcher.match(pl.Series(range(len(texts)), dtype=pl.UInt64), kept_tokens(texts))


def test_nine_of_ten_reworded_questions_of_gsm8k_name_their_origin(
    matcher: RewordedMatcher,
) -> None:
    name = "reworded/gsm8k_reworded_half.jsonl"
    found = matched(matcher, questions(name)).unique("id", keep="first", maintain_order=True)
    origins = pl.read_ndjson(SHARED / name)["index"]
    right = origins.gather(found["id"]).to_numpy() == found["entry"].to_numpy()
    assert right.sum() / len(origins) > 0.9


def test_other_questions_of_the_same_kind_are_rarely_taken_for_one(
    matcher: RewordedMatcher,
) -> None:
    others = questions("gsm8k_train.jsonl")[::4]
    assert matched(matcher, others)["id"].n_unique() <= 0.004 * len(others)


def told_apart(benchmark: pl.Series, texts: pl.Series) -> pl.DataFrame:
    """Return the pairs that the check counts, all texts being its training data."""
    matcher = RewordedMatcher(kept_tokens(benchmark), len(texts))
    level = matcher.level_with(sampled(texts, kept_tokens(texts)))
    return matcher.told_apart(matched(matcher, texts), level)


def test_reworded_questions_are_found_among_others_within_the_limits_of_leakage(
    shared_questions: pl.Series,
) -> None:
    name = "reworded/gsm8k_reworded_half.jsonl"
    reworded, others = questions(name), questions("gsm8k_train.jsonl")
    pairs = told_apart(shared_questions, pl.concat([reworded, others]))
    origins = pl.read_ndjson(SHARED / name)["index"].to_list()
    right = {row for row, entry in pairs.select("id", "entry").rows()
             if row < len(origins) and origins[row] == entry}  # fmt: skip
    assert len(right) >= 0.85 * len(origins)
    assert pairs.filter(pl.col("id") >= len(origins))["id"].n_unique() <= 11


def test_reworded_questions_without_numbers_are_found_by_an_index_too(shared: Path) -> None:
    folder = shared / "reworded"
    reworded = prepared(pl.read_ndjson(folder / "sociology_reworded.jsonl")["text"])
    pairs = told_apart(prepared(pl.read_csv(folder / "sociology_test.csv")["question"]), reworded)
    right = pairs.filter(pl.col("id") == pl.col("entry"))["id"].n_unique()
    assert right >= 0.80 * 201
    assert pairs.filter(pl.col("id") != pl.col("entry"))["entry"].n_unique() <= 6


def test_what_a_training_row_says_depends_on_no_other(matcher: RewordedMatcher) -> None:
    texts = questions("reworded/gsm8k_reworded_half.jsonl")[:60]
    whole = matched(matcher, texts)
    parts = [
        matcher.match(
            pl.Series(range(low, low + 20), dtype=pl.UInt64), kept_tokens(texts[low : low + 20])
        )
        for low in (0, 20, 40)
    ]
    assert pl.concat(parts).equals(whole)
    assert (whole.group_by("id").len()["len"] <= MOST).all()


def test_where_training_rows_are_alike_nothing_stands_clear_of_chance(
    matcher: RewordedMatcher,
) -> None:
    """A hundred problems of one template are like one of the benchmark, and say other things."""
    template = str(questions("gsm8k_test.jsonl")[0])
    plants = ("tulips", "roses", "asters", "lilies", "daisies")
    texts = prepared(pl.Series([f"{template} {plants[i % 5]} {i}" for i in range(100)]))
    pairs = matched(matcher, texts)
    assert pairs["id"].n_unique() == 100
    level = matcher.level_with(sampled(texts, kept_tokens(texts)))
    assert matcher.told_apart(pairs, level).is_empty()
    assert matcher.untold(level) > 1_000
    assert matcher.level_with(SAMPLED.to_frame()) == matcher.level


def test_tokens_read_back_as_they_were_and_keep_no_order() -> None:
    texts = prepared(pl.Series(["two blue birds sing", "", "birds, blue: sing two!"]))
    tokens = chosen_tokens(kept_tokens(texts), np.arange(3))
    data = b"before" + b"".join(token_bytes(tokens))
    read = parse_tokens(data, 6, 3)
    assert read is not None
    assert read[1] == len(data)
    assert all(
        np.array_equal(np.asarray(a), np.asarray(b))
        for a, b in zip(read[0][:3], tokens[:3], strict=True)
    )
    assert tokens.keys[tokens.rows == 0].tolist() == tokens.keys[tokens.rows == 2].tolist()
    assert parse_tokens(data[:-1], 6, 3) is None


def test_keys_are_those_of_every_other_version() -> None:
    tokens = chosen_tokens(kept_tokens(prepared(pl.Series(["sailors 42"]))), np.arange(1))
    assert tokens.keys.tolist() == KEYS


KEYS = [3577779540195934666, 10349693825437510395, 11724320187543332788]
"""Of "sailors", of "sailo" and of the number 42, ascending: an index of last year is still read."""
