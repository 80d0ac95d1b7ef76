"""A signature index: what is needed to find copies of rows, without any of their text.

    magic | size of the header | header (JSON) | rows | text hashes | signatures | runs | words |
    SHA-256

`rows` (u64: file ordinal << 40 | row) and `text hashes` (u64) hold one number per row that has a
text, `signatures` (u32) `permutations` of them; all little-endian. `runs` are hashes of all runs
of words (`passages`) and `words` those of single words (`word_keys`), where the header says so:
indexes made before there were any, and those of a secret holdout, have neither. The digest is of
everything before it: it shows damage, not who made the index.
"""

import hashlib
import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Final, Literal, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from ftaudit.model.bounded_read import read_whole
from ftaudit.model.dataset import DataFile, Rows
from ftaudit.model.errors import InputError
from ftaudit.model.progress import Progress, Silent
from ftaudit.model.row_id import files_and_rows
from ftaudit.similarity.index.asked_text import AskedText
from ftaudit.similarity.index.passages import (
    SIZES,
    Passages,
    joined_passages,
    parse_passages,
    passage_bytes,
    read_passages,
)
from ftaudit.similarity.index.word_keys import (
    chosen_tokens,
    kept_tokens,
    parse_tokens,
    token_bytes,
)
from ftaudit.similarity.parameters import Shingles, SimilarityOptions
from ftaudit.similarity.reworded.word_features import Tokens, joined
from ftaudit.similarity.runtime.kernel_loader import load_kernels
from ftaudit.similarity.runtime.threads import running_threads
from ftaudit.similarity.text.arrow_buffers import views
from ftaudit.similarity.text.normalisation import VERSION
from ftaudit.similarity.text.row_numbering import RowNumbering
from ftaudit.similarity.text.signatures import sign
from ftaudit.similarity.text.text_profile import profile
from ftaudit.similarity.text.text_source import TextSource

MAGIC: Final = b"\x89FTIDX1\r\n\x1a\n"
"""As in PNG: a transfer in text mode shows."""
PERMUTATIONS: Final = 128
"""The standard error of an estimate J is sqrt(J (1 - J) / 128): 0.035 at 0.8."""
MOST_HEADER: Final = 1 << 24
"""Bytes; a header of an index of ten thousand files has about a million."""
SLICE: Final = 16_384
"""Rows signed at a time."""

_DIGEST: Final = hashlib.sha256().digest_size
_REMEDY: Final = "Ask for the index again, or make it anew with `ftaudit index`"


class IndexedFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of the holdout, as its owner names it."""

    name: str
    sha256: str
    rows: int


class IndexHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How the signatures were made; training rows must be signed in the same way."""

    files: tuple[IndexedFile, ...]
    entries: int
    """Rows that have a text."""
    permutations: int
    seed: int
    shingles: Shingles
    compare: Literal["input", "text"]
    normalisation: str
    runs: tuple[int, ...] = ()
    """Words of the runs whose hashes the index holds: none, or `passages.SIZES`. An index with runs
    holds words, too, and all of it is of what rows ask (`asked_text`)."""


class IndexedWords(NamedTuple):
    """The runs of words of the entries, and their words."""

    passages: Passages
    tokens: Tokens


class SignatureIndex:
    """The signatures of a holdout. Entry `i` is row `rows[i]`; rows ascend."""

    def __init__(
        self,
        header: IndexHeader,
        rows: npt.NDArray[np.uint64],
        hashes: npt.NDArray[np.uint64],
        signatures: npt.NDArray[np.uint32],
        words: IndexedWords | None = None,
    ) -> None:
        """Hold the arrays: rows and hashes (entries), signatures (entries, permutations).

        `words` are None where the header says that there are none.
        """
        self.header = header
        self.rows = rows
        self.hashes = hashes
        self.signatures = signatures
        self.words = words

    def __len__(self) -> int:
        """Return how many rows have an entry."""
        return self.header.entries

    @property
    def total(self) -> int:
        """Rows of the holdout, those without text included."""
        return sum(file.rows for file in self.header.files)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the whole index, which identifies it in manifests."""
        return hashlib.sha256(b"".join(self.chunks())).hexdigest()

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes of the file, without the digest at its end."""
        header = msgspec.json.encode(self.header, order="deterministic")
        yield MAGIC + len(header).to_bytes(4, "little") + header
        yield self.rows.astype("<u8").tobytes()
        yield self.hashes.astype("<u8").tobytes()
        yield self.signatures.astype("<u4").tobytes()
        if self.words is not None:
            yield from (*passage_bytes(self.words.passages), *token_bytes(self.words.tokens))


