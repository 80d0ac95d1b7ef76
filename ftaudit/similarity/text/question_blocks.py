"""Multiple-choice questions inside texts: what stands before the options, and the options.

Options are labelled in order (`A)`, `(b)`, `**C.**`, `4:`, `IV.`, labels of other scripts; in one
line or several), stand in lines with bullets, in three lines or more after one that asks, or in a
list or an object as JSON or Python writes them, or in tags. Everything is compared in its normal
form, without labels.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import polars as pl

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.similarity.text.normalisation import normalised

LEAST_OPTIONS: Final = 2
"""Options below which a text is no multiple-choice question."""
MOST_OPTIONS: Final = 26
"""Parts after the stem beyond which a text is no multiple-choice question, but a document."""
LONGEST_OPTION: Final = 300
"""Characters of an option beyond which likewise."""
LONGEST_STEM: Final = 2_000
"""Characters before the options that are compared; more are cut off at their beginning."""
MOST_BLOCKS: Final = 200
"""Questions of one text that are read; a text with more is no text of questions."""


class QuestionBlock(NamedTuple):
    """A question in its normal form."""

    stem: str
    """What stands before the options, whatever that is."""
    options: tuple[str, ...]
    """In their order."""


class AskedBlock(NamedTuple):
    """A question of a text that may ask several."""

    stem: str
    """What stands between the question before it and the options, in its normal form."""
    options: tuple[str, ...]
    """In their normal form and their order."""
    text: str
    """Both as they stand in the text, one after the other."""


class _RawBlock(NamedTuple):
    start: int
    """Where the options begin."""
    options: list[str]


_ALPHABETS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдежзиклмнопрст",
    "αβγδεζηθικ",
    "ابجدهوزحطي",
    "ابتثجحخد",
    "אבגדהוזחטי",
    "कखगघङचछजझञ",
    "アイウエオカキクケコ",
    "가나다라마바사아",
    "ㄱㄴㄷㄹㅁㅂㅅㅇ",
    "甲乙丙丁戊己庚辛",
    "一二三四五六七八九",
)
_ROMAN: Final = {
    numeral: place
    for place, numeral in enumerate(
        ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"), start=1
    )
}
_CIRCLED: Final = LazyPattern(r"[\u2460-\u2473\u24b6-\u24e9\u2776-\u277f]")
"""Numbers and letters in circles, which need no bracket to be labels."""
_MARK: Final = r"(?P<mark>[^\W\d_]|\d{1,2}|[IVXivx]{2,4})"
_LABEL: Final = LazyPattern(
    r"(?:^|(?<=[\s,;|/>]))(?:(?:[Oo]ption|[Cc]hoice)\s)?(?P<open>[*_]{0,2}[(\[<]?)[*_]{0,2}"
    rf"{_MARK}[*_]{{0,2}}(?P<close>[)\]>]|[.:](?=[\s*_]|[^\W\d])|[、]|\s[-\u2013\u2014:](?=\s))[.:]?[*_]{{0,2}}",
    re.MULTILINE,
)
_BULLET: Final = LazyPattern(r"^[^\S\n]*[-*+•◦▪▫●○□☐☑·‣\u2013\u2014][^\S\n]+(\S.*)$", re.MULTILINE)
_ASKS: Final = ("?", ":", "\uff1f", "\u061f", "\uff1a")
"""What a line ends with before its options."""
_MARKED: Final = re.compile(r"[^\w\s\"'$+-]|[-+*]\s|\(?\w{1,2}[)\].:]\s")
"""How a line begins that has a label or a bullet."""
_ELEMENT: Final = LazyPattern(
    r"<(option|choice|answer|li|item)\b[^<>]{0,60}>([^<>]{1,300})</\1>", re.IGNORECASE
)
_TAG: Final = re.compile(r"</?\w{1,20}(?:\s[^<>]{0,60})?>")
_LISTED: Final = LazyPattern(
    r"\[\s*\{[^\[\]]{3,4000}\}\s*\]|\{[^{}]{3,4000}\}|\[[^\[\]{}]{3,4000}\]"
)
_QUOTED: Final = LazyPattern(
    r"\"((?:[^\"\\]|\\.)*)\"\s*(:?)|(?<![^\W_])'((?:[^'\\]|\\.)*)'(?![^\W_])\s*(:?)"
)
_NUMBERS: Final = LazyPattern(r"\[\s*(-?[\d.]+(?:\s*,\s*-?[\d.]+)+)\s*\]")
_ANSWER: Final = re.compile(
    r"\s+(?:the\s+)?(?:correct\s+)?(?:answer|réponse|antwort|respuesta|risposta|resposta|ответ|答案|정답)"
    r"\s*(?:is\b|[:\uff1a])",
    re.IGNORECASE,
)
"""What follows the last option in its line."""
_COMMA: Final = LazyPattern(r"[,;]\s*(?:(?:or|and|oder|ou|o|и|или|y|e)\s*)?$")
"""What stands between options in one line."""
_OPENING: Final = LazyPattern(r"^(?:question|frage|pregunta|domanda|pergunta|q)(?: \d{1,4})? ")
_CUE: Final = LazyPattern(
    r"(?:(?:^| )(?:the|answer|possible|options?|choices?|answers|alternatives|are|opciones|optionen"
    r"|antworten|antwortmöglichkeiten|réponses|opzioni|alternativas|варианты|选项|選択肢|보기))+$"
)
"""Words that announce options."""


def question_blocks(texts: Sequence[str]) -> list[list[QuestionBlock]]:
    """Return the multiple-choice questions of every text, in order."""
    read = [_raw_blocks(_plain(text)) for text in texts]
    parts = [part for blocks in read for stem, options in blocks for part in (stem, *options)]
    forms = iter(normalised(pl.Series(parts, dtype=pl.String)).to_list())
    return [
        [
            QuestionBlock(_CUE.sub("", next(forms)), tuple(next(forms) for _ in options))
            for _, options in blocks
        ]
        for blocks in read
    ]


def asked_blocks(texts: Sequence[str]) -> list[list[AskedBlock]]:
    """Return the multiple-choice questions of every text, each without those before it."""
    read = [_asked_blocks(_plain(text)) for text in texts]
    parts = [part for blocks in read for stem, options in blocks for part in (stem, *options)]
    forms = iter(normalised(pl.Series(parts, dtype=pl.String)).to_list())
    return [
        [
            AskedBlock(
                _CUE.sub("", next(forms)),
                tuple(next(forms) for _ in options),
                "\n".join((stem, *options)),
            )
            for stem, options in blocks
        ]
        for blocks in read
    ]


def _asked_blocks(text: str) -> list[tuple[str, list[str]]]:
    """Return what stands before the options and behind the block before, and the options."""
    asked, after, start, end = list[tuple[str, list[str]]](), 0, 0, 0
    for block in _sorted_blocks(text):
        if block.start > start:
            after, start = end, block.start
        before = text[max(after, block.start - LONGEST_STEM) : block.start]
        asked.append((_bare(before), block.options))
        last = text.find(block.options[-1], block.start)
        end = max(block.start, last + len(block.options[-1]))
    return asked


def asked_stem(stem: str) -> str:
    """Return a stem without the word that announces a question."""
    return _OPENING.sub("", stem)


def _plain(text: str) -> str:
    """Return a text with compatible characters in their plain form, labels in circles bracketed."""
    if text.isascii():
        return text
    bracketed = _CIRCLED.sub(lambda match: f"({_in_circle(match[0])}) ", text)
    return unicodedata.normalize("NFKC", bracketed)


def _in_circle(character: str) -> str:
    number = unicodedata.numeric(character, 0)
    return str(int(number)) if number else unicodedata.normalize("NFKC", character)


def _raw_blocks(text: str) -> list[tuple[str, list[str]]]:
    """Return the text before the options, and the options, of every question."""
    return [(_before(text, start), options) for start, options in _sorted_blocks(text)]


def _sorted_blocks(text: str) -> list[_RawBlock]:
    blocks = [*_labelled(text), *_bulleted(text), *_listed(text), *_lined(text), *_tagged(text)]
    blocks = [_RawBlock(start, [_COMMA.sub("", o) for o in options]) for start, options in blocks]
    return sorted(block for block in blocks if _is_question(block.options))[:MOST_BLOCKS]


def _is_question(options: list[str]) -> bool:
    return LEAST_OPTIONS <= len(options) <= MOST_OPTIONS and all(
        option.strip() and len(option) <= LONGEST_OPTION for option in options
    )


def _before(text: str, end: int) -> str:
    start = max(0, end - LONGEST_STEM)
    before = _bare(text[start:end])
    return before.partition(" ")[2] if start else before


class _Label(NamedTuple):
    start: int
    end: int
    style: tuple[str, str]
    places: dict[int, int]
    """Number of an alphabet → place in it, from 1."""


def _labels(text: str) -> list[_Label]:
    labels = []
    for match in _LABEL.finditer(text):
        places = _places(match["mark"])
        if places:
            style = (match["open"].strip("*_"), match["close"].strip())
            labels.append(_Label(match.start(), match.end(), style, places))
    return labels


def _places(mark: str) -> dict[int, int]:
    if mark[0].isdigit():
        return {-1: int(mark), -3: int(mark) + 1}  # from one, or from nought
    letter = mark.lower().replace("\u0623", "\u0627")  # an alef with hamza is one
    places = {
        number: alphabet.index(letter) + 1
        for number, alphabet in enumerate(_ALPHABETS)
        if letter in alphabet
    }
    return places | ({-2: _ROMAN[letter]} if letter in _ROMAN else {})


def _labelled(text: str) -> Iterator[_RawBlock]:
    """Yield runs of labels that go on from the first of their alphabet."""
    labels = _labels(text)
    runs: dict[tuple[tuple[str, str], int], list[_Label]] = {}
    ended: list[list[_Label]] = []
    for label in labels:
        for alphabet, place in label.places.items():
            key = (label.style, alphabet)
            run = runs.get(key, [])
            if place == 1:
                ended.append(run)
                runs[key] = [label]
            elif run and place == len(run) + 1:
                run.append(label)
    ended += runs.values()
    for run in ended:
        if len(run) >= LEAST_OPTIONS:
            ends = [label.start for label in run[1:]]
            last = text[run[-1].end : run[-1].end + LONGEST_OPTION + 1].lstrip()
            last = _ANSWER.split(last.partition("\n")[0], maxsplit=1)[0]
            spans = zip(run[:-1], ends, strict=True)
            yield _RawBlock(run[0].start, [*(text[a.end : b] for a, b in spans), last])


def _bulleted(text: str) -> Iterator[_RawBlock]:
    """Yield runs of lines with bullets, one directly after another."""
    start, end, options = 0, -1, list[str]()
    for match in _BULLET.finditer(text):
        if options and text[end : match.start()].strip():
            yield _RawBlock(start, options)
            options = []
        if not options:
            start = match.start()
        options.append(match[1])
        end = match.end()
    if options:
        yield _RawBlock(start, options)


def _lined(text: str) -> Iterator[_RawBlock]:
    """Yield lines without labels after a line that asks, up to a blank line or the next question.

    Fewer than three are no options.
    """
    start, at, options = -1, 0, list[str]()
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        asks = bare.endswith(_ASKS)
        if start >= 0 and bare and not asks and not _MARKED.match(bare):
            options.append(bare)
        else:
            if len(options) > LEAST_OPTIONS:
                yield _RawBlock(start, options)
            start, options = -1, []
        at += len(line)
        if asks:
            start = at
    if len(options) > LEAST_OPTIONS:
        yield _RawBlock(start, options)


def _tagged(text: str) -> Iterator[_RawBlock]:
    """Yield runs of elements of one name, one directly after another."""
    start, end, name, options = 0, -1, "", list[str]()
    for match in _ELEMENT.finditer(text) if "</" in text else ():
        if options and (match[1] != name or text[end : match.start()].strip()):
            yield _RawBlock(start, options)
            options = []
        if not options:
            start, name = match.start(), match[1]
        options.append(match[2])
        end = match.end()
    if options:
        yield _RawBlock(start, options)


def _bare(text: str) -> str:
    """Return a text without tags."""
    return _TAG.sub(" ", text) if "<" in text else text


def _listed(text: str) -> Iterator[_RawBlock]:
    """Yield lists and objects of texts, and lists of numbers."""
    for match in _NUMBERS.finditer(text):
        yield _RawBlock(match.start(), match[1].split(","))
    for match in _LISTED.finditer(text):
        quoted = [(m[1] or m[3] or "", m[2] or m[4]) for m in _QUOTED.finditer(match[0])]
        values = [value for value, colon in quoted if not colon]
        named = [value for value in values if not _is_mark(value)]
        yield _RawBlock(match.start(), named if len(named) >= LEAST_OPTIONS else values)


def _is_mark(value: str) -> bool:
    return len(value) <= 1 and bool(_places(value or " "))
