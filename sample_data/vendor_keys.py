"""`dirty-keys/`: one made-up key of every vendor, which is written where you say, never committed.

Run `python sample_data/vendor_keys.py FOLDER`. Hosts of repositories refuse pushes that hold keys
of these shapes, made up or not, so this file holds their parts only.
"""

import base64
import hashlib
import random
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits, hexdigits
from typing import Any, Final

from clean import by_split, provenance
from ftaudit.privacy.secrets.vendor_keys import FORMATS
from planting import Plant, Sheet

FOLDER: Final = "dirty-keys"
_HEX: Final = hexdigits[:16]
_ALNUM: Final = ascii_letters + digits


def body(kind: str, length: int, alphabet: str = _ALNUM) -> str:
    """Return `length` characters that look random and are the same on every run."""
    blocks = (hashlib.sha256(f"{kind} {n}".encode()).digest() for n in range(length))
    return "".join(alphabet[byte % len(alphabet)] for block in blocks for byte in block)[:length]


def keys() -> Iterator[tuple[str, str]]:
    """Yield (kind, sentence with a made-up key)."""
    upper = ascii_uppercase + digits
    shapes = (
        ("AWS_ACCESS_KEY", ("AK", "IA"), 16, upper),
        ("GCP_API_KEY", ("AI", "za"), 35, _ALNUM),
        ("GCP_OAUTH_SECRET", ("GOC", "SPX-"), 28, _ALNUM),
        ("GCP_ACCESS_TOKEN", ("ya", "29."), 40, _ALNUM),
        ("GITHUB_TOKEN", ("gh", "p_"), 36, _ALNUM),
        ("GITLAB_TOKEN", ("gl", "pat-"), 20, _ALNUM),
        ("SLACK_TOKEN", ("xo", "xb-"), 24, _ALNUM),
        ("STRIPE_KEY", ("sk_", "live_"), 24, _ALNUM),
        ("STRIPE_WEBHOOK_SECRET", ("wh", "sec_"), 32, _ALNUM),
        ("OPENAI_KEY", ("sk-", "proj-"), 40, _ALNUM),
        ("ANTHROPIC_KEY", ("sk-", "ant-api03-"), 40, _ALNUM),
        ("HUGGINGFACE_TOKEN", ("h", "f_"), 34, ascii_letters),
        ("NPM_TOKEN", ("np", "m_"), 36, _ALNUM),
        ("PYPI_TOKEN", ("py", "pi-"), 60, _ALNUM),
        ("DATABRICKS_TOKEN", ("da", "pi"), 32, _HEX),
        ("DIGITALOCEAN_TOKEN", ("do", "p_v1_"), 64, _HEX),
        ("GROQ_KEY", ("gs", "k_"), 52, _ALNUM),
        ("REPLICATE_TOKEN", ("r", "8_"), 37, _ALNUM),
        ("SHOPIFY_TOKEN", ("sh", "pat_"), 32, _HEX),
        ("AGE_SECRET_KEY", ("AGE-SECRET", "-KEY-1"), 58, upper),
        ("ARTIFACTORY_CREDENTIALS", ("AK", "C"), 20, _ALNUM),
        ("SQUARE_TOKEN", ("sq0", "csp-"), 43, _ALNUM),
        ("TWILIO_KEY", ("S", "K"), 32, _HEX),
        ("TWITTER_BEARER_TOKEN", ("A" * 11, "A" * 11), 80, _ALNUM),
        ("TELEGRAM_BOT_TOKEN", ("512345678:", "AA"), 33, _ALNUM),
    )
    for kind, prefix, length, alphabet in shapes:
        yield kind, f"It was {''.join(prefix)}{body(kind, length, alphabet)} there."
    yield from _composed()
    made = {kind for kind, *_ in shapes}
    for kind, pattern in FORMATS:
        if kind not in made:
            made.add(kind)
            yield kind, f"It was {_Writer(kind).write(pattern)} there."


class _Writer:
    """Write a made-up key from the pattern of its format, the same on every run."""

    def __init__(self, kind: str) -> None:
        self._chance = random.Random(kind)  # noqa: S311 - made-up keys

    def write(self, pattern: str) -> str:
        return self._sequence(import_module("re._parser").parse(pattern))

    def _sequence(self, tree: Any) -> str:  # noqa: ANN401 - the parser's own tree
        return "".join(self._item(str(code), argument) for code, argument in tree)

    def _item(self, code: str, argument: Any) -> str:  # noqa: ANN401 - the parser's own tree
        match code:
            case "LITERAL":
                return chr(argument)
            case "IN":
                return self._chance.choice(self._class(argument))
            case "MAX_REPEAT":
                least, _, item = argument
                return "".join(self._sequence(item) for _ in range(least))
            case "SUBPATTERN":
                return self._sequence(argument[3])
            case _:  # alternatives
                return self._sequence(argument[1][0])

    @staticmethod
    def _class(items: Any) -> str:  # noqa: ANN401 - the parser's own tree
        characters = ""
        for code, argument in items:
            match str(code):
                case "LITERAL":
                    characters += chr(argument)
                case "RANGE":
                    characters += "".join(map(chr, range(argument[0], argument[1] + 1)))
                case "CATEGORY":
                    characters += digits
                case _:  # a negation
                    return ascii_letters
        return characters