def make_index(  # noqa: PLR0913 - the one way to make one
    rows: Rows,
    files: tuple[DataFile, ...],
    options: SimilarityOptions,
    *,
    secret: bool = False,
    workers: int = 1,
    progress: Progress = Silent(),  # noqa: B008 - has no state
) -> SignatureIndex:
    """Sign every row that has a text; takes 528 bytes of memory for each, and 16 for each word.

    Args:
        rows: the holdout; read twice, never held whole.
        files: in canonical order; the row ids of `rows` refer to them.
        options: `shingles`, `compare` and `seed` are used, and recorded.
        secret: leave out words and runs of words, from which a text can be guessed.
        workers: threads; the result is the same for any number.
        progress: told of every stage.
    """
    left_out = None if secret else AskedText()
    source = TextSource(rows, RowNumbering(files), options.compare, left_out)
    kind = profile(source, options).kind
    places, hashes = [np.zeros(0, np.uint64)], [np.zeros(0, np.uint64)]
    signatures, passages = [np.zeros((0, PERMUTATIONS), np.uint32)], list[Passages]()
    tokens: list[Tokens] = []
    load_kernels(progress, *(() if secret else ("shingle_rows", "minhash", "passage_grams")))
    with (
        running_threads(workers) as pool,
        progress.stage("signing texts", source.numbering.rows) as advance,
    ):
        for texts in source.texts():
            for low in range(0, len(texts), SLICE):
                part = texts.texts[low : low + SLICE]
                signed = sign(part, kind, count=PERMUTATIONS, seed=options.seed, workers=pool)
                kept = np.flatnonzero(~signed.hashed.empty)
                places.append(source.numbering.ids((texts.first + low + kept).astype(np.uint32)))
                hashes.append(signed.hashed.first[kept])
                signatures.append(signed.values[kept])
                if not secret:
                    passages.append(read_passages(views(part)).only(kept))
                    tokens.append(chosen_tokens(kept_tokens(part), kept))
                advance(len(part))
    entries = np.concatenate(places)
    header = IndexHeader(
        tuple(IndexedFile(f.name, f.sha256, f.rows) for f in files),
        len(entries),
        PERMUTATIONS,
        options.seed,
        kind,
        options.compare,
        VERSION,
        () if secret else SIZES,
    )
    words = None if secret else IndexedWords(joined_passages(passages), joined(tokens))
    return SignatureIndex(
        header, entries, np.concatenate(hashes), np.concatenate(signatures), words
    )


def write_index(index: SignatureIndex, path: Path) -> None:
    """Write an index so that the file exists whole or not at all.

    Raises:
        InputError: it cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    digest = hashlib.sha256()
    try:
        with draft.open("wb") as file:
            for chunk in index.chunks():
                digest.update(chunk)
                file.write(chunk)
            file.write(digest.digest())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        message = f"cannot be written ({error.strerror})"
        raise InputError(path, message, remedy="Choose another place with -o") from None


def read_index(path: Path) -> SignatureIndex:
    """Return an index that was written by `write_index`.

    Raises:
        InputError: unreadable, no index, damaged, or made in a way this version does not know.
    """
    try:
        data = read_whole(path)
    except OSError as error:
        raise InputError(
            path, f"cannot be read ({error.strerror})", remedy="Name a .ftidx file"
        ) from None
    if not data.startswith(MAGIC):
        raise InputError(path, "is no ftaudit index", remedy=_REMEDY)
    body, digest = data[:-_DIGEST], data[-_DIGEST:]
    if len(data) < len(MAGIC) + 4 + _DIGEST or hashlib.sha256(body).digest() != digest:
        message = "the index is damaged or cut short: its digest does not hold"
        raise InputError(path, message, remedy=_REMEDY)
    return _parse(path, body)


def _parse(path: Path, body: bytes) -> SignatureIndex:
    start = len(MAGIC) + 4
    size = int.from_bytes(body[len(MAGIC) : start], "little")
    try:
        header = msgspec.json.decode(body[start : start + min(size, MOST_HEADER)], type=IndexHeader)
    except msgspec.DecodeError:
        message = "the header of the index is not one that this version knows"
        raise InputError(path, message, remedy=_REMEDY) from None
    count, at = header.entries, start + size
    fixed = at + count * (16 + 4 * header.permutations)
    words, end = _words(body, fixed, count) if header.runs and count >= 0 else (None, fixed)
    _validate(path, header, len(body) - end, whole=bool(header.runs) == (words is not None))
    rows = np.frombuffer(body, "<u8", count, at).astype(np.uint64)
    hashes = np.frombuffer(body, "<u8", count, at + 8 * count).astype(np.uint64)
    values = np.frombuffer(body, "<u4", count * header.permutations, at + 16 * count)
    files, places = files_and_rows(rows)
    sizes = np.array([file.rows for file in header.files], np.uint64)
    if (files >= len(sizes)).any() or (places >= sizes[files.astype(np.int64)]).any():
        raise InputError(path, "an entry names a row that no file has", remedy=_REMEDY)
    shape = (count, header.permutations)
    signatures = values.astype(np.uint32).reshape(shape)
    return SignatureIndex(header, rows, hashes, signatures, words)


def _words(body: bytes, at: int, entries: int) -> tuple[IndexedWords | None, int]:
    """Return the words that stand at a place, and where they end; None where they are cut short."""
    passages = parse_passages(body, at, entries)
    tokens = passages and parse_tokens(body, passages[1], entries)
    if passages is None or tokens is None:
        return None, at
    return IndexedWords(passages[0], tokens[0]), tokens[1]


def _validate(path: Path, header: IndexHeader, left: int, *, whole: bool) -> None:
    """Refuse an index that this version cannot compare with, or of the wrong size.

    `left` are the bytes that stand after the last array, `whole` says whether its words are all
    there.
    """
    if header.normalisation != VERSION or header.permutations != PERMUTATIONS:
        message = (
            f"the index was made with normalisation {header.normalisation} and "
            f"{header.permutations} permutations, not {VERSION} and {PERMUTATIONS}"
        )
        raise InputError(path, message, remedy="Make it with the version of ftaudit that reads it")
    if header.runs not in {(), SIZES}:
        message = f"the index holds runs of {list(header.runs)} words, not of {list(SIZES)}"
        raise InputError(path, message, remedy="Make it with the version of ftaudit that reads it")
    if header.entries < 0 or left != 0 or not whole or not 0 <= header.seed < 2**32:
        message = f"the index says it has {header.entries} entries, but its size says otherwise"
        raise InputError(path, message, remedy=_REMEDY)
