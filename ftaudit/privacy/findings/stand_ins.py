"""Documented stand-ins: values that standards and vendors reserve for examples and tests."""

import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address, ip_network
from types import MappingProxyType
from typing import Final

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.findings.card_numbers import TEST_NUMBERS

_HOST: Final = LazyPattern(
    r"(?:^|[@/.])(?:example\.(?:com|org|net|edu)|(?:[\w-]+\.)?(?:example|test|invalid|localhost)"
    r"|(?:example|exemple|ejemplo|esempio|exemplo|beispiel)\.(?:com?\.)?[a-z]{2,3}|domain\.tld"
    r"|(?:your|my)?(?:domain|company|site|email|website|org|organization|somewhere)"
    r"\.(?:com|org|net)|(?:your|my)[a-z]{3,12}\.com)$"
)
"""RFC 2606 and 6761, and the domains that forms and documentation print."""
_MAILBOX: Final = LazyPattern(
    r"(?:no|do[._-]?not)[._-]?reply(?:\+[\w.-]*)?@.+|your[._-]?(?:name|e?mail|address|id"
    r"|user\w*)@.+"
    r"|(?:user(?:name)?|name|e?mail|me|you|someone|somebody|test\w{0,3}|foo|bar|abc|xyz|jane\.?doe"
    r"|john\.?doe)@(?:e?mail|address|domain|test|foo|bar|abc|xyz|host|server|mail"
    r"|acme)\.[a-z]{2,4}|j(?:ohn|ane)@doe\.[a-z]{2,4}"
    r"|(?:test|my|example|sample)[._-](?:user|account|acct|email)\d{0,3}@.+"
    r"|[\w.-]+@(?:[\w-]+\.iam|appspot|developer|cloudbuild|cloudservices)\.gserviceaccount\.com",
    re.IGNORECASE,
)
"""Mailboxes of nobody or of a machine, and those that forms print in place of one."""
_PLACEHOLDER_NAME: Final = LazyPattern(
    r"(?:j(?:ohn|ane|ohnny) (?:q\.? )?doe|john q\.? public|joe bloggs|(?:max|erika) mustermann"
    r"|fulan[oa](?: de tal)?|jan modaal|doe|muster(?:mann|frau)|bloggs|(?:вася|василий) пупкин)$",
    re.IGNORECASE,
)
"""Names that stand for any person in the forms of a language, and are nobody's."""
_PRINTED_ADDRESS: Final = LazyPattern(
    r"Muster(?:stra(?:ß|ss)e|str\.|weg|allee|gasse|platz) \d"
    r"|500 Oracle Parkway|1600 Pennsylvania Ave|1600 Amphitheatre P|350 (?:Fifth|5th) Ave"
    r"|10 Downing St|221B Baker St|742 Evergreen Ter|4 Privet D|12 Grimmauld P|1 Infinite Loop"
    r"|1 Microsoft Way|1 Hacker Way|51 Franklin St|59 Temple Place|Suite 330$|31 Milk St"
    r"|675 Mass(?:achusetts)? Ave|160 Saratoga Ave|1895 Preston White D|171 Second St"
    r"|559 Nathan Abbott W|444 Castro St|1 Letterman D|660 York St"
    r"|123 Main (?:St|Ave|Road|Rd)|\d{1,5} (?:Fake|Any|Anywhere|Anystreet|Example|Your|Some)"
    r" (?:St|Ave|Road|Rd)"
)
"""Where licences tell readers to write to in the head of every file under them, streets that forms
print, and seats of governments, companies and characters that everybody knows."""
_FICTIONAL: Final = LazyPattern(
    r"(?:1?\d{3})?55501\d{2}|1?123456789[01]?|0123456789|12345678?|12345678900|1?5551234(?:567)?"
    r"|(?:1?\d{3})?5551212|1555\d{7}"
    r"|(?:1?\d{3})?5551234|(\d)\1{6,11}|1(\d)\2{9}"
)
"""555-0100 to 555-0199: reserved for fiction (ATIS-0300115, NANPA), and 555-1212: information; and
what forms print: digits that count up, as 555-1234 does, or are all the same."""
_COUNTED: Final = LazyPattern(
    r"0?1234567(?:8(?:90?)?)?|9?87654321?0?|12345678901?2?3?4?5?6?|(\d)\1{5,15}", re.ASCII
)
"""Digits in their order, or all the same: what forms print for the number of a document."""
_NUMBERED: Final = frozenset(
    {"PASSPORT", "US_PASSPORT", "US_BANK_NUMBER", "US_DRIVER_LICENSE", "NATIONAL_ID"}
    | {"MEDICAL_RECORD_NUMBER"}
)
_PRINTED_SSN: Final = LazyPattern(
    r"123-?45-?6789|078-?05-?1120|111-?22-?3333|123-?12-?1234|987-?65-?432\d"
    r"|(\d)\1{2}-?\1\1-?\1{4}"
)
"""Numbers that forms print, that of a wallet's leaflet, and those kept for advertisements (SSA)."""
_DEFAULT_DATE: Final = LazyPattern(
    r"0?1([./-])0?1\1(?:1900|0001)|(?:1900|0001|9999)([./-])(?:01\2 ?01|12\2 ?31)"
    r"|(?:12([./-])31|31([./-])12)(?:\3|\4)9999"
)
"""What databases hold where no date was given."""
_NETWORKS: Final = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8", "127.0.0.0/8", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24",
        "255.255.255.0/24", "1.1.1.1/32", "1.0.0.1/32", "8.8.8.8/32", "8.8.4.4/32", "9.9.9.9/32",
        "1.2.3.4/32", "208.67.222.222/32", "208.67.220.220/32", "149.112.112.112/32",
        "93.184.216.34/32", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "224.0.0.0/4",
        "240.0.0.0/4", "2001:4860:4860::/48", "2606:4700:4700::/48", "2620:fe::/48",
        "2620:119:35::/48", "2620:119:53::/48", "2606:2800:21f::/48", "2606:2800:220::/48",
        "ff00::/8", "::/128", "::1/128", "2001:db8::/32", "2001::/23", "3fff::/20",
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10",
        "fc00::/7", "fe80::/10",
    )
)  # fmt: skip
"""Loopback, unspecified and documentation addresses (RFC 1122, 4291, 5737, 3849, 9637), public
resolvers and example.com, multicast and reserved ones, the address that examples count up; and
addresses within private networks, the same in millions of them and in every file of settings (RFC
1918, 3927, 6598, 4193, 4291)."""


