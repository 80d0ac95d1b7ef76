"""Documented stand-ins: values that standards and vendors reserve for examples and tests."""

import re
from ipaddress import ip_address, ip_network
from typing import Final

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.findings.card_numbers import TEST_NUMBERS

_HOST: Final = LazyPattern(
    r"(?:^|[@/.])(?:example\.(?:com|org|net|edu)|(?:[\w-]+\.)?(?:example|test|invalid|localhost)"
    r"|(?:example|exemple|ejemplo|esempio|exemplo|beispiel)\.(?:com?\.)?[a-z]{2,3}|domain\.tld"
    r"|(?:your|my)?(?:domain|company|site|email)\.(?:com|org|net)|yourcompany\.com)$"
)
"""RFC 2606 and 6761, and the domains that forms and documentation print."""
_MAILBOX: Final = LazyPattern(
    r"(?:no|do[._-]?not)[._-]?reply(?:\+[\w.-]*)?@.+|your[._-]?(?:name|e?mail|address|id"
    r"|user\w*)@.+"
    r"|(?:user(?:name)?|name|e?mail|me|you|someone|somebody|test\w{0,3}|foo|bar|abc|xyz|jane\.?doe"
    r"|john\.?doe)@(?:e?mail|address|domain|test|foo|bar|abc|xyz|host|server|mail"
    r"|acme)\.[a-z]{2,4}",
    re.IGNORECASE,
)
"""Mailboxes of nobody, and those that forms print in place of one."""
_PLACEHOLDER_NAME: Final = LazyPattern(
    r"(?:j(?:ohn|ane|ohnny) (?:q\.? )?doe|john q\.? public|joe bloggs|(?:max|erika) mustermann)$",
    re.IGNORECASE,
)
"""Names that stand for any person (English and German forms)."""
_LICENCE: Final = LazyPattern(r"51 Franklin St|59 Temple Place|675 Mass(?:achusetts)? Ave")
"""Where the GNU licences tell readers to write to, in the head of every file under them."""
_PRINTED: Final = {"PERSON": _PLACEHOLDER_NAME, "STREET_ADDRESS": _LICENCE}
_FICTIONAL: Final = LazyPattern(r"(?:1?\d{3})?55501\d{2}")
"""555-0100 to 555-0199: reserved for fiction (ATIS-0300115, NANPA)."""
_NETWORKS: Final = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/32", "127.0.0.0/8", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24",
        "255.255.255.0/24", "1.1.1.1/32", "1.0.0.1/32", "8.8.8.8/32", "8.8.4.4/32", "9.9.9.9/32",
        "1.2.3.4/32", "::/128", "::1/128", "2001:db8::/32", "3fff::/20",
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10",
        "fc00::/7", "fe80::/10",
    )
)  # fmt: skip
"""Loopback, unspecified and documentation addresses (RFC 1122, 4291, 5737, 3849, 9637), public
resolvers, the address that examples count up; and addresses within private networks, the same in
millions of them and in every file of settings (RFC 1918, 3927, 6598, 4193, 4291)."""


def is_stand_in(entity: str, value: str) -> bool:
    """Say whether a value of an entity is one that documentation uses in place of a real one."""
    match entity:
        case "EMAIL_ADDRESS":
            return _is_nobodys(value)
        case "URL":
            return _HOST.search(_host(value)) is not None
        case "PHONE_NUMBER":
            return _FICTIONAL.fullmatch("".join(c for c in value if c.isdecimal())) is not None
        case "IP_ADDRESS":
            return _is_reserved(value)
        case _:
            printed = _PRINTED.get(entity)
            return printed is not None and printed.match(value) is not None


def _is_nobodys(address: str) -> bool:
    mailbox = _MAILBOX.fullmatch(address.strip("\"'<>"))
    return mailbox is not None or _HOST.search(_host(address)) is not None


def is_test_card(entity: str, value: str) -> bool:
    """Say whether a value is a card number that payment processors document for tests."""
    number = "".join(c for c in value if c.isdecimal())
    return entity == "CREDIT_CARD" and number in TEST_NUMBERS


def _host(value: str) -> str:
    rest = value.casefold().strip("\"'<>").split("://", 1)[-1]
    host = rest.rsplit("@", 1)[-1] if "@" in rest else rest
    return "@" + re.split(r"[/?#:]", host, maxsplit=1)[0].strip(".")


def _is_reserved(value: str) -> bool:
    if "/" in value and _is_network(value):
        return True
    try:
        address = ip_address(value.split("/", 1)[0].split("%", 1)[0])
    except ValueError:
        return False
    return any(address in network for network in _NETWORKS)


def _is_network(value: str) -> bool:
    """Say whether a value is a network, not an address in one: it names nobody's machine."""
    try:
        network = ip_network(value)
    except ValueError:  # an address with the width of its network
        return False
    return network.num_addresses > 1
