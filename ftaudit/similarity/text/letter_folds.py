"""Characters that normalisation writes as others: spellings of one letter, digit or sign.

A fold is a spelling that readers of the language take for the same word. What tells words apart
stays: accents of Latin and Greek, Arabic teh marbuta (كرة "ball", كره "hate") and alef maksura
(على "on", علي "Ali"), Hindi candrabindu (हँस "laugh", हंस "swan"), Turkish dotless i.
"""

from itertools import product
from typing import Final

CASE: Final = {
    "\u00df": "ss",
    "\u0345": "\u03b9",
    "\u03c2": "\u03c3",
    "\u1c80": "\u0432",
    "\u1c81": "\u0434",
    "\u1c82": "\u043e",
    "\u1c83": "\u0441",
    "\u1c84": "\u0442",
    "\u1c85": "\u0442",
    "\u1c86": "\u044a",
    "\u1c87": "\u0463",
    "\u1c88": "\ua64b",
}
"""Lower-case characters that full case folding maps further (CaseFolding.txt, Unicode 15)."""

_NASALS: Final = {
    "\u0919": "\u0915\u0916\u0917\u0918",
    "\u091e": "\u091a\u091b\u091c\u091d",
    "\u0923": "\u091f\u0920\u0921\u0922",
    "\u0928": "\u0924\u0925\u0926\u0927",
    "\u092e": "\u092a\u092b\u092c\u092d",
}

SPELLINGS: Final = {
    "\u0671": "\u0627",
    "\u06a9": "\u0643",
    "\u06c1": "\u0647",
    "\u06cc": "\u064a",
    "\u05bb": "\u05d5",
    "\u0e40\u0e40": "\u0e41",
    **{
        f"{nasal}\u094d{stop}": f"\u0902{stop}"
        for nasal, stops in _NASALS.items()
        for nasal, stop in product(nasal, stops)
    },
}
"""Spellings of one letter, decomposed: Arabic alef wasla; Persian and Urdu kaf, heh and yeh, which
keyboards mix with the Arabic ones (Lucene's PersianNormalizer and ArabicNormalizer); the Hebrew
point kubutz, the vowel that spelling without points writes as vav (Academy of the Hebrew Language,
rules of full spelling); two Thai letters typed for one (PyThaiNLP's `normalize`); a Hindi nasal
before a stop of its class, written in full or as anusvara (Lucene's HindiNormalizer)."""

MARKS: Final = (
    r"(i)\x{307}+|(\x{627})[\x{653}-\x{655}]+|(\x{435})[\x{301}\x{308}]+"
    r"|([\x{430}\x{438}\x{43E}\x{443}\x{44B}\x{44D}\x{44E}\x{44F}\x{456}])\x{301}+"
)
"""Letters with marks that are left out as often, decomposed: the dot of the Turkish capital; hamza
and madda on alef (Lucene's ArabicNormalizer); the dots of Cyrillic io (Snowball's Russian stemmer),
and the stress of Cyrillic vowels."""
UNMARKED: Final = "${1}${2}${3}${4}"

_CYRILLIC: Final = (
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442"
    "\u0443\u0445\u0455\u0456\u0458\u04bb\u0501\u051b\u051d\u04cf"
)
_GREEK: Final = "\u03b1\u03b5\u03b6\u03b7\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7"
LOOK_ALIKES: Final = {
    **dict(zip(_CYRILLIC + _GREEK, "abekmhopctyxsijhdqwlaezhikvoptux", strict=True)),
    "\u0219": "\u015f",
    "\u021b": "\u0163",
}
"""Lower-case Cyrillic and Greek letters that look like Latin ones, in lower case or as capitals
(Unicode Technical Standard 39), and the letters of Romanian whose comma old keyboards write as a
cedilla. Not the Greek mu, which is the compatibility form of the micro sign: "5 \u00b5m" is not
"5 mm"."""

SIGNS: Final = {
    "\u00d7": "*",
    "\u00f7": "/",
    "\u2044": "/",
    "\u2215": "/",
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2013": "-",
    "\u2212": "-",
    "\u2217": "*",
    "\u22c5": "*",
    "\u066a": "%",
    "\u066b": ".",
    "\u301c": "~",
    **dict.fromkeys("\u02bb\u02bc\u2018\u2019\u201a\u201b", "'"),
    **dict.fromkeys("\u00ab\u00bb\u201c\u201d\u201e\u201f\u2039\u203a", '"'),
}
"""Signs of which ASCII has a plain form."""

MEASURES: Final = "\u2030\u2031\u2032"
"""Per mille, per ten thousand and prime: of the category of punctuation, but a number's unit."""

RAISED: Final = "[\u2070\u00b9\u00b2\u00b3\u2074-\u2079\u207a\u207b]+"
"""Digits and signs of an exponent; compatibility forms would write 10² as 102."""
EXPANSIONS: Final = {
    **{c: f" {c}" for c in (*"\u00bc\u00bd\u00be\u2189", *map(chr, range(0x2150, 0x2160)))},
    **dict.fromkeys("\uff01\uff02\uff07\uff08\uff09\uff1f\uff3b\uff3d\uff5b\uff5d", " "),
    **dict(
        zip(
            map(chr, range(0x339F, 0x33A7)),
            (f"{unit}m^{power}" for power in "23" for unit in ("m", "c", "", "k")),
            strict=True,
        )
    ),
}
"""Characters written in another way before their compatibility form is taken: fractions, for 1½ is
not 11/2; full-width brackets, quotation marks and ends of sentences, which no code has; squared and
cubic metres."""
EXPANDED: Final = f"{RAISED[:-1]}|[{''.join(EXPANSIONS)}]"

_ZEROS: Final = (
    *(0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6),
    *(0xE50, 0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50),
    *(0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0x104A0),
    *(0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0),
    *(0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16A60, 0x16AC0, 0x16B50),
    *(0x1E140, 0x1E2F0, 0x1E4F0, 0x1E950),
)
DIGITS: Final = {chr(zero + value): str(value) for zero in _ZEROS for value in range(10)}
"""Decimal digits of other scripts that compatibility forms leave (UnicodeData.txt of Unicode 15,
category Nd; Lucene's DecimalDigitFilter) → those of ASCII."""
ANY_DIGIT: Final = f"[{''.join(f'{chr(z)}-{chr(z + 9)}' for z in _ZEROS)}]"
