"""What a prompt asks: the question at its end, without what is said before it.

A holdout row often puts a system prompt, turns of a conversation or worked examples before its
question. Training may ask the same behind another prompt, or as an example of its own.
"""

from typing import Final

import polars as pl

_TURN: Final = (
    r"(?s)^(?:.*\n\n)?(?i:user|human|prompter): (.*?)"
    r"(?:\n\n(?i:assistant|gpt|model|bot|tool|function|function_call|observation|ipython):.*)?$"
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


def asked_parts(texts: pl.Series) -> pl.Series:
    """Return what each text asks; null where nothing is said before it or behind it.

    Args:
        texts: rows as they are in the data, not normalised.
    """
    asked = texts.to_frame("text").lazy().with_columns(asked="text")
    for pattern in (_TURN, _EXAMPLES, _QUESTION):
        part = pl.col("asked").str.extract(pattern, 1)
        asked = asked.with_columns(asked=pl.coalesce(part, "asked"))
    end = pl.col("asked").str.replace(_ANSWER, "").str.strip_chars()
    # the label of a lone turn is no text before it
    lone = pl.col("text").str.replace(r"^(?i:user|human|prompter): ", "").str.replace(_ANSWER, "")
    alone = lone.str.strip_chars()
    is_part = (pl.col("asked") != pl.col("alone")) & (pl.col("asked").str.len_bytes() > 0)
    parts = asked.with_columns(end, alone=alone).select(pl.when(is_part).then("asked"))
    return parts.collect().to_series().rename("")
