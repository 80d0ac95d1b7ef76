"""Which languages rows seem to be in: by script, and in Latin script by the commonest words.

Enough to say that a search in English sees Spanish text; not meant to tell Danish from Norwegian.
"""

from collections import Counter
from typing import Final

import polars as pl

from ftaudit.model.lazy_pattern import LazyPattern

ALWAYS: Final = 1_024
"""Rows of each file that are looked at, from its start."""
_ONE_IN: Final = 64
"""Of further rows one in so many is looked at, by its number, mixed."""
_LONGEST: Final = 300
"""Characters of a text that are looked at."""
_FEWEST: Final = 2
"""Different common words of a language from which a text is taken to be in it."""
UNTOLD: Final = "und"
"""Code of texts of no language that is told here (BCP 47)."""

_SCRIPTS: Final = tuple(
    (language, LazyPattern(f"[{letters}]"))
    for language, letters in (
        ("ja", "\u3041-\u30ff"),
        ("zh", "\u3400-\u9fff"),
        ("ko", "\u1100-\u11ff\uac00-\ud7a3"),
        ("ar", "\u0620-\u06d3\u0750-\u077f"),
        ("he", "\u05d0-\u05ea"),
        ("ru", "\u0400-\u052f"),
        ("el", "\u0370-\u03ff\u1f00-\u1fff"),
        ("hi", "\u0900-\u097f"),
        ("th", "\u0e00-\u0e7f"),
        ("bn", "\u0980-\u09ff"),
        ("pa", "\u0a00-\u0a7f"),
        ("gu", "\u0a80-\u0aff"),
        ("or", "\u0b00-\u0b7f"),
        ("ta", "\u0b80-\u0bff"),
        ("te", "\u0c00-\u0c7f"),
        ("kn", "\u0c80-\u0cff"),
        ("ml", "\u0d00-\u0d7f"),
        ("si", "\u0d80-\u0dff"),
        ("lo", "\u0e80-\u0eff"),
        ("bo", "\u0f00-\u0fff"),
        ("my", "\u1000-\u109f"),
        ("ka", "\u10a0-\u10ff"),
        ("am", "\u1200-\u137f"),
        ("km", "\u1780-\u17ff"),
        ("mn", "\u1800-\u18af"),
        ("hy", "\u0530-\u058f"),
    )
)
"""Language → letters of its script; the first that a text is written in counts: kana before Han."""
_WITHIN: Final = {
    "ru": (("uk", frozenset("іїєґ")), ("sr", frozenset("ђјљњћџ"))),
    "ar": (("ur", frozenset("ٹڈڑںےھہ")), ("fa", frozenset("پچژگ"))),
}
"""Languages that share a script, told by letters of their own."""
_WORDS: Final = (
    ("en", "the|and|is|of|to|that|for|with|you|what|are|this|was|my|how|not|it|have|i"),
    ("de", "und|der|die|das|nicht|ist|ich|ein|eine|mit|für|auf|zu|wie|sie|den|von|wir|mein"),
    (
        "fr",
        "le|les|des|et|est|une|pour|dans|que|vous|pas|je|du|sur|avec|mon|il|qui|au|ma|comment|puis",
    ),
    ("es", "el|los|las|que|una|para|con|por|está|es|mi|del|cómo|yo|en|su|pero|y|se"),
    ("it", "il|che|di|per|una|non|con|sono|della|è|mi|come|gli|nel|ho|anche|questo"),
    ("pt", "não|uma|para|com|os|você|é|do|da|em|meu|que|como|mas|um|ao|são"),
    ("nl", "het|een|van|niet|dat|voor|met|ik|je|zijn|op|te|mijn|naar|ook|maar|en"),
    ("pl", "nie|się|na|jest|że|do|w|z|jak|mam|czy|po|ale|mój|moje|co|za|mogę"),
    ("sv", "och|att|det|är|som|inte|på|jag|för|med|en|min|har|till|hur"),
    ("tr", "bir|ve|bu|için|değil|ile|ne|var|çok|ben|ama|da|nas\u0131l|mi|benim|ürün"),
    ("id", "yang|dan|di|ini|untuk|dengan|tidak|saya|itu|ke|dari|apa|bagaimana|cara|ini|bisa"),
    ("fi", "ja|on|ei|että|se|ole|minun|mutta|kun|hän|mitä|niin|miten|voin|minä|tai"),
    ("vi", "tôi|của|là|không|và|có|cho|được|một|bạn|này|thế|để|làm"),
    ("cs", "jsem|není|jak|mohu|svou|které|nebo|když|proč|jsou|také|mám|byl"),
    ("ro", "cum|să|nu|sunt|este|pentru|mea|meu|pot|din|care|ce|și"),
    ("hu", "nem|hogy|és|egy|van|vagy|hogyan|mert|csak|meg|ez|az|tudom"),
    ("da", "ikke|hvordan|jeg|kan|og|det|til|hvad|har|hvor|mig|noget|på"),
    ("ca", "com|puc|meva|meu|amb|però|és|això|una|els|què|tinc"),
    ("hr", "je|na|da|za|nije|što|kako|sam|koji|ali|moj|mogu|gdje|su|li|nisam|molim"),
    ("sk", "som|nie|ako|sa|je|že|pre|čo|ktoré|alebo|môj|moje|aby|mám|kedy|prečo|prosím"),
    ("sl", "je|da|ki|za|kako|sem|moj|lahko|kaj|ali|niso|zakaj|prosim|moje|ga"),
    ("lt", "ir|yra|kad|su|kaip|tai|iš|mano|bet|į|kas|man|labai|kur|prašau|nėra"),
    ("lv", "un|ir|ka|ar|kā|man|nav|bet|uz|par|vai|kas|lūdzu|mans|kur"),
    ("et", "ja|ei|et|ma|see|kas|mis|kui|minu|aga|või|oma|kuidas|seda|palun"),
    ("sq", "dhe|në|të|është|për|një|nuk|që|nga|si|kam|çfarë|ju|lutem"),
    ("af", "nie|ek|jy|vir|hoe|wat|sy|my|jou|hy|asseblief|waar|wanneer"),
    ("eu", "eta|ez|dut|zer|bat|hau|nola|baina|naiz|nire|dira|mesedez|non"),
    (
        "sw",
        "na|ya|wa|kwa|ni|katika|za|hii|yangu|kuwa|lakini|sana|jinsi|nini|yako|wangu|lini|tafadhali",
    ),
    ("tl", "ang|ng|sa|mga|na|ay|ko|mo|ako|hindi|ito|kung|paano|ano|po|niya|aking|kay|naman"),
    (
        "hi-Latn",
        "hai|mein|kya|ki|ke|ka|ko|nahi|aur|mujhe|hoon|raha|kaise|yeh|kal|bhi|tum|aap|batao",
    ),
    ("ja-Latn", "desu|masu|watashi|anata|kore|sore|wa|ga|ni|kara|arigatou|nani|shite|imasu"),
    ("zh-Latn", "wo|ni|shi|bu|zai|yao|shenme|zenme|xiexie|qing|hen|nihao|haishi|meiyou"),
)
"""Language → common words, from the tops of public frequency lists; the last are romanised."""
_LETTERS: Final = {
    "es": "ñ¿¡",
    "pt": "ãõ",
    "de": "ß",
    "fr": "œ",
    "pl": "ąęłżźśń",
    "tr": "\u0131şğ",
    "vi": "ơưđạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
    "cs": "ěřů",
    "ro": "ășț",
    "hu": "őű",
    "da": "æø",
}
"""Language → letters that few others write; they count as one common word."""


