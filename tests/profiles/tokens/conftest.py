"""A tokenizer of words, for tests that need one with offsets."""

import json
from pathlib import Path

import pytest

WORDS = ("one", "two", "three", "user", "assistant", "system", ":", "yes", "no", "end")


@pytest.fixture
def word_tokenizer(tmp_path: Path) -> Path:
    """Write a tokenizer.json that makes a token of every word, and return its path."""
    vocabulary = {word: i for i, word in enumerate((*WORDS, "?"))}
    tokenizer: dict[str, object] = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": None,
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "?"},
    }
    file = tmp_path / "model" / "tokenizer.json"
    file.parent.mkdir()
    file.write_text(json.dumps(tokenizer), "utf-8")
    return file
