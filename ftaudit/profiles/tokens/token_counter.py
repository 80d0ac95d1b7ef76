"""Count tokens: with a built-in vocabulary, with the user's tokenizer, or bounded by bytes."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct, field

from ftaudit.model.errors import InputError, UsageError, suggestion

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BUILT_IN: Final[Mapping[str, str]] = {"o200k": "o200k_base", "cl100k": "cl100k_base"}
"""Name → encoding of toktok-rs, whose counts equal tiktoken's (tests/profiles/tokens)."""
TOKENIZER_FILE: Final = "tokenizer.json"
_EXTRA: Final = "Install the extra: pip install 'ftaudit[tokens]'"

Span = tuple[int, int]
"""First character of a token and the one after its last."""


class TokenBounds(NamedTuple):
    """Fewest and most tokens that a text can have."""

    least: int
    most: int


def token_bounds(text: str) -> TokenBounds:
    """Bound the tokens of a text without a tokenizer.

    Byte-level BPE makes at most one token of a byte. Its pre-tokenizers never join words that
    white space parts, so there are at least as many tokens as words (GPT-2's splitting, which
    cl100k, o200k, Llama 3 and Qwen keep).
    """
    return TokenBounds(len(text.split()), len(text.encode("utf-8", "replace")))


class TokenCounter(Struct, frozen=True):
    """A tokenizer by name. Loads its vocabulary where it counts, so it can be pickled."""

    name: str
    """`o200k`, `cl100k`, or the last part of the path of a file or folder."""
    path: str = ""
    """The tokenizer file; empty for a built-in one."""
    digests: Mapping[str, str] = field(default_factory=dict)
    """File name → SHA-256 of the tokenizer's files."""

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of every text; special tokens count as plain text.

        Raises:
            InputError: the package that is needed is not installed.
        """
        if not self.path:
            return _batch_count()(list(texts), BUILT_IN[self.name])
        encodings = _tokenizer(self.path).encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encodings]

    @property
    def has_offsets(self) -> bool:
        """Whether the tokenizer says which characters a token stands for."""
        return bool(self.path)

    def kept(self, text: str, limit: int) -> int:
        """Return how many characters of a text its first `limit` tokens make."""
        if not self.path:
            from toktok import truncate

            shortened: str = truncate(text, limit, BUILT_IN[self.name])[0]
            return len(shortened)
        spans = self.spans(text)
        return spans[limit - 1][1] if limit < len(spans) else len(text)

    def spans(self, text: str) -> list[Span]:
        """Return the characters of every token; only where `has_offsets`."""
        offsets: list[Span] = _tokenizer(self.path).encode(text, add_special_tokens=False).offsets
        return offsets


def open_counter(name: str) -> TokenCounter:
    """Return the tokenizer that `name` stands for, and prove that it loads.

    Args:
        name: `o200k`, `cl100k`, a `tokenizer.json`, or a folder that holds one. Nothing is ever
            looked up anywhere else.

    Raises:
        UsageError: there is no such built-in tokenizer, file or folder.
        InputError: the file is no tokenizer, or a package that is needed is not installed.
    """
    if name in BUILT_IN:
        _batch_count()
        return TokenCounter(name)
    path = Path(name)
    file = path / TOKENIZER_FILE if path.is_dir() else path
    if not file.is_file():
        hint = suggestion(name, BUILT_IN)
        msg = (
            f"there is no tokenizer {name}{hint}: name o200k, cl100k, a {TOKENIZER_FILE} or a "
            "folder with one; nothing is downloaded"
        )
        raise UsageError(msg)
    _tokenizer(str(file))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return TokenCounter(path.name or str(path), str(file), {file.name: digest})


def _batch_count() -> Callable[[list[str], str], list[int]]:
    try:
        from toktok import batch_count
    except ImportError:
        raise InputError("--tokenizer", "toktok-rs is not installed", remedy=_EXTRA) from None
    counts: Callable[[list[str], str], list[int]] = batch_count
    return counts


@lru_cache(maxsize=4)
def _tokenizer(path: str) -> "Tokenizer":
    try:
        from tokenizers import Tokenizer
    except ImportError:
        raise InputError("--tokenizer", "tokenizers is not installed", remedy=_EXTRA) from None
    try:
        tokenizer = Tokenizer.from_file(path)
    except Exception:  # noqa: BLE001 - the library raises plain Exception, with text of the file
        problem = "is not a tokenizer file of the tokenizers library"
        raise InputError(path, problem, remedy="Give the tokenizer.json of the model") from None
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
