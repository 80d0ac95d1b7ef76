"""Tell random strings, and passwords people choose, from words and placeholders."""

import re
from base64 import b64decode
from collections import Counter
from math import log2
from typing import Final

from ftaudit.model.lazy_pattern import LazyPattern

DOCUMENTED: Final = frozenset(
    {
        "AKIAIOSFODNN7EXAMPLE",  # AWS documentation
        "QWxhZGRpbjpvcGVuIHNlc2FtZQ",  # RFC 7617: Aladdin:open sesame
        "2YotnFZFEjr1zCsicMWpAA",  # RFC 6749 and 6750, as the next six
        "tGzv3JOkF0XG5Qx2TlKWIA",
        "SplxlOBeZQQYbYS6WxSbIA",
        "czZCaGRSa3F0MzpnWDFmQmF0M2JW",
        "7Fjfp0ZBr1KtDRbnfVdmIw",
        "mF_9.B5f-4.1JqM",
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",  # RFC 7515 and 7519
        "hh5s93j4hdidpola",  # RFC 5849, as the next three
        "nnch734d00sl2jdk",
        "kkk9d7dh3k39sjv7",
        "pfkkdhi9sl3r4s00",
        "xvz1evFS4wEEPTGEFPHBog",  # documentation of Twitter, as the next three
        "L8qq9PZyRg6ieKGEKhZolGC0vJWLw8iEJ88DRdyOg",
        "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
        "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
        "4twFt5NiznN84AWoo1d7KO1T_yoc0Z6XOpOVswacPZg",  # PyJWT's example
        "eyJpc3MiOiJzdXBhYmFzZS1kZW1v",  # Supabase's demonstration
        "JBSWY3DPEHPK3PXP",  # the seed that libraries of one-time passwords print
        "GEZDGNBVGY3TQOJQ",  # RFC 6238
        "EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW",  # FastAPI's tutorial
        "R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW",  # bcrypt's own example
        "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",  # AWS: signed request
        "AKIAI44QH8DHBEXAMPLE",  # AWS documentation
        "ASIAIOSFODNN7EXAMPLE",  # AWS documentation
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",  # AWS documentation
        "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",  # AWS documentation
        "sk_test_4eC39HqLyjWDarjtT1zdp7dc",  # Stripe documentation
        "sk_test_BQokikJOvBiI2HlWgH4olfQ2",  # Stripe documentation
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
        # Azurite, the storage emulator
        "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==",
        # Azure Cosmos DB emulator
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"  # noqa: ISC004 - one key, too long for one line
        ".eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ"
        ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",  # jwt.io's example
    }
)
"""Keys that vendors print in their documentation."""
_STAND_IN: Final = LazyPattern(
    r"example|your[_-]|my[_-](?:password|secret|token|api|key)|placeholder|change[_-]?(?:me|it)"
    r"|redacted|dummy|xxxx|\*\*\*|\.\.\.|…|(.)\1{11}",
    re.IGNORECASE,
)
"""What documentation writes in place of a key."""
_REFERENCE: Final = LazyPattern(
    r"1234567|abcdefg|abc123|qwerty|123qwe|qwe123|1q2w3e|zxcvbn|asd123|sample|insert|replace|strong[^a-z]{0,3}(?:pass|pwd)|^(?:test|fake|demo|your|some)"
    r"|^\$[A-Za-z_({]"
    r"|\\[sdwb/]|\.[+*]|\[[a-z0-9]-"
    r"|\{\{|^%|^<|>$|^process\.env|^os\.(?:environ|getenv)|^env[.(]|getenv|^(?:ref\+|file:|env:|vault:|sops:|ssm:|op:/)|^secrets?\.|^var\."
    r"|^config\."
    r"|^802\.11|^\d{1,5}[MGk]bps|^utf-?8|^self\.|^@[\w-]+\.[\w.-]+/?$|^https?:|^pk(?:_(?:test|live)_|\.eyJ)|\(\)?$",
    re.IGNORECASE,
)
"""What code writes in place of a password: a variable, a template, a sequence."""
_ALPHABET: Final = LazyPattern(
    r"abcdefghij|bcdefghijk|ijklmnopqr|qrstuvwxyz|qwertyuiop|asdfghjkl|0123456789abcdef"
    r"|deadbeefdeadbeef",
    re.IGNORECASE,
)
"""Stretches of the alphabet and of keyboards: no generator makes them."""
_TEMPLATE: Final = LazyPattern(
    r"^[{<$%\[\](]|[}>)\]]$|\$\{|\{\{|^(?:args|opts?|options|config|cfg|conf|settings|env|os|self"
    r"|this"
    r"|request|req|process|params|data|ctx|context|input|user|form|event|body|values?|vars?|local"
    r"|module|secrets?|credentials?|payload|response|res|result|props|state|session|headers)[.\[]"
)
_WORDS: Final = LazyPattern(
    r"(?:[A-Za-z]{2,}\d{0,4}|[vVrR]?\d{1,4}|[A-Za-z]|s3|k8s|[A-Za-z]\d{1,3})(?:[_./:-]+(?:[A-Za-z]{2,}\d{0,4}"
    r"|[vVrR]?\d{1,4}|[A-Za-z]|s3|k8s|[A-Za-z]\d{1,3}|\d{1,3}[A-Za-z]))*"
)
"""Words and short numbers joined by marks: a path, the name of a secret, an attribute, a file."""
_ATTRIBUTE: Final = LazyPattern(
    r"[A-Za-z_]\w{0,40}(?:\.[A-Za-z_]\w{0,40}){0,4}\.\w{0,40}(?i:key|token|secret|password|passwd"
    r"|credentials?|value|text)"
)
"""An attribute that is called a secret: `hpke.X25519PrivateKey`."""
_CONSTANT: Final = LazyPattern(
    r"[A-Z]{2,}\d{0,3}(?:_[A-Z]{2,}\d{0,2}|_\d{1,3}){1,8}|[A-Z]\d{1,3}(?:_[A-Z]{2,}\d{0,2}){2,8}"
)
"""The name of a constant or of a variable of the environment."""
_IDENTIFIER: Final = LazyPattern(
    r"(?:[A-Za-z]{1,12}\d{0,5})?(?:[A-Z][a-z]{1,12}){0,4}"
    r"(?:Key|Token|Secret|Password|Credential|Certificate)s?(?:[A-Z][a-z]{1,12}){0,3}"
)
"""A type, a field or a variable that is called a secret: `Ed25519PublicKey`."""
_CODED: Final = LazyPattern(r"[A-Za-z]\d{1,3}|\d{1,3}[A-Za-z]")
"""A letter and a number, as in "linux-x64", "eu-west-1a" and "phi-2-4k"."""
_MOST_CODED: Final = 2
_FEWEST_WORDS: Final = 2
_SCHEME: Final = LazyPattern(r"^[a-z]{2,12}(?:\+[a-z]{2,12})?://")
_CAMEL: Final = LazyPattern(r"[A-Z]?[a-z]+\d{0,4}|[A-Z]+(?![a-z])\d{0,4}|\d{1,4}")
_WEAK: Final = LazyPattern(
    r"(?:my|your|super)?(?:p[a@]ss(?:w[o0]rd)?|passwort|test|admin|root|user|demo|secret|changeme|welcome"
    r"|guest|default|temp|sample|dummy|example|secure|strong|string)[@_-]?\d{0,4}[!?*#.]{0,2}"
    r"|\d{1,3}(?:[-+]\d{0,3})?(?:chars?|characters?|digits?|bits?|zeichen|symbols?|letters?|minutes?|hours?|days?"
    r"|weeks?|months?|years?)",
    re.IGNORECASE,
)
"""What examples have for a password, and the length that one must have."""
_NAME_OF_ONE: Final = LazyPattern(
    r"(?:[a-z]{2,12}[_-]){1,4}(?:key|token|secret|password|passwd|pass|pwd|id)"
)
"""The name of a secret in its place: `aws_secret_access_key`."""
_ESCAPED: Final = LazyPattern(r"\\+[nrt]$")
_FOREIGN_WORD: Final = LazyPattern(r"[^\W\d_]{2,24}\d{0,4}")
"""A word in any script, with a short number if any."""
_DIGITS_OF_PIN: Final = 4
_VOWEL: Final = LazyPattern(r"[aeiouyAEIOUY]")
COMMON: Final = frozenset(
    """
    password passwort passwd secret letmein admin root user guest token pass welcome postgres mysql
    redis none null true false string undefined required optional encrypted hidden incorrect
    invalid correct wrong protected password1 passw0rd p@ssw0rd p@ssword changeme default test
    testing example anon anonymous postgres123 admin123 root123 test123 password123 secret123
    mypassword yourpassword userpass dbpass dbpassword foobar hunter2 username passwords bar baz
    foo string str text number boolean enabled disabled new old current confirm forgot reset
    forgotten expired changed updated here above below following sysadmin rabbitmq elastic minio
    minioadmin token123 pass123 secret1 apikey123 key123 pwd123 user123 passwort1 sa mongo mongodb
    neo4j oracle redis123 guestpass contraseña contrasena clave пароль wachtwoord kennwort senha
    hasło şifre lösenord adgangskode salasana heslo jelszó parola парола κωδικός סיסמה 비밀번호
    パスワード mismatch minlength maxlength tooshort toolong weak strong missing unauthorized
    forbidden notmatch nomatch unmatched length confirmation
    """.split()  # noqa: SIM905 - quotes around every word would hide the words
)


