"""A made-up static embedding model: words and their synonyms have one vector."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

WORDS = [
    f"{a}{b}{c}" for a in ("ba", "de", "fi", "go", "lu") for b in "bcdfghklmn" for c in "aeiou"
]
SYNONYMS = [f"{word}ish" for word in WORDS]
DIMENSIONS = 64


def write_model(folder: Path, words: Sequence[str] = (*WORDS, *SYNONYMS)) -> Path:
    """Write tokenizer.json and model.safetensors; return the folder."""
    from safetensors.numpy import save_file

    folder.mkdir(exist_ok=True)
    vocabulary = {"[UNK]": 0, **{word: at + 1 for at, word in enumerate(words)}}
    tokenizer = {
        "version": "1.0",
        "added_tokens": [],
        "pre_tokenizer": {"type": "Whitespace"},
        "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "[UNK]"},
    }
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    draw = np.random.default_rng(5)
    vectors = draw.normal(size=(len(WORDS), DIMENSIONS)).astype(np.float16)
    unknown = np.full((1, DIMENSIONS), 9, np.float16)
    save_file(
        {"embeddings": np.concatenate([unknown, vectors, vectors])}, folder / "model.safetensors"
    )
    return folder
