"""Vectors of texts by a static embedding model: the mean of the vectors of their tokens.

As model2vec and its like do it (https://github.com/MinishLab/model2vec): no network is run, a table
is looked up. The folder is the user's; nothing is downloaded.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ftaudit.model.errors import InputError, UsageError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Vectors = npt.NDArray[np.int16]
"""Shape (texts, dimensions): vectors of length `LENGTH`, rounded; zeros for a text of no token."""

LENGTH: Final = 4_000
"""Sums of products of such vectors are whole numbers, equal in any order."""
TOKENIZER: Final = "tokenizer.json"
TENSORS: Final = ("model.safetensors", "embeddings.safetensors")
OPTION: Final = "--vectors"
_EXTRA: Final = "Install the extra: pip install 'ftaudit[vectors]'"
_AT_ONCE: Final = 4_096


class _Table(NamedTuple):
    """What a model holds."""

    tokenizer: "Tokenizer"
    rows: npt.NDArray[np.float32]
    """Shape (tokens, dimensions): the vector of every token, weighted; zeros where unknown."""


class StaticModel(Struct, frozen=True):
    """A model by its folder. Loads its table where it is used, so it can be pickled."""

    folder: str
    digests: Mapping[str, str]
    """File name → SHA-256."""

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return the vector of every text.

        Raises:
            InputError: a file is no model, or a package that is needed is not installed.
        """
        table = _table(self.folder)
        parts = [
            _means(table, texts[low : low + _AT_ONCE]) for low in range(0, len(texts), _AT_ONCE)
        ]
        return np.concatenate([np.zeros((0, table.rows.shape[1]), np.int16), *parts])


def open_model(folder: str | Path) -> StaticModel:
    """Return the model in a folder, and prove that it loads.

    Raises:
        UsageError: there is no such folder, or it holds no model.
        InputError: a file is no model, or a package that is needed is not installed.
    """
    path = Path(folder)
    files = [path / TOKENIZER, *_tensors(path)[:1]]
    if len(files) < 2 or not all(file.is_file() for file in files):
        msg = (
            f"there is no static embedding model in {folder}: {OPTION} takes a folder with "
            f"{TOKENIZER} and {TENSORS[0]}; nothing is downloaded"
        )
        raise UsageError(msg)
    _table(str(path))
    digests = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    return StaticModel(str(path), digests)


def cosines(
    left: Vectors, left_at: npt.NDArray[np.int64], right: Vectors, right_at: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Return the cosine of every pair of vectors, named by their places; exact."""
    cosine = np.empty(len(left_at))
    for low in range(0, len(left_at), _AT_ONCE):
        part = slice(low, low + _AT_ONCE)
        pair = (left[left_at[part]].astype(np.float64), right[right_at[part]].astype(np.float64))
        cosine[part] = np.einsum("nd,nd->n", *pair) / float(LENGTH * LENGTH)
    return cosine


def _tensors(folder: Path) -> list[Path]:
    """Return the files of tensors in a folder: those of the usual names, else the only one."""
    usual = [folder / name for name in TENSORS if (folder / name).is_file()]
    every = sorted(folder.glob("*.safetensors")) if folder.is_dir() else []
    return usual or (every if len(every) == 1 else [])


@lru_cache(maxsize=1)
def _table(folder: str) -> _Table:
    path = Path(folder)
    tokenizer, [file, *_] = _tokenizer(path / TOKENIZER), _tensors(path)
    tensors = _read(file)
    table = tensors.get("embeddings")
    if table is None:
        tables = [tensor for tensor in tensors.values() if tensor.ndim == 2]
        table = tables[0] if len(tables) == 1 else None
    size = tokenizer.get_vocab_size(with_added_tokens=True)
    problem = "" if table is not None and table.ndim == 2 else "holds no table of embeddings"
    if table is None or problem:
        raise InputError(file, problem, remedy="Name a static embedding model, as model2vec has")
    places = tensors.get("mapping", np.arange(len(table))).astype(np.int64)
    if len(places) < size or not ((places >= 0) & (places < len(table))).all():
        problem = f"has vectors of {len(places):,} tokens, its tokenizer {size:,} tokens"
        raise InputError(file, problem, remedy="Name the folder of one model")
    rows = np.asarray(table, np.float32)[places]
    if "weights" in tensors and len(tensors["weights"]) == len(places):
        rows = rows * np.asarray(tensors["weights"], np.float32)[:, None]
    if not np.isfinite(rows).all():
        raise InputError(file, "has values that are no numbers", remedy="Fetch the model again")
    unknown = _unknown(path / TOKENIZER, tokenizer)
    rows[unknown] = 0.0
    return _Table(tokenizer, rows)


def _read(file: Path) -> dict[str, npt.NDArray[np.float32]]:
    try:
        from safetensors import SafetensorError
        from safetensors.numpy import load_file
    except ImportError:
        raise InputError(OPTION, "safetensors is not installed", remedy=_EXTRA) from None
    try:
        return dict(load_file(file))
    except (SafetensorError, OSError, ValueError, KeyError, TypeError):
        raise InputError(
            file, "is no safetensors file of numbers", remedy="Fetch it again"
        ) from None


def _tokenizer(file: Path) -> "Tokenizer":
    try:
        from tokenizers import Tokenizer
    except ImportError:
        raise InputError(OPTION, "tokenizers is not installed", remedy=_EXTRA) from None
    try:
        tokenizer = Tokenizer.from_file(str(file))
    except Exception:  # noqa: BLE001 - tokenizers raises plain Exception for any fault of the file
        raise InputError(file, "is no tokenizer", remedy="Name a folder of one model") from None
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _unknown(file: Path, tokenizer: "Tokenizer") -> list[int]:
    """Return the token that stands for what the tokenizer does not know; it has no meaning."""
    model = json.loads(file.read_text("utf-8")).get("model", {})
    token = model.get("unk_token")
    place = tokenizer.token_to_id(token) if isinstance(token, str) else None
    return [] if place is None else [place]


def _means(table: _Table, texts: Sequence[str]) -> Vectors:
    """Return the mean of the vectors of the tokens of every text, at the length of all."""
    encodings = table.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
    means = np.zeros((len(texts), table.rows.shape[1]))
    for place, encoding in enumerate(encodings):
        if encoding.ids:
            means[place] = table.rows[encoding.ids].sum(axis=0, dtype=np.float64)
    lengths = np.sqrt((means * means).sum(axis=1))
    scaled = means * (LENGTH / np.where(lengths > 0, lengths, 1.0))[:, None]
    return np.rint(scaled).astype(np.int16)