def bits(value: str) -> float:
    """Return the Shannon entropy of the characters of `value`, in bits per character."""
    counts = Counter(value)
    return -sum(n / len(value) * log2(n / len(value)) for n in counts.values())


def placeholder(value: str, *, strict: bool = False) -> bool:
    """Say whether a value stands for a secret instead of being one.

    `strict` is for values without a vendor's format: references to variables, common words and
    keyboard sequences count as placeholders too.
    """
    documented = any(key in value for key in DOCUMENTED)
    few = 2 if len(value) == _DIGITS_OF_PIN and value.isdigit() else 3
    if documented or len(set(value)) <= few or _STAND_IN.search(value) or _ALPHABET.search(value):
        return True
    if _ESCAPED.sub("", value.lower()).strip(".,:;!?*") in COMMON:
        return True
    if strict and _WEAK.fullmatch(value):
        return True
    return strict and (
        _NAME_OF_ONE.fullmatch(value) is not None
        or _REFERENCE.search(value) is not None
        or _TEMPLATE.search(value) is not None
        or _CONSTANT.fullmatch(value) is not None
        or _IDENTIFIER.fullmatch(value) is not None
    )


def is_encoded_placeholder(value: str) -> bool:
    """Say whether the credentials of basic authorization are those of documentation."""
    user, password = _encoded_pair(value)
    return bool(password) and (password == user or placeholder(password, strict=True))


