"""What goes wrong with text on its way into a dataset, as patterns for a linear-time engine."""

from typing import Final

CONTROL: Final = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x{9f}]"
"""C0 and C1 control characters, except line feed, carriage return and tab (UAX #44: Cc)."""

REPLACEMENT: Final = r"\x{fffd}"
"""What a decoder puts for bytes it could not read."""

_CP1252: Final = (
    r"\x{201a}\x{192}\x{201e}\x{2020}\x{2021}\x{2c6}\x{2030}\x{160}\x{2039}\x{152}\x{17d}\x{2018}"
    r"\x{2019}\x{201c}\x{2022}\x{2dc}\x{2122}\x{161}\x{203a}\x{153}\x{17e}\x{178}\x{20ac}"
)
"""What Windows-1252 shows for the bytes 80 to 9F, without marks that often follow a word."""

MOJIBAKE: Final = "|".join(
    (
        # C2, C3 and a second byte: accented Latin letters. No-break space is left out, and a
        # closing guillemet counts before a small letter only: both may follow a capital.
        r"[\x{c2}\x{c3}][\x{80}-\x{9f}\x{a1}-\x{ba}\x{bc}-\x{bf}]",
        r"\x{c3}\x{bb}\p{Ll}",
        # E2 80: quotes, dashes and bullets
        r"\x{e2}(?:\x{20ac}|\x{80}[\x{80}-\x{bf}])",
        # EF BB BF and EF BF BD: byte order mark and replacement character
        r"\x{ef}(?:\x{bb}\x{bf}|\x{bf}\x{bd})",
        # F0 9F: emoji
        r"\x{f0}(?:\x{178}|\x{9f})",
        # D0 and D1: two or more Cyrillic letters
        rf"(?:[\x{{d0}}\x{{d1}}][\x{{80}}-\x{{bf}}{_CP1252}]){{2}}",
    )
)
"""UTF-8 that was read as Latin-1 or Windows-1252 and saved again.

Sequences that proper text does not hold, found as ftfy does
(https://ftfy.readthedocs.io/en/latest/heuristic.html), and few of them: words of Portuguese,
French, Icelandic or Spanish in capitals must not match."""
