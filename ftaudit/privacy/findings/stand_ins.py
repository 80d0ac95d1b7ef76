"""Documented stand-ins: values that standards and vendors reserve for examples and tests."""

import re
from ipaddress import ip_address, ip_network
from typing import Final

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.findings.card_numbers import TEST_NUMBERS

_HOST: Final = LazyPattern(
    r"(?:^|[@/.])(?:example\.(?:com|org|net|edu)|(?:[\w-]+\.)?(?:example|test|invalid|localhost)"
    r"|(?:your|my)?(?:domain|company|site|email)\.(?:com|org|net)|yourcompany\.com)$"
)
"""RFC 2606 and 6761, and the domains that forms and documentation print."""
_FICTIONAL: Final = LazyPattern(r"(?:1?\d{3})?55501\d{2}")
"""555-0100 to 555-0199: reserved for fiction (ATIS-0300115, NANPA)."""
_NETWORKS: Final = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/32", "127.0.0.0/8", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24",
        "255.255.255.0/24", "::/128", "::1/128", "2001:db8::/32", "3fff::/20",
    )
)  # fmt: skip
"""Loopback, unspecified and documentation addresses (RFC 1122, 4291, 5737, 3849, 9637)."""


def is_stand_in(entity: str, value: str) -> bool:
    """Say whether a value of an entity is one that documentation uses in place of a real one."""
    match entity:
        case "EMAIL_ADDRESS" | "URL":
            return _HOST.search(_host(value)) is not None
        case "PHONE_NUMBER":
            return _FICTIONAL.fullmatch("".join(c for c in value if c.isdecimal())) is not None
        case "IP_ADDRESS":
            return _is_reserved(value)
        case _:
            return False


def is_test_card(entity: str, value: str) -> bool:
    """Say whether a value is a card number that payment processors document for tests."""
    number = "".join(c for c in value if c.isdecimal())
    return entity == "CREDIT_CARD" and number in TEST_NUMBERS


def _host(value: str) -> str:
    rest = value.casefold().strip("\"'<>").split("://", 1)[-1]
    host = rest.rsplit("@", 1)[-1] if "@" in rest else rest
    return "@" + re.split(r"[/?#:]", host, maxsplit=1)[0].strip(".")


def _is_reserved(value: str) -> bool:
    try:
        address = ip_address(value.split("/", 1)[0].split("%", 1)[0])
    except ValueError:
        return False
    return any(address in network for network in _NETWORKS)
