"""What stands directly around a span: part of a longer number, or the name of another number."""

import re
from typing import Final

NEAR: Final = 60
"""Characters in which a word counts as near."""
_SIGNS: Final = frozenset("-+\u2212#/@$€£¥₹~^*")
_OTHER: Final = re.compile(
    r"(?:(?<![^\W_])|(?<=[a-z0-9])(?=[A-Z]))"
    r"(?i:orders?|tickets?|invoices?|bestellung\w*|bestellnummer|rechnung\w*|rechnungsnummer"
    r"|vorgangs?\w*|auftrag\w*|commande|facture|pedido|factura|tracking|parcels?|shipments?"
    r"|consignment|cases?|bugs?|issues?|builds?|commits?|jobs?|tasks?|posts?|tweets?|users?|items?"
    r"|products?|articles?|photos?|pages?|videos?|sessions?|requests?|req|trace|transactions?|txn"
    r"|txid|ref|reference|serials?|isbn|issn|doi|ean|gtin|upc|imei|iccid|sku|asin|seed|hash|sha"
    r"|checksum|ts|timestamps?|epoch|unix|time|since|nonce|offset|size|bytes|rows?|records?"
    r"|count|total|sum|population|revenue|version|batch|lot|models?|parts?|pid|tid|id|ids|uid|gid"
    r"|uuid|key|keys|index|line|lines|revision|pr|mr|cve|patent|grant|award|nct|pmid|arxiv|zip"
    r"|plz|barcode|quantity|qty|year|years|limit|max|min|pi|code|codes)"
    r"(?![a-z])[\"'`\\\]\s:=#.(*-]{0,6}"
    r"(?:(?i:id|ids|number|numbers|numero|no|nr|num|is|was|are|of|at|in|the|ist)"
    r"(?![^\W_])[\"'`\\\]\s:=#.(*-]{0,6}){0,3}$"
)
"""The name of a number that is neither a phone nor a card, up to the number itself."""


def is_part_of_number(text: str, start: int, end: int) -> bool:
    """Say whether digits continue a decimal, a signed or a dotted number, a path or a word."""
    before, after = text[max(0, start - 3) : start], text[end : end + 2]
    return _continues(before) or _is_continued(after)


def _continues(before: str) -> bool:
    last, previous = before[-1:], before[-2:-1]
    if last == ".":  # "0.45", ".45", but not "no.45"
        return not previous.isalpha()
    if last == ",":  # "0,45" is a decimal in most of Europe; "7,45" may be two cells of a table
        return previous == "0" and not before[-3:-2].isalnum()
    if last in _SIGNS and last:
        return True
    return last == "_" or last.isalnum()


def _is_continued(after: str) -> bool:
    first, second = after[:1], after[1:2]
    if first in ".-" and first:
        return second.isalnum()
    return first == "_" or first in {"%", "‰", "°"} or first.isalnum()


def names_another_number(text: str, start: int) -> bool:
    """Say whether the words right before a number call it an order, an id, a time or a count."""
    return _OTHER.search(text[max(0, start - 40) : start]) is not None
