"""Cues as keys and labels: `phone_number:`, `"ssn":`, `patientName =`, `<phone>`, `| phone |`.

A cue is a word of a language, of a column name or of a key in code, so words may be joined by
spaces, hyphens, underscores or capitals, and quotes, brackets and marks may stand between a key
and its value.
"""

from typing import Final

START: Final = (
    r"(?:(?<![^\W_])|(?<=[a-z0-9])(?=[A-Z])|(?=[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]))"
)
"""Where a word of a key begins: after no letter or digit, where camelCase turns, or anywhere in
scripts that write no spaces."""
END: Final = r"(?![a-zà-ÿ]|[A-Z]{2})"
"""Where a word of a key ends: before no small letter, and before no rest of a word in capitals."""
JOIN: Final = r"[ _.\[-]?"
"""What joins the words of a key; a bracket in queries: `contact[name]=`."""
SEPARATOR: Final = (
    r"(?:[\\\"'`*_)\]]{1,4})?[ \t]{0,3}(?:\([a-zA-Z /-]{0,20}\)[ \t]{0,2})?"
    r"(?::?</(?:t[dh]|d[td]|span|b|strong|label|div|p)>\s{0,4}<(?:t[dh]|d[td]|span|div"
    r"|p)[^<>]{0,60}>|:=|=>|->|[:=|>#\uff1a→⇒\t]"
    r"|(?:[\w:-]{1,20}=[\"'][^\"'<>\n]{0,40}[\"'][ ]?){0,3}(?:(?:value|content)="
    r"|(?<=[\"'])>))(?:[*_]{1,2}"
    r"|</\w{1,12}>)?\s{0,4}(?:[\\\"'`*<_]{1,4})?"
)
"""What stands between a key and its value in JSON, YAML, code, forms, Markdown and HTML."""


def key(words: str) -> str:
    """Return a pattern of a key: alternatives of words, whatever their case."""
    return rf"{START}(?i:{words}){END}"


def label(words: str) -> str:
    """Return a pattern of a key and all that stands between it and its value."""
    return key(words) + SEPARATOR
