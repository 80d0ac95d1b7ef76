import base64
import random
import string
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from ftaudit.privacy.secrets.entropy import DOCUMENTED, bits, looks_random, placeholder
from ftaudit.privacy.secrets.secret_scanner import SecretScanner, engine, kinds
from tests.privacy.corpora import banking, gsm8k, roleplay

ALNUM = string.ascii_letters + string.digits
UPPER = string.ascii_uppercase + string.digits
HEX = "0123456789abcdef"


def draw(seed: int, alphabet: str, length: int) -> str:
    """Return a random string with at least one digit and one letter."""
    source = random.Random(seed)  # noqa: S311 - a fixed seed
    return "".join(source.choice(alphabet) for _ in range(length - 2)) + "7" + alphabet[3]


def b64(seed: int, length: int) -> str:
    source = random.Random(seed)  # noqa: S311 - a fixed seed
    return base64.b64encode(source.randbytes(length)).decode()


PLANTED: dict[str, list[Callable[[int], str]]] = {
    "AWS_ACCESS_KEY": [
        lambda s: "AKIA" + draw(s, UPPER, 16),
        lambda s: "ASIA" + draw(s, UPPER, 16),
    ],
    "AWS_SECRET_KEY": [lambda s: f'aws_secret_access_key = "{draw(s, ALNUM, 40)}"'],
    "GCP_API_KEY": [lambda s: "AIza" + draw(s, ALNUM, 35)],
    "GCP_OAUTH_SECRET": [lambda s: "GOCSPX-" + draw(s, ALNUM, 28)],
    "AZURE_STORAGE_KEY": [lambda s: f"AccountName=x;AccountKey={b64(s, 64)};Suffix=y"],
    "AZURE_CLIENT_SECRET": [lambda s: draw(s, ALNUM, 3) + "8Q~" + draw(s, ALNUM, 34)],
    "GITHUB_TOKEN": [
        lambda s: "ghp_" + draw(s, ALNUM, 36),
        lambda s: "gho_" + draw(s, ALNUM, 36),
        lambda s: "github_pat_" + draw(s, ALNUM, 22) + "_" + draw(s + 1, ALNUM, 59),
    ],
    "GITLAB_TOKEN": [lambda s: "glpat-" + draw(s, ALNUM, 20)],
    "SLACK_TOKEN": [lambda s: f"xoxb-{s + 381204471926}-{s + 4719263812044}-" + draw(s, ALNUM, 24)],
    "SLACK_WEBHOOK": [
        lambda s: (
            "https://hooks.slack.com/services/T"
            + "/B".join((draw(s, UPPER, 8), draw(s + 1, UPPER, 8)))
            + "/"
            + draw(s, ALNUM, 24)
        )
    ],
    "STRIPE_KEY": [
        lambda s: "sk_live_" + draw(s, ALNUM, 24),
        lambda s: "rk_live_" + draw(s, ALNUM, 24),
    ],
    "OPENAI_KEY": [
        lambda s: "sk-" + draw(s, ALNUM, 48),
        lambda s: "sk-proj-" + draw(s, ALNUM, 48),
        lambda s: "sk-" + draw(s, ALNUM, 20) + "T3BlbkFJ" + draw(s + 1, ALNUM, 20),
    ],
    "ANTHROPIC_KEY": [lambda s: "sk-ant-api03-" + draw(s, ALNUM, 93) + "AA"],
    "HUGGINGFACE_TOKEN": [lambda s: "hf_" + draw(s, string.ascii_letters, 34)],
    "NPM_TOKEN": [lambda s: "npm_" + draw(s, ALNUM, 36)],
    "PYPI_TOKEN": [lambda s: "pypi-AgEIcHlwaS5vcmc" + draw(s, ALNUM, 80)],
    "JWT": [
        lambda s: "eyJhbGciOiJIUzI1NiJ9.eyJ" + draw(s, ALNUM, 40) + "." + draw(s + 1, ALNUM, 43)
    ],
    "PRIVATE_KEY": [
        lambda s: f"-----BEGIN RSA PRIVATE KEY-----\n{b64(s, 96)}\n-----END RSA PRIVATE KEY-----",
        lambda s: f"-----BEGIN PRIVATE KEY-----\n{b64(s, 96)}\n-----END PRIVATE KEY-----",
        lambda s: (
            f"-----BEGIN OPENSSH PRIVATE KEY-----\n{b64(s, 96)}\n-----END OPENSSH PRIVATE KEY-----"
        ),
    ],
    "CONNECTION_STRING": [
        lambda s: f"postgresql://app:{draw(s, ALNUM, 14)}@db.example.com:5432/main",
        lambda s: f"mongodb+srv://app:{draw(s, ALNUM, 14)}@cluster.example.com/test",
        lambda s: f"Server=db.example.com;Database=x;User Id=sa;Password={draw(s, ALNUM, 12)};",
    ],
    "PASSWORD": [
        lambda s: f'password = "{draw(s, ALNUM, 12)}"',
        lambda s: f"DB_PASSWORD: '{draw(s, ALNUM, 12)}'",
        lambda s: f"the password is {draw(s, ALNUM, 12)} for now",
    ],
    "API_KEY": [
        lambda s: f'api_key: "{draw(s, ALNUM, 32)}"',
        lambda s: f"token={draw(s, HEX, 40)}",
    ],
    "BEARER_TOKEN": [lambda s: f"Authorization: Bearer {draw(s, ALNUM, 40)}"],
}
CASES = [(kind, make) for kind, makers in PLANTED.items() for make in makers]


