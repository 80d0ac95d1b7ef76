"""Doubt IP addresses: versions, section numbers, OIDs, scope operators and slices look alike."""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.findings.neighbours import NEAR
from ftaudit.privacy.findings.span import Span

_START: Final = (
    r"(?:(?<![^\W_])|(?<=[a-z0-9])(?=[A-Z])|(?=[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]))"
)
_VERSION: Final = LazyPattern(
    _START + r"(?i:versions?|ver|(?<![A-Za-z-])v(?![A-Z])|bios|uefi|vers"
    r"|releases?|rel|rev|revision|sections?|sec|§+|chapters?"
    r"|clause"
    r"|paragraph|para|abschnitt|kapitel|ziffer|annex|appendix|oid|mib|firmware|build|sdk|assembly"
    r"|assemblyversion|fileversion|productversion|versi[oó]n|versione|vers[aã]o|バージョン|版本|版"
    r"|버전|верси\w{1,2}|раздел\w?|пункт\w?|глав\w|wersj\w|verze|versie|verzi\w|s[üu]r[üu]m|έκδοση"
    r"|[הבול]?גרסה|[הבול]?סעיף|[وب]?(?:ال)?إصدار|نسخه|artikel|art|article|secci[óo]n|sezione|se[çc][ãa]o|rozdzia[łl]|kap"
    r"|cap[íi]tulo"
    r"|upgrad\w{0,4}|downgrad\w{0,4}|bump\w{0,4}|第|章|節)(?![a-z])"
)
"""Words that name a version, a section or an object identifier right before it."""
_SOFTWARE: Final = LazyPattern(
    _START
    + r"(?i:drivers?|patch(?:ed)?|upgraded?|updated?|downgraded?|install(?:ed)?|package|plugin"
    r"|library|lib|tag|chrome|chromium|edge|safari|opera|java|jdk|python|kernel|software|bios|since"
    r"|until|requires?|compatible|figure|fig|table|step|item|article)(?![a-z])"
)
"""Words that a version may follow at some distance, if its numbers are small."""
_ADDRESS: Final = LazyPattern(
    _START
    + r"(?i:ips?|ipv4|ip ?addr(?:ess(?:es)?)?|addr|address|hosts?|hostname|ping|dns|nameserver"
    r"|resolver|gateway|gw|router|subnet|netmask|src|dst|logged in|remote|peer|ssh"
    r"|connect(?:ed|ing|ion)?|listen(?:ing)?|bind|proxy|vpn|forwarded|firewall|blocked|banned"
    r"|attack(?:er)?|visitor|localhost|inet|adresse|dirección|indirizzo|endereço)(?![a-z])"
)
_PROGRAM: Final = LazyPattern(
    _START
    + r"(?i:kernel|chrome|chromium|edge|safari|opera|firefox|java|jdk|jre|python|node|php|bios|uefi"
    r"|package|plugin|library|lib|patch|hotfix|tag|image)[ :/=-]{1,3}v?$"
)
"""Names of programs and of their parts, directly before the number of a version."""
_IMAGE: Final = LazyPattern(
    r"(?i:image|from|pull|push|run|docker|podman|container|registry|repository|repo|chart)"
    r"[\s:=\"']{1,4}[\w./-]{1,50}:$"
)
"""The name of a container's image, up to the tag that is its version."""
_REQUIREMENT: Final = LazyPattern(r"(?:[=<>~!]=|[<>^~])[ ]?[\"']?(?:\d{1,2}:)?$")
"""What a version is compared with, and the epoch before it: ">= 1:4.3.99.2"."""
_TAG: Final = LazyPattern(r"<[/\w][^<>]*>$")
"""The tag of markup before a value, whose end is no "greater than"."""
_JOINED: Final = LazyPattern(
    r"(?:[A-Za-z_][-_.]?|(?:\d|[\s,(-])\.|(?<![/\w:.])[A-Za-z][\w.-]{0,20}/)$"
)
"""What makes an address part of a file's name, of a longer number or of a product's version."""
_DECIMAL_BEFORE: Final = LazyPattern(r"(?<![\d.])\d*\.\d+[ ,]{1,2}$")
_DECIMAL_AFTER: Final = LazyPattern(r"[ ,]{0,2}-?\d*\.\d+(?![\d.]*\.\d{1,3}\.\d)")
"""Decimals without zeros and spaces on both sides, as in the paths of drawings (SVG)."""
_VERSION_BEFORE: Final = LazyPattern(r"(?<![\d.])\d{1,3}\.\d{1,3}\.\d{1,3}[ ,;|]{1,3}$")
_VERSION_AFTER: Final = LazyPattern(r"[ ,;|]{1,3}\d{1,3}\.\d{1,3}\.\d{1,3}(?![.\d])")
"""Versions of three parts in a list beside one of four."""
_DOTTED: Final = LazyPattern(r"(?<![\w.])\d{1,7}(?:\.\d{1,7}){2,12}(?![\w.]*\w)")
_RUN_BEFORE: Final = LazyPattern(r"(?:(?:\d{1,5}\.){1,5}\d{1,5}[ ,;|\t]{1,3})+$")
_RUN_AFTER: Final = LazyPattern(r"(?:[ ,;|\t]{1,3}(?:\d{1,5}\.){1,5}\d{1,5}(?![\w.]))+")
"""Dotted numbers in a row, before one and after."""
_HEADING: Final = LazyPattern(r"[ \t]{1,4}[A-Z][a-z]+ (?:[a-z]{2}|[A-Z][a-z])")
_CHAPTERS, _SECTIONS = 20, 100
"""What a heading is called, and below which numbers its chapter and sections are."""
_LOGGED: Final = LazyPattern(r":\d{2,5}(?!\d)|/\d\d?(?!\d)|[ ]-[ ]")
"""The port, the mask or the user after an address."""
_CHAIN: Final = LazyPattern(
    r"(?:\d{1,3}(?:\.\d{1,3}){3}(?:[ ]?(?:to|and|or|->|→|=>|,|/|bis|auf|à|al?)[ ]?))+$"
)
"""Numbers of the same kind right before: "from 7.0.108.2 to"."""
_INDEXED: Final = LazyPattern(r"[\w\])]\[$")
"""A slice: `rows[2000::5]`."""
_COMPRESSED: Final = LazyPattern(
    r"(?:[23][0-9a-f]{3}|f[cdef][0-9a-f]{2})(?::|$)|64:ff9b:|::ffff:", re.IGNORECASE
)
"""First groups of addresses that are in use: global unicast, unique local, link-local, multicast,
translated (IANA, IPv6 address space)."""
_SMALL: Final = 32
"""Of four random octets all are below this once in 4,096 addresses; of versions nearly always."""
_MAJOR: Final = 10
"""Of two random octets both are below this once in 650 addresses; of versions mostly."""
_ARCS: Final = 2
"""The highest first arc of an object identifier (ITU-T X.660)."""


