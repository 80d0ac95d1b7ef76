"""Tell random strings, and passwords people choose, from words and placeholders."""

import re
from collections import Counter
from math import log2
from typing import Final

DOCUMENTED: Final = frozenset(
    {
        "AKIAIOSFODNN7EXAMPLE",  # AWS documentation
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
_STAND_IN: Final = re.compile(
    r"example|your[_-]|my[_-](?:password|secret|token|api|key)|placeholder|change[_-]?(?:me|it)"
    r"|redacted|dummy|xxxx|\*\*\*|\.\.\.|…|(.)\1{11}",
    re.IGNORECASE,
)
"""What documentation writes in place of a key."""
_REFERENCE: Final = re.compile(
    r"1234567|abcdefg|abc123|qwerty|sample|insert|replace|^(?:test|fake|demo|your|some)"
    r"|^\$[A-Za-z_({]"
    r"|\{\{|^%|^<|>$|^process\.env|^os\.(?:environ|getenv)|^env[.(]|getenv|^secrets?\.|^var\."
    r"|^config\."
    r"|^self\.|^https?:|\(\)?$",
    re.IGNORECASE,
)
"""What code writes in place of a password: a variable, a template, a sequence."""
_COMMON: Final = frozenset(
    """
    password passwort secret letmein admin root user guest token pass welcome postgres mysql
    redis none null true false string undefined required optional encrypted hidden incorrect
    invalid correct wrong protected
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
    if documented or len(set(value)) <= 3 or _STAND_IN.search(value):
        return True
    return value.lower().strip(".,:;!?") in _COMMON or (
        strict and _REFERENCE.search(value) is not None
    )


def looks_random(value: str) -> bool:
    """Say whether a value is made of mixed characters, as keys and chosen passwords are.

    It needs a digit beside letters, and 2.5 bits per character (3 from 16 characters on, the limit
    of detect-secrets for hexadecimal strings).
    """
    mixed = any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    return mixed and bits(value) >= (3.0 if len(value) >= 16 else 2.5)