def found(text: str) -> list[str]:
    return [s.entity for _, spans in SecretScanner().find(pl.Series([text])) for s in spans]


@pytest.mark.parametrize(("kind", "make"), CASES)
@pytest.mark.parametrize("around", ["{}", "use this: {}\nthen go on.", '{{"config": "{}"}}'])
def test_every_planted_kind_is_found(kind: str, make: Callable[[int], str], around: str) -> None:
    form = around.replace("{{", "{").replace("}}", "}")
    texts = pl.Series([form.replace("{}", make(seed)) for seed in range(20)])
    spans = dict(SecretScanner().find(texts))
    for seed in range(20):
        assert [span.entity for span in spans.get(seed, ())] == [kind], seed


def test_every_kind_that_is_planted_is_declared() -> None:
    assert set(PLANTED) <= set(kinds())


@pytest.mark.parametrize("key", sorted(DOCUMENTED))
def test_a_key_from_a_vendors_documentation_is_a_placeholder(key: str) -> None:
    assert found(f'aws_secret_access_key = "{key}" AccountKey={key}') == []


@pytest.mark.parametrize(
    "text",
    [
        'password = "your_password_here"',
        "password = os.environ['DB_PASSWORD']",
        'password = "${DB_PASSWORD}"',
        'api_key = "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"',
        "OPENAI_API_KEY=<your-api-key>",
        'token = "{{ secrets.TOKEN }}"',
        "postgres://user:password@localhost/db",
        "the password is incorrect, so try again",
        "The secret of getting ahead is getting started.",
        "My password is required every single morning.",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "Please reset my passcode: it was blocked",
    ],
)
def test_stand_ins_and_prose_are_no_secrets(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("read", [gsm8k, banking, roleplay])
def test_nothing_is_found_in_real_data_without_secrets(
    read: Callable[[Path], list[str]], shared: Path
) -> None:
    assert list(SecretScanner().find(pl.Series(read(shared)))) == []


def test_a_private_key_is_found_from_its_first_to_its_last_line() -> None:
    block = PLANTED["PRIVATE_KEY"][0](3)
    text = f"key:\n{block}\nend"
    [(_, [span])] = SecretScanner().find(pl.Series([text]))
    assert text[span.start : span.end] == block


def test_offsets_count_characters_not_bytes() -> None:
    key = "ghp_" + draw(1, ALNUM, 36)
    text = f"schlüssel 鍵 🔑 {key}"
    [(_, [span])] = SecretScanner().find(pl.Series([text]))
    assert text[span.start : span.end] == key


def test_nulls_and_empty_texts_hold_nothing() -> None:
    assert list(SecretScanner().find(pl.Series([None, ""], dtype=pl.String))) == []


def test_without_re2_the_findings_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = pl.Series([make(seed) for _, make in CASES for seed in range(3)])
    expected = list(SecretScanner().find(texts))
    monkeypatch.setitem(sys.modules, "re2", None)
    engine.cache_clear()
    try:
        assert list(SecretScanner().find(texts)) == expected
    finally:
        engine.cache_clear()


def test_entropy_is_measured_in_bits_per_character() -> None:
    assert bits("aaaa") == 0
    assert bits("abab") == 1
    assert bits("abcd") == 2


def test_a_word_does_not_look_random_and_a_key_does() -> None:
    assert not looks_random("incorrect")
    assert looks_random("x7Gh2kQ9")


def test_a_sequence_is_a_placeholder_only_where_no_vendor_sets_the_format() -> None:
    assert placeholder("abc1234567", strict=True)
    assert not placeholder("AKIA1234567890ABCDEF")
