from pathlib import Path

import polars as pl
import pytest

from ftaudit.records.defect import CONTROL, MOJIBAKE, REPLACEMENT


def has(text: str, pattern: str) -> bool:
    return bool(pl.Series([text]).str.contains(pattern)[0])


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
@pytest.mark.parametrize(
    "text", ["café", "naïve", "10 £", "it\u2019s", "“so”", "a \u2013 b", "Größe", "año", "août"]
)
def test_utf8_read_in_another_encoding_is_found(text: str, encoding: str) -> None:
    broken = text.encode().decode(encoding, "replace")
    assert has(broken, MOJIBAKE)
    assert not has(text, MOJIBAKE)


def test_emoji_and_cyrillic_are_found() -> None:
    assert has("😀".encode().decode("cp1252", "replace"), MOJIBAKE)
    assert has("привет".encode().decode("latin-1"), MOJIBAKE)


@pytest.mark.parametrize(
    "text",
    [
        "AMANHÃ, “MAÇÔ… NÃO",
        "« MAÇû",
        "Âge",
        "ÂNGELA",
        "DIÑÓ ESPAÑA”",
        "ð og þ",
        "Â\u00a0la",
        "â",
        "50 €",
        "ÃO",
        "Trang",
    ],
)
def test_proper_text_is_not_mojibake(text: str) -> None:
    assert not has(text, MOJIBAKE)


def test_control_characters_are_found_and_layout_is_not() -> None:
    assert [has(c, CONTROL) for c in "\x00\x07\x0b\x1b\x7f\x85"] == [True] * 6
    assert not any(has(c, CONTROL) for c in "\n\r\t a é")


def test_lost_characters_are_found() -> None:
    assert has("a�", REPLACEMENT)


def test_real_data_has_no_defect(shared: Path) -> None:
    for name in ("banking77_train.csv", "gsm8k_train.jsonl", "gpteacher_roleplay.json"):
        text = (shared / name).read_text(encoding="utf-8")
        assert not has(text, MOJIBAKE), name
