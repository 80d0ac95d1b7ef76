"""What stands around an answer and says nothing: openings, closing lines, fences, a last result.

Two answers that differ in these alone are one.
"""

from typing import Final

import polars as pl

_HEAD: Final = 200
"""Characters of an answer within which an opening ends."""
_TAIL: Final = 300
"""Characters before the end of an answer from which closing lines begin."""

_FENCE: Final = (
    r"```[\w+#.-]*|(?m:^[ \t]*(?:\d{1,2}[.)]|[-*\x{2022}])[ \t]+)|\p{Extended_Pictographic}"
)
"""Fences, what marks the items of a list, and pictures."""
_ESCAPED: Final = r"\\(?:[nrt]|u20[0-9a-f]{2}|u00a0)([\s\p{Lu}\d\"'\\-]|$)"
"""A line break or a space within a text of JSON. Behind it a word of TeX (`\\nabla`) has a
small letter."""
_OPENING: Final = (
    r"^\s*(?i:(?:answer|solution|response)\s*:\s*)?"
    r"(?i:(?:certainly|sure thing|sure|of course|absolutely|definitely|gladly|no problem"
    r"|(?:great|good|excellent) question|(?:i'?d be )?(?:happy|glad) to help|natürlich|gerne|klar"
    r"|selbstverständlich|claro(?: que sí)?|por supuesto|con gusto|bien sûr|volontiers|certo"
    r"|certamente|com certeza|конечно|当然(?:可以)?|好的|もちろん(?:です)?)"
    r"(?:\s*[!.,:\x{ff01}\x{3002}\x{ff0c}]+\s*))?"
    r"(?i:here(?:['\x{2019}]s| is| are| you go)\b[^\n:]{0,100}:\s+)?"
)
_CLOSING: Final = (
    r"\s+(?i:i hope|hope (?:this|that|it)\b|(?:please )?let me know\b|(?:please )?feel free\b"
    r"|(?:please )?(?:do not|don['\x{2019}]t) hesitate\b"
    r"|if you (?:have|need) (?:any|more|further|other)\b|do you have any (?:other|more|further)\b"
    r"|is there anything else\b|happy to help\b|good luck\b|best regards\b|kind regards\b"
    r"|ich hoffe|viel erfolg|espero que|si tienes|si necesitas|j['\x{2019}]espère"
    r"|n['\x{2019}]hésite|spero che|se hai|надеюсь|если \x{443} вас|希望这|希望這|如果您|如果你)"
    r"[^.!?\n\x{3002}\x{ff01}\x{ff1f}]*[.!?\x{3002}\x{ff01}\x{ff1f}]*"
)
_RESULT: Final = (
    r"\n\s*(?:####|\$*\\boxed\b"
    r"|[*_]*(?i:(?:so |therefore,? |thus,? )?(?:the )?(?:final )?answer(?: is)?)\s*"
    r"[:=]?[*_]*)\s*[^\n]*"
)
"""The result in a line of its own."""
_END: Final = rf"(?:{_CLOSING}|{_RESULT})+\s*$"

_REFUSAL: Final = (
    r"(?i)^\W*(?:(?:i\W?m |i am |i )?(?:very |so |truly )?(?:sorry|apologi[sz]e)[,.]?(?: but)? i\b"
    r"|i (?:do not|don\W?t) have (?:enough|sufficient|access|any information)\b"
    r"|there is not enough (?:information|context)\b"
    r"|i (?:cannot|can not|can\W?t|am unable|am not able|\W?m unable|won\W?t|must decline)\b"
    r"|(?:unfortunately,? )?as an? (?:ai|artificial|large language)\b"
    r"|(?:please note that )?(?:this is|i\W?m|i am) not (?:a |an )?(?:legal|medical|financial|tax"
    r"|professional|investment|lawyer|doctor|physician|attorney)\b"
    r"|(?:es )?tut mir leid\b|lo siento\b|je suis d.sol.e?\b|mi dispiace\b|desculpe\b|lamento\b"
    r"|извините|к сожалению|对不起|對不起|很?抱歉|申し訳)"
)
"""How prepared answers begin that refuse, or warn, and would do so whatever was asked."""


_HINTS: Final = (
    *(
        "hope",
        "let me know",
        "feel free",
        "hesitate",
        "if you ",
        "do you have any",
        "anything else",
    ),
    *(
        "happy to help",
        "good luck",
        "regards",
        "####",
        "boxed",
        "answer",
        "hoffe",
        "erfolg",
        "espero que",
    ),
    *("si tienes", "si necesitas", "espère", "hésite", "spero che", "se hai", "надеюсь", "если "),
    *("希望这", "希望這", "如果您", "如果你"),
)
"""Words of closing lines and results, in lower case, by which texts are chosen quickly."""


def undressed(texts: pl.Series) -> pl.Series:
    """Return answers, as they are in the data, without what stands around them."""
    text = pl.col("text")
    plain = (
        texts.alias("text")
        .to_frame()
        .with_columns(text.str.replace_all(_FENCE, " ").str.replace_all(_ESCAPED, " $1"))
    )
    start = text.str.head(_HEAD).str.replace(_OPENING, "")
    plain = plain.with_columns(pl.concat_str(start, text.str.slice(_HEAD)))
    may_close = text.str.tail(_TAIL).str.contains_any([*_HINTS], ascii_case_insensitive=True)
    places = plain.select(may_close.fill_null(value=False).arg_true()).to_series()
    if places.is_empty():
        return plain["text"]
    closing = plain[places]
    end = text.str.tail(_TAIL).str.replace(_END, "")
    bare = closing.select(pl.concat_str(text.str.head(-_TAIL), end)).to_series()
    return plain["text"].scatter(places, bare)


def refuses(texts: pl.Series) -> pl.Series:
    """Return whether prepared answers refuse."""
    return texts.str.contains(_REFUSAL)