def _places_by_word() -> dict[str, list[int]]:
    """Return common word → places in `_WORDS` of the languages that have it."""
    places: dict[str, list[int]] = {}
    for place, (_, words) in enumerate(_WORDS):
        for word in frozenset(words.split("|")):
            places.setdefault(word, []).append(place)
    return places


_BY_WORD: Final = _places_by_word()
_BY_LETTERS: Final = tuple(
    (place, frozenset(_LETTERS[code])) for place, (code, _) in enumerate(_WORDS) if code in _LETTERS
)
_WORD: Final = LazyPattern(r"[^\W\d_]+")
_FEWEST_LETTERS: Final = 3
_A_QUARTER: Final = 4
"""One letter of four in a script makes a text one in that script."""


def language_counts(batch: pl.DataFrame) -> pl.DataFrame:
    """Count the rows of a batch by language: columns `name` (BCP 47) and `count`.

    Which rows are looked at depends on the row alone: the same whatever the batches.
    """
    mixed = (pl.col("row") % (1 << 20)) * 0x9E3779B1 // (1 << 16)
    chosen = (pl.col("row") < ALWAYS) | (mixed % _ONE_IN == 0)
    texts = batch.filter(chosen & pl.col("text").is_not_null())["text"].str.head(_LONGEST)
    counts = Counter(language_of(text) for text in texts)
    names = sorted(counts)
    return pl.DataFrame(
        {"name": names, "count": [counts[name] for name in names]},
        schema={"name": pl.String, "count": pl.UInt32},
    )


def language_of(text: str) -> str:
    """Return the language that a text seems to be in (BCP 47), or `UNTOLD`."""
    words = _WORD.findall(text.lower())
    letters = sum(map(len, words))
    if letters < _FEWEST_LETTERS:
        return UNTOLD
    written: set[str] = set()
    if not text.isascii():
        for code, script in _SCRIPTS:
            if len(script.findall(text)) * _A_QUARTER >= letters:
                return _within(code, text)
        written = set(text.lower())
    places = [place for word in set(words) for place in _BY_WORD.get(word, ())]
    if written:
        places += [place for place, own in _BY_LETTERS if written & own]
    counts = Counter(places).items()
    most, place = max(((count, -place) for place, count in counts), default=(0, 0))
    return _WORDS[-place][0] if most >= _FEWEST else UNTOLD


def _within(code: str, text: str) -> str:
    """Return the language of a script that several share, by letters that only it writes."""
    written = set(text.lower())
    return next((other for other, own in _WITHIN.get(code, ()) if written & own), code)