def is_encoded_pair(value: str) -> bool:
    """Say whether a value is base64 of a user and a password, joined by a colon."""
    user, password = _encoded_pair(value)
    return bool(user and password) and (user + password).isprintable()


def _encoded_pair(value: str) -> tuple[str, str]:
    try:
        user, _, password = b64decode(value + "=" * (-len(value) % 4)).decode().partition(":")
    except ValueError:  # no base64, or no text
        return "", ""
    return user, password


def is_reference(value: str) -> bool:
    """Say whether a value names where a secret is: a path, a secret's name, an attribute, a file.

    Such values are words of a language, joined by marks; a key has parts that are no words.
    """
    value = _SCHEME.sub("", value.lstrip("./~@"))
    if _ATTRIBUTE.fullmatch(value):
        return True
    if not value.isascii() and _FOREIGN_WORD.fullmatch(value):
        return True
    if not _WORDS.fullmatch(value):
        return False
    parts = [part for part in re.split(r"[_./:-]+", value) if part]
    if len(parts) == 1:
        return len(value) < _LONGEST_WORD and _is_word(value) and _is_spoken(value)
    words = [part for part in parts if not _CODED.fullmatch(part)]
    coded = len(parts) - len(words)
    known = coded <= _MOST_CODED and (not coded or len(words) >= _FEWEST_WORDS)
    return known and all(_is_word(part) for part in words)


def _is_word(part: str) -> bool:
    """Say whether a part is a word, camelCase words, an abbreviation or a short number."""
    pieces = _CAMEL.findall(part)
    if "".join(pieces) != part:
        return False
    letters = [piece.rstrip("0123456789") for piece in pieces]
    short = sum(len(piece) <= 2 for piece in letters if piece)
    if short > 2 or len(pieces) > 5:
        return False
    return all(len(piece) <= 4 or _VOWEL.search(piece) for piece in letters)


def _is_spoken(value: str) -> bool:
    """Say whether every piece of a word in camelCase has a vowel, or is an abbreviation of code."""
    letters = [piece.rstrip("0123456789").lower() for piece in _CAMEL.findall(value)]
    if len(letters) == 1:
        return True
    return all(
        len(piece) <= 1 or _VOWEL.search(piece) or piece in _ABBREVIATIONS for piece in letters
    )


_LONGEST_WORD: Final = 24
_ABBREVIATIONS: Final = frozenset(
    """
    db dbs pw pwd pwds psk ssh ssl tls tcp ftp sftp http https smtp dns dhcp vpn lan wlan gcp aws
    sdk css js ts jwt jwts jws xml html xhtml csv tsv pdf png jpg svg sql mysql nosql rpc grpc tmp
    cfg conf ctx cnt cmd str strs ptr ptrs msg msgs src dst svc svcs srv srvs btn txt num hdr hmac
    md rsa dsa gpg pgp sha kdf cbc gcm ctr ntlm ldp fs vm vms vpc ns nr rs ms mb gb kb tb px pk sk
    prd prod dev tst stg std stdin nx nginx kms hsm crt csr pem pfx mgr mngr mgmt tbl idx lbl fmt
    fn gl gh gb gcs rds ecs eks sqs sns ses sso cdn cli tty pty psql pg ws wss xhr dom th nd rd st
    bg fg cb mt tx rx txn rnd rng ssn dns ttl ml llm gpt nlp ct pct qty hrs mins secs dt
    """.split()  # noqa: SIM905 - quotes around every word would hide the words
)
"""Pieces of names without a vowel."""


def _changes_case(value: str) -> bool:
    """Say whether letters change case as those of random strings do: "iLblFiKTnd", "OaVRFoJaSMY".

    The names of code and of products change it where a word begins, two or three times.
    """
    pieces = _CAMEL.findall(value)
    return len(value) >= 8 and len(pieces) >= 4 and sum(len(piece) <= 2 for piece in pieces) >= 3


def looks_random(value: str) -> bool:
    """Say whether a value is made of mixed characters, as keys and chosen passwords are.

    It needs a digit beside letters, or cases that change as they do in no word; and 2.5 bits per
    character (3 from 16 characters on, the limit of detect-secrets for hexadecimal strings).
    """
    mixed = any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    mixed = mixed or (value.isascii() and value.isalpha() and _changes_case(value))
    return mixed and bits(value) >= (3.0 if len(value) >= 16 else 2.5)
