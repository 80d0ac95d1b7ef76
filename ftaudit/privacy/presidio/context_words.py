"""Words around a match, as Presidio's context enhancer sees them, without cutting the whole text.

spaCy cuts a text at white space first, and what becomes of a run does not depend on its
neighbours, except where a special case of its tokenizer spans a seam between two. Presidio takes
the last words up to a match that are neither stop words nor punctuation, and the next one from it
on. Same as `LemmaContextAwareEnhancer` of presidio-analyzer 2.2 with `nlp.BlankNlpEngine`.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

from spacy.attrs import IS_PUNCT, IS_SPACE, IS_STOP, LOWER, NORM
from spacy.tokenizer import Tokenizer

from ftaudit.privacy.presidio.blank_nlp import STRINGS, blank
from ftaudit.privacy.presidio.outlined_search import words_within

_RUN: Final = re.compile(r"\S+ ?|\s+")
"""What spaCy cuts first: a space after a run belongs to it, other white space is a run itself."""
_BEFORE, _AFTER = 5 + 1, 0 + 1
"""Words taken before and after; the match's own counts, so one more than configured."""
_BOOST, _AT_LEAST, _AT_MOST = 0.35, 0.4, 1.0
"""Defaults of `LemmaContextAwareEnhancer`."""
_READ: Final = frozenset({IS_PUNCT, IS_SPACE, IS_STOP, LOWER, NORM})
"""What is read of a word; spaCy works out eighteen more features of every new one."""
_CACHED: Final = 50_000
"""Runs of text whose tokens are kept."""
_FEW_PARTS: Final = 6
"""Tokens of a run up to which every few neighbours are looked up."""
_HEAD: Final = 5
"""Letters of the shortest word that is taken for the head of a compound."""
_PART: Final = re.compile(r"[\W_]+")
_NOT_CONTENT: Final = frozenset({"-PRON-", "be"})
"""Lemmas that `NlpArtifacts` does not take as keywords, whatever the language."""


@lru_cache(1 << 16)
def is_word(word: str, token: str) -> bool:
    """Whether a word is one of the words of a token, in the plural too, or ends a compound.

    `lic` is no word of "public", `us` none of "customers"; `phone` is one of "phone_number", of
    "phones" and of "smartphone". Words in scripts without spaces may stand anywhere.
    """
    if not word.isascii():
        return word in token
    return any(
        part in {word, word + "s", word + "es"} or (len(word) >= _HEAD and part.endswith(word))
        for part in _PART.split(token)
    ) or (_PART.search(word) is not None and word in token)


def boosted(score: float) -> float:
    """Return the score of a match with a context word beside it."""
    return min(max(score + _BOOST, _AT_LEAST), _AT_MOST)


class _Token(NamedTuple):
    end: int
    """Offset of its end, in its run or in the text."""
    word: str
    """Lower-cased."""
    content: bool
    """Whether it is neither a stop word nor punctuation."""


class _TokenRun(NamedTuple):
    tokens: tuple[_Token, ...]
    first: str
    last: str


