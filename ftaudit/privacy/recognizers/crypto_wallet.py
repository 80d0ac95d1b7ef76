"""Wallets of Ethereum and other ledgers with its addresses."""

from hashlib import sha256
from typing import ClassVar, Final

from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.keccak import checksummed

_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class EthereumWalletRecognizer(CuedRecognizer):
    """Find Ethereum addresses: `0x` and forty hexadecimal digits. Presidio knows Bitcoin's only."""

    entity: ClassVar = "CRYPTO"
    patterns: ClassVar = (
        CuedPattern("address", r"(?<![\w./-])(?P<value>0x[0-9a-fA-F]{40})(?!\w)", 0.8),
    )

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Refuse fillers, which nobody owns, and mixed case that is not the checksum (EIP-55)."""
        digits = value[2:]
        if len(set(digits.lower())) < 8:
            return False
        return digits in {digits.lower(), digits.upper()} or digits == checksummed(digits)


class Base58WalletRecognizer(CuedRecognizer):
    """Find addresses of Tron, Litecoin, Dogecoin, Dash and Zcash with a valid checksum."""

    entity: ClassVar = "CRYPTO"
    patterns: ClassVar = (
        CuedPattern(
            "address",
            r"(?<![\w./+=-])(?P<value>(?:T[A-Z]|D[A-Z5-9]|L[A-Z]|X[a-z]|t[13])[1-9A-HJ-NP-Za-km-z]{31,33})(?![\w/+=])",
            0.8,
        ),
    )

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Check the last four bytes: the first of a double SHA-256 of the others (Base58Check)."""
        number = 0
        for character in value:
            number = number * 58 + _BASE58.index(character)
        if number >= 1 << 208:
            return False
        data = number.to_bytes(26, "big").lstrip(b"\0")
        return sha256(sha256(data[:-4]).digest()).digest()[:4] == data[-4:]