def is_stand_in(entity: str, value: str) -> bool:
    """Say whether a value of an entity is one that documentation uses in place of a real one."""
    judge = _JUDGES.get(entity)
    return judge is not None and judge(value)


def _is_reserved_host(value: str) -> bool:
    return _HOST.search(_host(value)) is not None


def _is_fictional(value: str) -> bool:
    return _FICTIONAL.fullmatch("".join(c for c in value if c.isdecimal())) is not None


def _is_printed_ssn(value: str) -> bool:
    return _PRINTED_SSN.fullmatch(value.replace(" ", "-")) is not None


def _is_default_date(value: str) -> bool:
    return _DEFAULT_DATE.fullmatch(value) is not None


def _is_counted(value: str) -> bool:
    return _COUNTED.fullmatch(value) is not None


def _is_placeholder_name(value: str) -> bool:
    return _PLACEHOLDER_NAME.match(" ".join(value.split())) is not None


def _is_printed_address(value: str) -> bool:
    return _PRINTED_ADDRESS.match(" ".join(value.split())) is not None


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
    address = getattr(address, "ipv4_mapped", None) or address
    if len(set(address.packed)) == 1 or {0, 255}.issuperset(address.packed):  # 4.4.4.4, a mask
        return True
    return any(address in network for network in _NETWORKS)


def _is_network(value: str) -> bool:
    """Say whether a value is a network, not an address in one: it names nobody's machine."""
    try:
        network = ip_network(value)
    except ValueError:  # an address with the width of its network
        return False
    return network.num_addresses > 1


_JUDGES: Final[Mapping[str, Callable[[str], bool]]] = MappingProxyType(
    {
        "EMAIL_ADDRESS": _is_nobodys,
        "URL": _is_reserved_host,
        "PHONE_NUMBER": _is_fictional,
        "IP_ADDRESS": _is_reserved,
        "US_SSN": _is_printed_ssn,
        "DATE_OF_BIRTH": _is_default_date,
        "PERSON": _is_placeholder_name,
        "STREET_ADDRESS": _is_printed_address,
    }
    | dict.fromkeys(_NUMBERED, _is_counted)
)
"""Entity → what tells a stand-in from a value of somebody's."""
