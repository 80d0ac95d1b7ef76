"""Allow values by exact match, pattern or domain, as a policy lists them."""

from functools import cache
from typing import Any

from msgspec import Struct

from ftaudit.model.errors import UsageError
from ftaudit.privacy.findings.span import Span
from ftaudit.privacy.patterns.pattern_search import compile_

_HOSTED = frozenset({"EMAIL_ADDRESS", "URL"})
"""Entities whose value has a domain."""


class AllowList(Struct, frozen=True):
    """What a policy lets pass. A finding is dropped when any of the lists holds its value."""

    values: tuple[str, ...] = ()
    """Exact values, compared without regard to case and outer white space."""
    patterns: tuple[str, ...] = ()
    """Regular expressions in RE2's syntax that the whole value must match."""
    domains: tuple[str, ...] = ()
    """Domains whose e-mail addresses and URLs pass, with those of their subdomains."""

    def check(self) -> None:
        """Compile the patterns.

        Raises:
            UsageError: a pattern that RE2 cannot read.
        """
        for pattern in self.patterns:
            _compiled(pattern)

    def allows(self, text: str, span: Span) -> bool:
        """Say whether the value of `span` in `text` may stay."""
        if not (self.values or self.patterns or self.domains):
            return False
        value = text[span.start : span.end].strip()
        if value.casefold() in _folded(self.values):
            return True
        if any(_compiled(pattern).fullmatch(value) for pattern in self.patterns):
            return True
        return span.entity in _HOSTED and self._allows_host(_host(value))

    def _allows_host(self, host: str) -> bool:
        allowed = (domain.casefold().strip(". ") for domain in self.domains)
        return any(host == domain or host.endswith(f".{domain}") for domain in allowed)


@cache
def _folded(values: tuple[str, ...]) -> frozenset[str]:
    return frozenset(value.strip().casefold() for value in values)


@cache
def _compiled(pattern: str) -> Any:  # noqa: ANN401 - re2's or re's pattern
    try:
        return compile_(pattern)
    except ValueError as error:
        msg = f"allow_patterns: {pattern} is {error}: correct it"
        raise UsageError(msg) from None


def _host(value: str) -> str:
    """Return the host of an e-mail address or URL, in lower case."""
    rest = value.casefold().strip("\"'<>").rsplit("@", 1)[-1]
    rest = rest.split("://", 1)[-1]
    return rest.split("/", 1)[0].split("?", 1)[0].split("#", 1)[0].split(":", 1)[0].strip(".")
