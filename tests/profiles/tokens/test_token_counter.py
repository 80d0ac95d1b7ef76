"""Tokens are counted as tiktoken counts them, and bounded where they are not counted."""

import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.model.errors import InputError, UsageError
from ftaudit.profiles.tokens.token_counter import BUILT_IN, open_counter, token_bounds

COUNTS = Path(__file__).parent / "data" / "tiktoken_counts.jsonl"
"""Fuzzed texts with the counts of tiktoken 0.14 (special tokens as plain text)."""

needs_toktok = pytest.mark.skipif(
    not pytest.importorskip("importlib.util").find_spec("toktok"), reason="toktok-rs is missing"
)
needs_tokenizers = pytest.mark.skipif(
    not pytest.importorskip("importlib.util").find_spec("tokenizers"),
    reason="tokenizers is missing",
)


def counts() -> list[dict[str, object]]:
    return [json.loads(line) for line in COUNTS.read_text("utf-8").splitlines()]


@needs_toktok
@pytest.mark.parametrize("name", BUILT_IN)
def test_counts_are_those_of_tiktoken(name: str) -> None:
    rows = counts()
    counter = open_counter(name)
    assert counter.count([str(row["text"]) for row in rows]) == [row[name] for row in rows]


@needs_toktok
@pytest.mark.parametrize("name", BUILT_IN)
@given(text=st.text())
def test_bounds_hold_for_every_text(name: str, text: str) -> None:
    least, most = token_bounds(text)
    assert least <= open_counter(name).count([text])[0] <= most


@needs_tokenizers
def test_a_tokenizer_of_a_folder_counts_and_tells_its_digest(word_tokenizer: Path) -> None:
    counter = open_counter(str(word_tokenizer.parent))
    assert counter.count(["one two three", ""]) == [3, 0]
    assert counter.spans("one two") == [(0, 3), (4, 7)]
    assert list(counter.digests) == ["tokenizer.json"]
    assert pickle.loads(pickle.dumps(counter)) == counter  # noqa: S301 - our own bytes


def test_a_name_that_is_not_there_is_never_looked_up_elsewhere() -> None:
    with pytest.raises(UsageError, match="nothing is downloaded"):
        open_counter("gpt2")


@needs_tokenizers
def test_a_file_that_is_no_tokenizer_is_refused_without_its_text(tmp_path: Path) -> None:
    file = tmp_path / "tokenizer.json"
    file.write_text('{"hunter2": 1}', "utf-8")
    with pytest.raises(InputError) as error:
        open_counter(str(file))
    assert "hunter2" not in str(error.value)