def _in_files() -> Iterator[tuple[str, str]]:
    """Yield secrets as files, logs and links hold them."""

    def encoded(text: str) -> str:
        return base64.b64encode(text.encode()).decode()

    pair = encoded(f"ann:{body('pair', 12)}")
    header = "-----BEGIN " + "RSA PRIVATE " + "KEY-----"
    yield "BASIC_AUTH", f'It had {{"auth": "{pair}"}} there.'
    docker = encoded('{"auths":{"r":{"auth":"' + pair + '"}}}')
    yield "DOCKER_AUTH", f"It was {docker} there."
    yield "PASSWORD_HASH", f"It was enable secret 5 $1${body('salt', 4)}${body('hash', 22)} there."
    base32 = ascii_uppercase + "234567"
    yield "OTP_SEED", f"It was otpauth://totp/ann?secret={body('seed', 32, base32)} there."
    yield "PRESIGNED_URL", f"It ended in ?X-Amz-Signature={body('signed', 64, _HEX)} then."
    yield "PRIVATE_KEY_BASE64", f"It was {encoded(header + body('key', 90))} there."
    yield (
        "NUGET_PASSWORD",
        f'It had <add key="ClearTextPassword" value="{body("nuget", 14)}" /> there.',
    )
    yield "OKTA_TOKEN", f"It was okta: 00{body('okta', 40)} there."
    yield "SUMO_LOGIC_ID", f"It was sumo: su{body('sumo', 12)} there."
    yield "BEAMER_KEY", f"It was beamer: b_{body('beamer', 44)} there."
    yield "GOCARDLESS_TOKEN", f"It was gocardless: live_{body('direct', 40)} there."
    yield "FREEMIUS_KEY", f"It had 'secret_key' => 'sk_{body('free', 29)}' there."
    yield "SIDEKIQ_KEY", f"BUNDLE_GEMS__CONTRIBSYS__COM: {body('a', 8, _HEX)}:{body('b', 8, _HEX)}"
    yield "CRYPTO_PRIVATE_KEY", f"The wallet's private key: 0x{body('coins', 64, _HEX)} there."


def _composed() -> Iterator[tuple[str, str]]:
    """Yield keys that are made of several parts, or known by the words before them only."""

    def part(name: str, length: int, alphabet: str = _ALNUM) -> str:
        return body(name, length, alphabet)

    azure = f"{part('azure', 3)}8Q~{part('azure secret', 34)}"
    discord = f"N{part('bot', 23)}.{part('when', 6)}.{part('sum', 27)}"
    hook = (
        f"T{part('team', 8, ascii_uppercase)}/B{part('app', 8, ascii_uppercase)}/{part('hook', 24)}"
    )
    yield "AWS_SECRET_KEY", f'We had aws_secret_key = "{part("aws", 40)}" there.'
    yield "AZURE_CLIENT_SECRET", f"It was {azure} there."
    words = "gravity machine north sort system female filter attitude volume fold club stay"
    yield "SEED_PHRASE", f"The seed phrase: {words}."
    yield "AZURE_STORAGE_KEY", f"It was AccountKey={part('storage', 86)}== there."
    yield "AZURE_SAS_TOKEN", f"It ended in ?sig={part('sas', 43)}%3D then."
    yield "SLACK_WEBHOOK", f"It was hooks.slack.com/services/{hook} there."
    yield "SENDGRID_KEY", f"It was SG.{part('mail', 22)}.{part('mail key', 43)} there."
    yield (
        "CLOUDANT_CREDENTIALS",
        f"It was cloudant_key: {part('couch', 24, ascii_lowercase)} there.",
    )
    yield "DISCORD_BOT_TOKEN", f"It was {discord} there."
    yield "IBM_CLOUD_KEY", f"It was ibm_cloud_key: {part('ibm', 44)} there."
    yield "MAILCHIMP_KEY", f"It was {part('chimp', 32, _HEX)}-us11 there."
    yield from _in_files()
    yield "SOFTLAYER_CREDENTIALS", f"It was softlayer_key: {part('soft', 64, _HEX)} there."


def build() -> tuple[dict[str, str], list[Plant]]:
    """Return the files of the set (path → text) and what was planted in them."""
    sheet = Sheet(FOLDER, "train.csv", iter(by_split()["train"]))
    made = tuple(keys())
    hooks = {kind for kind, _ in made if kind.endswith("_WEBHOOK")}
    for kind, sentence in made:
        clean = sheet.clean()
        said = clean | {"text": f"{clean['text']} {sentence}"}
        row = sheet.put(said, **{f"secrets__{kind}": "made-up key"})
        if kind in hooks:
            sheet.note(row, "pii.URL", "consequence: a webhook is an address")
        if kind == "PLAID_TOKEN":
            sheet.note(row, "pii.UUID", "consequence: the key holds one")
    sheet.rows.extend(sheet.source)
    record = provenance(FOLDER, "text-classification", {sheet.file: sheet.text()})
    files = {f"{FOLDER}/{sheet.file}": sheet.text(), f"{FOLDER}/provenance.yaml": record}
    return files, sheet.plants


def main(folder: Path) -> None:
    """Write the set below `folder`."""
    for name, text in build()[0].items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
