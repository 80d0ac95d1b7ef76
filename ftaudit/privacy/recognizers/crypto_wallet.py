"""Wallets of Ethereum and other ledgers with its addresses."""

from typing import ClassVar

from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer
from ftaudit.privacy.recognizers.keccak import checksummed


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
