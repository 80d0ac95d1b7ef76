"""Two spellings of one person."""

import pytest

from ftaudit.model.person import same_person, says_nothing


@pytest.mark.parametrize(
    ("name", "other", "same"),
    [
        ("a@example.com", "A@EXAMPLE.COM", True),
        ("  Ada   Example ", "ada example", True),
        ("\uff21da", "ada", True),
        ("o\u0308zil", "\u00f6zil", True),
        ("own\u200ber", "owner", True),
        ("own\u00ader", "owner", True),
        ("own\u034fer", "owner", True),
        ("own\ufe0fer", "owner", True),
        ("\u2066owner\u2069", "owner", True),
        ("owner\u3164", "owner", True),
        ("owner\U000e0041", "owner", True),
        ("stra\u00dfe", "STRASSE", True),
        ("a@example.com", "b@example.com", False),
        ("ada example", "ada sample", False),
        ("ada example", "ada-example.", True),
        ("\u043ewner", "owner", True),
        ("\u0391da", "ada", True),
        ("Ada Example <a@example.com>", "a@example.com", True),
        ("Ada <a@example.com>", "Bob <b@example.com>", False),
        ("\u0438\u0432\u0430\u043d", "\u043e\u043b\u044c\u0433\u0430", False),
    ],
)
def test_one_person_under_two_spellings_is_one(name: str, other: str, same: bool) -> None:
    assert same_person(name, other) is same


@pytest.mark.parametrize(
    "text", ["", "  ", "\u200b", "\u00ad\u034f", "\u3164", "\u2800", "\t\x00", "-", "..."]
)
def test_text_that_shows_no_letter_says_nothing(text: str) -> None:
    assert says_nothing(text)
    assert not says_nothing(f"{text}a")
