"""Passwords of a word and a number are told from what code and documentation number."""

import polars as pl
import pytest

from ftaudit.privacy.secrets.secret_scanner import SecretScanner
from ftaudit.privacy.secrets.word_with_number import is_word_with_number, mixes_cases

CHOSEN = ("sunshine77", "Fluffy2019", "walnut9012", "Tigers1987", "Summer-2019", "perro1984")
NUMBERED = (
    "sha256",
    "varchar64",
    "optional2",
    "bytes32",
    "field12",
    "utf16",
    "windows10",
    "char60",
)
CUES = (
    "password: {}",
    "Password = {}\n",
    "my password is {}, thanks",
    "mein Passwort ist {}",
    "la contraseña es {}",
    "le mot de passe est {}",
    "пароль от почты: {}",
    "パスワードは{}です",
    "密码是{}",
    "비밀번호는 {} 입니다",
    "login: ann, pass: {}",
    "pw = {}",
    "DB_PASSWORD={} npm start",
    "POST /token grant_type=password&password={}&scope=all",
    "<password>{}</password>",
    "machine api.initech.com login ann password {}",
    "curl -u ann:{} https://api.initech.com",
    "IDENTIFIED BY '{}'",
    "sshpass -p {} ssh ann@10.0.4.12",
)


def found(text: str) -> list[str]:
    spans_at = SecretScanner().find(pl.Series([text]))
    return [text[span.start : span.end] for _, spans in spans_at for span in spans]


@pytest.mark.parametrize("cue", CUES)
@pytest.mark.parametrize("value", CHOSEN)
def test_a_word_with_a_number_after_a_password_s_name_is_one(cue: str, value: str) -> None:
    assert [span.rstrip(",.") for span in found(cue.format(value))] == [value]


@pytest.mark.parametrize("cue", [cue for cue in CUES if "'" not in cue and "curl" not in cue])
@pytest.mark.parametrize("value", NUMBERED)
def test_what_code_and_documentation_number_is_no_password(cue: str, value: str) -> None:
    assert found(cue.format(value)) == []


@pytest.mark.parametrize(
    "text",
    [
        "token: sunshine77",  # of a text, of a parser: no password
        "pass: epoch42",
        "Boarding pass: Gate42",
        "enclave: north42",
        "compass: north42",
        "password1 = Fluffy",
        "password: test123",
        "password: required",
    ],
)
def test_a_word_with_a_number_elsewhere_is_none(text: str) -> None:
    assert found(text) == []


def test_a_word_of_code_is_told_by_its_letters() -> None:
    assert [value for value in NUMBERED if is_word_with_number(value)] == []
    assert [value for value in CHOSEN if not is_word_with_number(value)] == []
    assert not is_word_with_number("sunshine7")
    assert not is_word_with_number("sunshine")


def test_cases_change_between_the_words_of_names_and_anywhere_in_passwords() -> None:
    assert mixes_cases("ogPAPZIdcynW")
    assert not mixes_cases("getUserPassword")
    assert not mixes_cases("Changeme")
    assert not mixes_cases("ogpapz")
