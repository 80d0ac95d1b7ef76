"""Wallets of Ethereum and other ledgers with its addresses."""

from typing import ClassVar

from ftaudit.privacy.recognizers.cued_recognizer import CuedPattern, CuedRecognizer


class EthereumWalletRecognizer(CuedRecognizer):
    """Find Ethereum addresses: `0x` and forty hexadecimal digits. Presidio knows Bitcoin's only."""

    entity: ClassVar = "CRYPTO"
    patterns: ClassVar = (
        CuedPattern("address", r"(?<![\w./-])(?P<value>0x[0-9a-fA-F]{40})(?!\w)", 0.8),
    )

    def accepts(self, value: str, pattern: str) -> bool:  # noqa: ARG002 - one rule for every pattern
        """Refuse addresses of zeros and fillers, which nobody owns."""
        return len(set(value[2:].lower())) >= 8