class PlainRuns:
    """Cut runs without white space as spaCy does, where it splits off one mark at the end or none.

    Takes a fifth of the time that spaCy takes, and gives the same tokens.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        """Take the tokenizer of a language."""
        self._rules = tokenizer
        self._special = frozenset(tokenizer.rules)

    def parts(self, run: str) -> tuple[str, ...]:
        """Return the tokens of a run; none if spaCy must be asked.

        That is `Tokenizer._split_affixes` and `_attach_tokens` of spaCy 3.8 without prefixes and
        special cases.
        """
        mark = self._rules.find_suffix(run)
        word = run[:-1] if mark else run
        if mark > 1 or not word or self._rules.find_suffix(word):
            return ()
        if any(self._is_kept(text) or self._rules.find_prefix(text) for text in {run, word}):
            return ()
        parts = (*self._divided(word), *run[len(word) :])
        return () if self._may_be_special(parts) else parts

    def _is_kept(self, text: str) -> bool:
        match = self._rules.token_match
        return match is not None and bool(match(text))

    def _divided(self, word: str) -> list[str]:
        """Cut a word at its infixes, but for an address on the web."""
        if self._rules.url_match is not None and self._rules.url_match(word):
            return [word]
        parts: list[str] = []
        start = 0
        for infix in self._rules.find_infix(word):
            first, last = infix.span()
            if first:
                parts += [word[start:first], word[first:last]]
                start = last
        return [part for part in (*parts, word[start:]) if part]

    def _may_be_special(self, parts: Sequence[str]) -> bool:
        """Whether some neighbours may be a special case together, or are too many to tell."""
        ends = range(1, len(parts) + 1)
        return len(parts) > _FEW_PARTS or any(
            "".join(parts[first:last]) in self._special for last in ends for first in range(last)
        )


class ContextWords:
    """Words around matches in the texts of one language."""

    def __init__(self, language: str) -> None:
        """Build a blank pipeline for an ISO 639-1 code."""
        self._language = language
        self._load()

    def _load(self) -> None:
        nlp = blank(self._language)
        for feature in nlp.vocab.lex_attr_getters.keys() - _READ:
            del nlp.vocab.lex_attr_getters[feature]
        self._vocab, self._cut = nlp.vocab, nlp.tokenizer
        self._local = type(nlp.tokenizer) is Tokenizer
        self._plain = PlainRuns(nlp.tokenizer) if self._local else None
        self._seams = _seams(nlp.tokenizer) if self._local else frozenset[tuple[str, str]]()
        self._cached: dict[str, _TokenRun] = {}

    def read(self, text: str) -> "TextContext":
        """Return what finds the words around matches in one text."""
        if len(self._vocab.strings) > STRINGS:  # spaCy never forgets one
            self._load()
        return TextContext(self, text)

    @property
    def cuts_runs(self) -> bool:
        """Whether the language is cut run by run."""
        return self._local

    def runs(self, text: str) -> list[str]:
        """Cut a text where spaCy does first; not at all if its language is cut otherwise."""
        return _RUN.findall(text) if self._local else [text]

    def run(self, piece: str) -> _TokenRun:
        """Return the tokens of one run."""
        run = self._cached.get(piece)
        if run is None:
            if len(self._cached) >= _CACHED:
                self._cached.clear()
            trailing = piece[-1] == " " and not piece.isspace()
            run = self._cached[piece] = self._cut_run(piece[:-1] if trailing else piece)
        return run

    def _cut_run(self, piece: str) -> _TokenRun:
        parts = self._plain.parts(piece) if self._plain else ()
        if not parts:
            return self.cut(piece)
        ends = accumulate(map(len, parts))
        tokens = tuple(map(self._token, ends, parts))
        return _TokenRun(tokens, parts[0], parts[-1])

    def _token(self, end: int, part: str) -> _Token:
        """Return what `cut` returns of a token, without a place in spaCy's memory."""
        features = self._vocab.lex_attr_getters
        lower = features[LOWER](part)
        ignored = features[IS_STOP](lower) or features[IS_PUNCT](lower) or lower in _NOT_CONTENT
        return _Token(end, lower.lower(), not ignored)

    def cut(self, text: str) -> _TokenRun:
        """Return the tokens of a text as spaCy cuts it."""
        doc = self._cut(text)
        tokens = tuple(
            _Token(token.idx + len(token), token.lower_.lower(), self._is_content(token.lower_))
            for token in doc
        )
        return _TokenRun(tokens, doc[0].text, doc[-1].text)

    def _is_content(self, lemma: str) -> bool:
        lexeme = self._vocab[lemma]
        return not (lexeme.is_stop or lexeme.is_punct or lemma in _NOT_CONTENT)

    def is_seam(self, left: str, right: str) -> bool:
        """Whether a special case of the tokenizer may span the seam between two runs."""
        return (self.run(left).last, self.run(right).first) in self._seams


class _Seam(Exception):  # noqa: N818 - not an error: the text must be cut as a whole
    """A special case of the tokenizer may span two runs."""