def ip_score(text: str, span: Span) -> float:
    """Return the score of a span found as an IP address; 0 when it cannot be one."""
    value = text[span.start : span.end].split("/", 1)[0].split("%", 1)[0]
    try:
        address = ip_address(value)
    except ValueError:  # octets with a leading zero are dates, or groups of a phone number
        return 0.0
    if isinstance(address, IPv6Address):
        return span.score if _is_ipv6(value, text, span) else 0.0
    return span.score if _is_ipv4(address, text, span) else 0.0


def _is_ipv6(value: str, text: str, span: Span) -> bool:
    """Ask for a first group in use and a digit: `a::b`, `Face::Dead` and `xs[::2]` are code."""
    if text[span.end : span.end + 1].isalnum() or text[span.end : span.end + 1] in {"_", "("}:
        return False
    if _INDEXED.search(text[max(0, span.start - 2) : span.start]):
        return False
    if "::" not in value:
        if all(len(group) == 2 for group in value.split(":")):  # bytes of a key or a digest
            return _ADDRESS.search(_before(text, span)) is not None
        return any(c.isalpha() for c in value) or _ADDRESS.search(_before(text, span)) is not None
    return _COMPRESSED.match(value) is not None and any(c.isdigit() for c in value)


def _is_ipv4(address: IPv4Address, text: str, span: Span) -> bool:
    before, after = _before(text, span), text[span.end : span.end + 2]
    if (after[:1] in {".", "-", "+", "_"} and after[1:2].isalnum()) or after[:1].isalpha():
        return False
    if _DECIMAL_BEFORE.search(before) and _DECIMAL_AFTER.match(text, span.end):
        return False
    if _PROGRAM.search(before[-24:]) or _IMAGE.search(before) or _is_in_hierarchy(text, span):
        return False
    if _VERSION_BEFORE.search(before) or _VERSION_AFTER.match(text, span.end):
        return False
    if _JOINED.search(before[-24:]) or (_REQUIREMENT.search(before) and not _TAG.search(before)):
        return False
    before = _CHAIN.sub("", before)
    small = _is_small(address.packed, text, span)
    near = before if small else before[-24:]
    version, named = _last(_VERSION, near), _last(_ADDRESS, before)
    if small:
        version = max(version, _last(_SOFTWARE, near))
    elif version >= 0:
        version += len(before) - len(near)
    return named > version or (version < 0 and not small)


