"""What a text asks about a passage within it: the last turn of a user, or what a label names.

Two such texts are alike as a whole if they share the passage, and yet do not ask the same. Lines
and sentences that merely ask something do not count: a letter that ends with a question is one text
with whatever it asks.
"""

import re
from collections.abc import Sequence
from typing import Final

import polars as pl

from ftaudit.model.one_question import ONE_QUESTION, POINTING
from ftaudit.similarity.text.normalisation import normalised

LEAST_PASSAGE: Final = 30
"""Words besides the question below which a text has no passage."""
MOST_QUESTION: Final = 80
"""Words of a question, its options among them, beyond which it is a passage itself."""
LEAST_QUESTION: Final = 3
"""Words of a question below which it is a greeting."""
MOST_TURN: Final = 40
"""Words of a turn of a user beyond which it is more than a question."""
ALIKE: Final = 0.8
"""Share of common runs of five characters from which two questions are one."""
SAME_WORDS: Final = 0.6
"""Share of common words from which two questions with a question word in common are one."""
WITHIN: Final = 0.7
"""Share of the runs of three words of a question that a text must have in which it stands."""
LONGEST_LABEL: Final = 60
"""Characters of a label of an answer, at most."""
LONGEST: Final = 2_000
"""Characters of a question that are compared."""

