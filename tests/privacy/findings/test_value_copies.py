"""A value is found wherever its row shows it, in whatever spelling."""

import time
from itertools import pairwise
from urllib.parse import quote

import pytest

from ftaudit.privacy.findings.value_copies import copies

KEY = "hT7/kQ2+vX9=zB4wLm8Rd3Yc"
PASSWORD = "Corfu-lighthouse"  # noqa: S105 - made up


def left(text: str, values: dict[str, str]) -> str:
    """Return the text without its copies."""
    characters: list[str] = list(text)
    for span in copies(text, values):
        characters[span.start : span.end] = "#" * (span.end - span.start)
    return "".join(c for c in characters if c != "#")


@pytest.mark.parametrize("value", [KEY, PASSWORD])
@pytest.mark.parametrize(
    "spelling",
    [
        str,
        str.upper,
        str.lower,
        lambda v: quote(v, safe=""),
        lambda v: "".join(f"%{byte:02x}" for byte in v.encode()),
        lambda v: "".join(f"&#{ord(c)};" for c in v),
        lambda v: "".join(f"&#x{ord(c):x};" for c in v),
        lambda v: "".join(f"\\u{ord(c):04x}" for c in v),
        lambda v: "".join(chr(ord(c) + 0xFEE0) for c in v),
        lambda v: v[:7] + "\r\n    " + v[7:],
        lambda v: v[:7] + '\\n" + "' + v[7:],
        " ".join,
        "\u200b".join,
    ],
)
def test_a_copy_is_found_in_any_spelling(value: str, spelling: object) -> None:
    assert callable(spelling)
    text = f"It is ({spelling(value)}), as told."
    assert left(text, {value: "TOKEN"}).translate(dict.fromkeys(map(ord, "/+=-"))).split() == [
        *("It", "is", "(),", "as", "told.")
    ]


def test_pieces_of_a_key_are_found() -> None:
    text = f"first {KEY[:12]} and then {KEY[12:]}; and the end"
    rest = left(text, {KEY: "TOKEN"})
    assert not any(piece in rest for piece in (KEY[:12], KEY[12:18]))
    assert rest.startswith("first ")
    assert rest.endswith("and the end")


def test_words_of_a_sentence_are_no_pieces_of_a_password_of_words() -> None:
    text = "The lighthouse of Corfu is open."
    assert not copies(text, {PASSWORD: "PASSWORD"})


def test_short_values_are_not_looked_for() -> None:
    assert not copies("41 of 41 rows", {"41": "AGE", "4-1": "AGE"})


def test_time_grows_with_the_text_and_not_with_its_square() -> None:
    def seconds(size: int) -> float:
        text = " ".join(f"key{i:06x}z{i * 7919 % 99991}" for i in range(size))
        values = dict.fromkeys(text.split(), "TOKEN")
        start = time.process_time()
        assert copies(text, values)
        return time.process_time() - start

    measured = [min(seconds(size) for _ in range(3)) for size in (1_000, 2_000, 4_000)]
    assert all(larger < 3 * max(smaller, 0.005) for smaller, larger in pairwise(measured))