class TextContext:
    """Words around matches in one text."""

    def __init__(self, context: ContextWords, text: str) -> None:
        """Cut nothing yet."""
        self._context, self._text = context, text
        self._lowered = text.lower()
        self._pieces: list[str] = []
        self._ends: list[int] = []
        self._parts: frozenset[str] | None = None
        self._whole: _TokenRun | None = None
        self._standing: dict[tuple[str, ...], list[str]] = {}

    def standing(self, context_words: tuple[str, ...], *, whole_words: bool = False) -> list[str]:
        """Return those of context words (lower case) that may support a match in the text.

        All calls for a text have the same `whole_words`.
        """
        words = self._standing.get(context_words)
        if words is None:
            words = words_within(self._lowered, context_words)
            if whole_words:
                words = [word for word in words if self._may_stand(word)]
            self._standing[context_words] = words
        return words

    def _may_stand(self, word: str) -> bool:
        """Whether a token of the text may be the word, or a compound that it is the head of.

        Tells where that is easy to tell: of words of ASCII, in text cut run by run.
        """
        lowered = self._lowered
        if not word.isascii() or len(lowered) != len(self._text):
            return True
        if not self._context.cuts_runs or len(word.split()) != 1:
            return True
        self._divide_once()
        at = lowered.find(word)
        while at >= 0:
            run = bisect_right(self._ends, at)
            if self._is_token_in(word, run):
                return True
            at = lowered.find(word, max(self._ends[run], at + 1))
        return False

    def _is_token_in(self, word: str, run: int) -> bool:
        if any(is_word(word, token.word) for token in self._run(run).tokens):
            return True
        return any(
            self._context.is_seam(left, right)
            for left, right in pairwise(self._pieces[max(run - 1, 0) : run + 2])
        )

    def supports(
        self, start: int, context_words: tuple[str, ...], *, whole_words: bool = False
    ) -> bool:
        """Whether a context word (lower case) is in a word around a match that starts here.

        With `whole_words` it must be a word there, or the head of a compound.

        Raises:
            LookupError: no token is at or after the match, which is but a last space.
        """
        possible = self.standing(context_words, whole_words=whole_words)
        if not possible:
            return False
        self._divide_once()
        try:
            near = self._around(start)
        except _Seam:
            self._whole, self._parts = self._context.cut(self._text), None
            self._divide([self._text])
            near = self._around(start)
        if whole_words:
            return any(is_word(word, token) for token in near for word in possible)
        return any(word in token for token in near for word in possible)

    def _divide_once(self) -> None:
        if not self._pieces:
            self._divide(self._context.runs(self._text))

    def _divide(self, pieces: list[str]) -> None:
        self._pieces, self._ends = pieces, list(accumulate(map(len, pieces)))

    def _run(self, run: int) -> _TokenRun:
        return self._whole or self._context.run(self._pieces[run])

    def _around(self, start: int) -> list[str]:
        run = bisect_right(self._ends, start)
        offset = self._ends[run - 1] if run else 0
        ends = [offset + token.end for token in self._run(run).tokens]
        index = bisect_right(ends, start)
        if index == len(ends):  # in the space after the run
            run, index = run + 1, 0
            if run == len(self._pieces):
                raise LookupError
        first, before = self._backward(run, index)
        last, after = self._forward(run, index)
        self._require_seamless(first, last)
        return before + after

    def _require_seamless(self, first: int, last: int) -> None:
        """Check that no special case spans runs first to last, or either and its neighbour."""
        if self._whole is None:
            for left, right in pairwise(self._pieces[max(first - 1, 0) : last + 2]):
                if self._context.is_seam(left, right):
                    raise _Seam

    def _backward(self, run: int, index: int) -> tuple[int, list[str]]:
        """Return the words up to a token, last first, and the first run looked at."""
        words: list[str] = []
        tokens = self._run(run).tokens[: index + 1]
        while True:
            words += [token.word for token in reversed(tokens) if self._is_keyword(token)]
            if len(words) >= _BEFORE or run == 0:
                return run, words[:_BEFORE]
            run -= 1
            tokens = self._run(run).tokens

    def _forward(self, run: int, index: int) -> tuple[int, list[str]]:
        """Return the next words from a token on, and the last run looked at."""
        words: list[str] = []
        tokens = self._run(run).tokens[index:]
        while True:
            words += [token.word for token in tokens if self._is_keyword(token)]
            if len(words) >= _AFTER or run + 1 == len(self._pieces):
                return run, words[:_AFTER]
            run += 1
            tokens = self._run(run).tokens

    def _is_keyword(self, token: _Token) -> bool:
        """Whether Presidio finds a token among the keywords, which it has split at colons."""
        if ":" in token.word:
            return False
        return token.content or token.word in self._split_at_colons()

    def _split_at_colons(self) -> frozenset[str]:
        if self._parts is None:
            runs = [i for i, piece in enumerate(self._pieces) if ":" in piece]
            for run in runs:
                self._require_seamless(run, run)
            words = (t.word for run in runs for t in self._run(run).tokens if t.content)
            self._parts = frozenset(p for w in words if ":" in w for p in w.split(":"))
        return self._parts


def _seams(tokenizer: Tokenizer) -> frozenset[tuple[str, str]]:
    """Return every pair of neighbours in a special case that is matched after cutting."""
    bare = Tokenizer(
        tokenizer.vocab,
        prefix_search=tokenizer.prefix_search,
        suffix_search=tokenizer.suffix_search,
        infix_finditer=tokenizer.infix_finditer,
        token_match=tokenizer.token_match,
        url_match=tokenizer.url_match,
    )
    cases = ([token.text for token in bare(case)] for case in tokenizer.rules)
    return frozenset(pair for tokens in cases for pair in pairwise(tokens))
