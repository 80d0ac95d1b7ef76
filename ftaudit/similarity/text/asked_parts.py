"""What a prompt asks at its end.

A holdout row often puts a system prompt, turns of a conversation or worked examples before its
question. Training may ask the same behind another prompt, or as an example of its own.
"""

from typing import Final

import polars as pl

from ftaudit.similarity.text.turn_labels import ANSWERING, SYSTEM, USER

_TURN: Final = (
    rf"(?s)^(?:.*\n\n)?(?i:{USER}): (.*?)"
    rf"(?:\n\n(?i:{ANSWERING}):.*)?$"
)
"""The last turn of a user in a rendered conversation (`records.conversation`)."""
_QUESTION: Final = (
    r"(?s)^(?:.*\n)\s*[#*]*\s*(?i:q|question|problem|query|frage|pregunta|pergunta|domanda"
    r"|\x{432}\x{43E}\x{43F}\x{440}\x{43E}\x{441}|\x{95EE}\x{9898}|\x{554F}\x{984C}|\x{8CEA}\x{554F}"
    r"|\x{95EE})\s*\d{0,3}\**\s*[:\x{FF1A}](.*)$"
)
"""A label of a question at the beginning of a line, the last of the text, with text before it."""
_SOLVED: Final = (
    r"(?i:answer|solution|response|reasoning|antwort|respuesta|resposta|risposta|r\x{E9}ponse"
    r"|\x{43E}\x{442}\x{432}\x{435}\x{442}|\x{7B54}\x{6848}|\x{56DE}\x{7B54}|\x{7B54})"
    r"\s*\d{0,3}\**\s*[:\x{FF1A}]"
)
"""A label of an answer."""
_ANSWER: Final = rf"(?s)\n\s*[#*]*\s*(?:{_SOLVED}.*|[Aa]\**[:\x{{FF1A}}]\s*)$"
"""What follows a question."""
_EXAMPLES: Final = rf"(?s)^.*\n[ #*]*{_SOLVED}[ *]*\S[^\n]*\n\s*\n(.+)$"
"""A text whose last paragraphs follow on an answered question."""
_LABEL: Final = rf"(?:^|\n\n)(?i:{SYSTEM}|{USER}|{ANSWERING}): "
"""The beginning of a turn."""
_SYSTEM: Final = rf"^(?i:{SYSTEM}): "
_LONE: Final = rf"(?s)(?:^|\n\n)(?i:{USER}): (.*)$"
_FIRST: Final = rf"^(?i:{USER}): "

POINTS: Final = (
    r"\b(?:this|these|above|below|following|previous|it|them)\b"
    r"|\b(?:the|given|my|your) (?:article|texts?|passage|documents?|context|story|paragraph|code"
    r"|tables?|e ?mail|messages?|conversation|data|input|question|sentences?|review|report|image)\b"
)
"""What a question that points at the text around it says; it asks nothing by itself."""
_PARAGRAPH: Final = r"(?:^|\n[ \t]*\n)((?:[^\n]|\n[^\n])*[?\x{FF1F}\x{061F}][ \t]*)(?:\n[ \t]*\n|$)"
"""A paragraph that asks."""
_POINTS_AWAY: Final = (
    r"\b(?:above|below|following|previous)\b|\b(?:the|this|that|given|my|your) (?:article|texts?"
    r"|passage|documents?|context|story|paragraph|code|tables?|conversation|dialogue)\b"
)
"""The same of a question of fifteen words or more, which may say `it` of what it names."""
_OPTIONS: Final = (
    r"(?s)^(.*?)\s+(?:(?i:options|choices|answers?)\s*:?\s*)?"
    r"[(\[]?[Aa1][)\].:]\s.*\s[(\[]?[Bb2][)\].:]\s.*$"
)
_LISTED: Final = r"(?s)^(.*?\?)\s*\n\s*(?:(?i:options|choices|answers?)\s*:?\s*)?[-*\x{2022}]\s.*$"
_MARKS: Final = r"[?\x{FF1F}\x{061F}]"


def asked_parts(texts: pl.Series) -> pl.DataFrame:
    """Return what texts ask, for those that say something before it or behind it.

    Args:
        texts: rows as they are in the data, not normalised.

    Returns:
        `place` in the texts, ascending, and `asked`.
    """
    asked = texts.alias("text").to_frame().lazy().with_row_index("place")
    asked = asked.with_columns(asked="text")
    for pattern in (_TURN, _EXAMPLES, _QUESTION):
        part = pl.col("asked").str.extract(pattern, 1)
        asked = asked.with_columns(asked=pl.coalesce(part, "asked"))
    end = pl.col("asked").str.replace(_ANSWER, "").str.strip_chars()
    # the label of a lone turn is no text before it
    lone = pl.col("text").str.replace(_FIRST, "").str.replace(_ANSWER, "")
    is_part = (pl.col("asked") != pl.col("alone")) & (pl.col("asked").str.len_bytes() > 0)
    parts = asked.with_columns(end, alone=lone.str.strip_chars()).filter(is_part)
    return parts.select("place", "asked").collect()


def asked_stems(texts: pl.Series) -> pl.DataFrame:
    """Return the questions of texts without instructions before them and options behind them.

    Only of those that have either, and none that points at what stands around it. With the columns
    of `asked_parts`.
    """
    asked = texts.alias("text").to_frame().lazy().with_row_index("place")
    asked = asked.filter(pl.col("text").str.contains(_MARKS)).with_columns(
        asked=pl.col("text").str.replace(_ANSWER, "").str.strip_chars()
    )
    for pattern in (_OPTIONS, _LISTED, _PARAGRAPH, _TURN, _QUESTION):
        part = pl.col("asked").str.extract(pattern, 1).str.strip_chars()
        asked = asked.with_columns(asked=pl.coalesce(part, "asked"))
    stem = pl.col("asked").str.contains(_MARKS) & (pl.col("asked") != pl.col("text"))
    lower = pl.col("asked").str.to_lowercase()
    long = lower.str.count_matches(r"\S+") >= 15
    alone = (
        pl.when(long).then(~lower.str.contains(_POINTS_AWAY)).otherwise(~lower.str.contains(POINTS))
    )
    return asked.filter(stem & alone).select("place", "asked").collect()


def lone_questions(texts: pl.Series, longest: int) -> pl.DataFrame:
    """Return the turns of conversations that have one, of a user, behind a system prompt or not.

    Those of fewer than `longest` characters, with the columns of `asked_parts`.
    """
    text = pl.col("text")
    labels = text.str.count_matches(_LABEL).cast(pl.Int64)
    alone = labels - text.str.contains(_SYSTEM).cast(pl.Int64) == 1
    asked = texts.alias("text").to_frame().lazy().with_row_index("place").filter(alone)
    asked = asked.select("place", asked=text.str.extract(_LONE, 1).str.strip_chars())
    return asked.filter(pl.col("asked").str.len_chars() < longest).collect()