_USER: Final = re.compile(r"(?:^|\n\n)(?:user|human|prompter): ", re.IGNORECASE)
_OTHERS: Final = re.compile(
    r"\n\n(?:assistant|gpt|model|bot|tool|function|function_call|observation|ipython):",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(
    r"(?:(?<=\n)|(?<=[.!?\u3002]\s)|^)[ \t#*]*"
    r"(?:question|query|q|frage|pregunta|pergunta|domanda|вопрос|问题|問題|質問|问)"
    r"\s*\d{0,3}\**\s*[:\uff1a]\**[ \t]*"
    r"|<(?:question|query)>\s*"
    r"|(?<=\n)(?:#{1,6} *|\*\*|\[)(?:user )?(?:question|query|frage|pregunta)(?:\*\*|\])?[ \t]*\n+",
    re.IGNORECASE,
)
_CLOSED: Final = re.compile(r"</(?:question|query)>", re.IGNORECASE)
_ANSWER: Final = re.compile(
    r"\n?[ \t#*]*(?:the )?(?:final )?(?:answer|solution|response|a|antwort|respuesta|resposta"
    r"|risposta|réponse|ответ|答案|回答|答)\s*\**\s*[:\uff1a]\s*\**\s*$",
    re.IGNORECASE,
)
_ONE_QUESTION: Final = re.compile(ONE_QUESTION)
_POINTING: Final = re.compile(POINTING)
_UNSPACED: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
"""Characters of scripts without spaces, each of which counts as a word."""
_PLAUSIBLE: Final = (
    r"(?:^|\n\n)(?i:user|human|prompter): |(?i:question|query|q|frage"
    r"|pregunta|pergunta|domanda|вопрос|问题|問題|質問|问)\s*\d{0,3}\**\s*[:\x{FF1A}]"
    r"|(?i:<(?:question|query)>|[#*\[] *(?:user )?(?:question|query|frage|pregunta))"
)
"""What a text has that says where the question is."""
_COLONS: Final = (":", "\uff1a", "*", "#")
"""What a label of an answer ends with."""
_DIGITS: Final = re.compile(r"\d+")
_STEM: Final = 4
"""Letters by which two words of a question are one."""
_QUESTION_WORDS: Final = {
    "when": r"when|wann|quand|cuando|quando|когда"
    r"|(?:what|which) (?:\w+ )?(?:year|date|day|month|time)",
    "where": r"where|wo|donde|dove|onde|где|куда|откуда"
    r"|(?:what|which) (?:\w+ )?(?:place|city|town|village|country|state|region)",
    "who": r"(?:what|which) (?:person|people|company|author|team|artist|man|woman|king|queen)|who"
    r"|whom|whose|we[rmn]|qui|quien|chi|quem|кто|кем|кого|кому",
    "why": r"why|warum|pourquoi|perche|почему|зачем",
    "age": r"how old|what age|wie alt|quel age|que edad|que idade|che eta",
    "number": r"how (?:many|much)|what number|wie ?viele?|combien|cuant[oa]s?|quant[oaie]s?"
    r"|сколько",
    "how": r"how|wie|comment|como",
    "what": r"what|which|welche[mnrs]?|quel(?:le)?s?|cual|quale|qual",
}
"""Ask for → words that ask for it, in texts in normal form; the first that fits at a place."""
_ASKING: Final = re.compile("|".join(rf"\b(?P<{k}>{v})\b" for k, v in _QUESTION_WORDS.items()))
_FILLING_WORDS: Final = """
a an and any are as at be been by can could did do does for from had has have he her his i
if in is it its me my of on or our she should so that the their them there these
they this those to up us was we were will with would you your name please tell give s das
dem den der des die ein eine einen er es im ist sie und war zu au aux dans de du est et la
le les sont un une con del el en fue las lo los por se su una da di e il o os um uma que
che
"""
_FILLING: Final = frozenset(_FILLING_WORDS.split())
"""Words that say little of what is asked."""


def passage_questions(texts: pl.Series) -> pl.Series:
    """Return what each text asks about a passage within it; null where it has no passage."""
    asked = [
        _question(text) if plausible and text is not None else None
        for text, plausible in zip(texts, may_ask(texts), strict=True)
    ]
    return pl.Series("question", asked, dtype=pl.String)


def may_ask(texts: pl.Series) -> pl.Series:
    """Return whether texts have a label or a turn that may ask something."""
    return texts.str.contains(_PLAUSIBLE).fill_null(value=False)


def ask_alike(left: str, right: str) -> bool:
    """Return whether two questions, in their normal form, are one, perhaps in other words.

    In doubt they are: when one asks for the same kind of fact in most of the other's words.
    """
    if _DIGITS.findall(left) != _DIGITS.findall(right):
        return False
    if _stems(left) == _stems(right):
        return True
    kinds, others = _kinds_of_fact(left), _kinds_of_fact(right)
    if kinds and others and kinds.isdisjoint(others):
        return False
    words, more = _content(left), _content(right)
    if not words and not more and kinds & others:
        return True
    if words and len(words & more) >= SAME_WORDS * len(words | more):
        return True
    first, second = _runs(left), _runs(right)
    return len(first & second) >= ALIKE * len(first | second)


def asked_within(question: str, runs: set[tuple[str, ...]]) -> bool:
    """Return whether a text with these runs of words has most of those of a question."""
    own = word_runs(question)
    asking = {run for run in own if _ASKING.search(" ".join(run))}
    # the passage has the words of many an answer, and so of a question; it does not ask
    is_asked = not asking or not asking.isdisjoint(runs)
    return is_asked and len(own & runs) >= WITHIN * len(own)


def word_runs(text: str) -> set[tuple[str, ...]]:
    """Return all three consecutive words of a text in normal form."""
    words = text.split()
    return {tuple(words[at : at + 3]) for at in range(max(1, len(words) - 2))}


def normal_questions(questions: Sequence[str | None]) -> list[str | None]:
    """Return questions in their normal form, cut to `LONGEST` characters."""
    cut = [None if q is None else q[:LONGEST] for q in questions]
    return normalised(pl.Series(cut, dtype=pl.String)).to_list()


def _question(text: str) -> str | None:
    text = text.strip()
    if text.endswith(_COLONS):
        end = max(0, len(text) - LONGEST_LABEL)
        text = f"{text[:end]}{_ANSWER.sub('', text[end:])}".strip()
    turns = [*_USER.finditer(text)] if ": " in text else []
    if not turns:
        return _labelled(text)
    turn = _OTHERS.split(text[turns[-1].end() :], maxsplit=1)[0].strip()
    # what the system says is a passage to a question, and to a ticket perhaps a list of classes
    asks = _ONE_QUESTION.search(turn) is not None and _POINTING.search(turn) is None
    first = 0 if asks else turns[0].start()
    history = text[first : turns[-1].start()]
    short = LEAST_QUESTION <= _words(turn) <= MOST_TURN
    return _labelled(turn) or (turn if short and _words(history) >= LEAST_PASSAGE else None)


def _labelled(text: str) -> str | None:
    """Return what the last label says is the question: all behind it, or its line."""
    labels = [*_LABEL.finditer(text)] if any(sign in text for sign in ":\uff1a<#*[") else []
    if not labels:
        return None
    before, behind = text[: labels[-1].start()], text[labels[-1].end() :]
    if closed := _CLOSED.search(behind):
        after = behind[closed.end() :]
        return _enough(behind[: closed.start()], before + after)
    line, _, after = behind.partition("\n")
    return _enough(behind, before) or _enough(line, before + after)


def _enough(question: str, passage: str) -> str | None:
    """Return a question if it and its passage have as many words as they must."""
    asked = _words(question)
    fits = LEAST_QUESTION <= asked <= MOST_QUESTION
    return question.strip() if fits and _words(passage) >= LEAST_PASSAGE else None


def _words(text: str) -> int:
    return len(text.split()) + (0 if text.isascii() else len(_UNSPACED.findall(text)))


def _stems(text: str) -> list[str]:
    return sorted(word[:_STEM] for word in text.split())


def _kinds_of_fact(text: str) -> set[str | None]:
    """Return what a question in normal form asks for (a time, a person, ...)."""
    return {word.lastgroup for word in _ASKING.finditer(text)}


def _content(text: str) -> set[str]:
    """Return the first letters of the words that tell one question from another."""
    bare = _ASKING.sub(" ", text).split()
    return {word[:_STEM] for word in bare if word not in _FILLING}


def _runs(text: str) -> set[str]:
    return {text[at : at + 5] for at in range(max(1, len(text) - 4))}