def _is_small(octets: bytes, text: str, span: Span) -> bool:
    """Say whether an address is made of numbers as low as those of a version."""
    if octets[0] != 10 and all(octet < _SMALL for octet in octets):
        return True
    low = all(octet < _MAJOR for octet in octets[:2])
    return low and _LOGGED.match(text, span.end) is None


def _is_in_hierarchy(text: str, span: Span) -> bool:
    """Say whether numbers beside one tell that it is a version, a section or an identifier.

    Such numbers have three parts, or five, and begin as it does; or they are listed with it, and
    are no addresses themselves.
    """
    first, last = max(0, span.start - 2 * NEAR), span.end + 2 * NEAR
    parts = text[span.start : span.end].split("/", 1)[0].split(".")
    beside = [match.group() for match in _DOTTED.finditer(text, first, last)]
    if _is_heading(text, span, parts) or any(_is_above(number, parts) for number in beside):
        return True
    arcs = [number for number in beside if number.count(".") > 3 or _is_no_address(number)]
    if int(parts[0]) <= _ARCS and _are_identifiers([a for a in arcs if a.split(".") != parts]):
        return True
    before = _RUN_BEFORE.search(text[first : span.start])
    after = _RUN_AFTER.match(text, span.end, last)
    listed = [number for run in (before, after) if run for number in _LISTED.findall(run.group())]
    return any(map(_is_no_address, listed))


def _is_heading(text: str, span: Span, parts: Sequence[str]) -> bool:
    """Say whether a low number begins a line that goes on as a heading does."""
    begins = text[max(0, span.start - NEAR) : span.start].rstrip(" \t")[-1:] in {"", "\n"}
    numbers = [int(part) for part in parts]
    low = numbers[0] < _CHAPTERS and max(numbers) < _SECTIONS
    return begins and low and _HEADING.match(text, span.end) is not None


def _is_above(dotted: str, parts: Sequence[str]) -> bool:
    """Say whether a number of more or fewer parts begins like one."""
    others = dotted.split(".")
    return len(others) != len(parts) and others[:2] == parts[:2]


def _are_identifiers(numbers: Sequence[str]) -> bool:
    """Say whether one number is an object identifier by its length, or two are by their arcs."""
    arcs = [number for number in numbers if int(number.split(".")[0]) <= _ARCS]
    return len(arcs) > 1 or any(number.count(".") > 3 for number in arcs)


_LISTED: Final = LazyPattern(r"[\d.]+")


def _is_no_address(dotted: str) -> bool:
    parts = [int(part) for part in dotted.split(".")]
    versions = parts[0] != 10 and all(part < _SMALL for part in parts)
    return len(parts) in {3, 5} or (len(parts) == 4 and (versions or max(parts) > 255))


def _before(text: str, span: Span) -> str:
    return text[max(0, span.start - NEAR) : span.start]


def _last(pattern: LazyPattern, before: str) -> int:
    """Return where the last match begins, or -1."""
    return max((match.start() for match in pattern.finditer(before)), default=-1)
