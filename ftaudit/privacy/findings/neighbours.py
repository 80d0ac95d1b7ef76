"""What stands directly around a span: part of a longer number, or the name of another number."""

from typing import Final

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.findings.table_heads import head_above

NEAR: Final = 60
"""Characters in which a word counts as near."""
_SIGNS: Final = frozenset("-+\u2212#/@$€£¥₹~^*")
_OTHER: Final = LazyPattern(
    r"(?:(?<![^\W_])|(?<=[a-z0-9])(?=[A-Z])|(?=[\u4e00-\u9fff\uac00-\ud7af]))"
    r"(?i:orders?|tickets?|invoices?|bestellung\w*|bestellnummer|rechnung\w*|rechnungsnummer"
    r"|vorgangs?\w*|auftrag\w*|commande|facture|pedido|factura|tracking|parcels?|shipments?"
    r"|consignment|awb|(?:air ?)?waybill|b/l|container|voucher|cases?|bugs?|issues?|builds?"
    r"|commits?|jobs?|tasks?|posts?|tweets?|users?"
    r"(?!:\s)|items?"
    r"|products?|articles?|photos?|pages?|videos?|sessions?|requests?|req|trace|transactions?|txn"
    r"|txid|ref|reference|serials?|isbn|issn|isin|cusip|sedol|wkn|cik|doi|ean|gtin|upc|imei|iccid|sku|asin|seed|hash|sha"
    r"|checksum|fingerprint|ranges?|digits|merged?|cherry-pick\w{0,4}|revert\w{0,3}|blob|object|ts|timestamps?|nanos|nanoseconds|millis|rowid|idx|views?|asin|rank|seq"
    r"|channel|server|guild|thread|conversation|telemetry|fedex|dhl|usps|ups|coordinates|coords"
    r"|bbox|flights?|answers?|results?|outputs?|solution|prime|determinant|quotient|remainder|factorial"
    r"|protocoll?o|matricola|matrícula|expediente|dossier|epoch|unix|time|since|nonce|offset|size"
    r"|bytes|rows?|records?"
    r"|count|total|sum|population|revenue|version|batch|lot|models?|parts?|pid|tid|id|ids|uid|gid"
    r"|uuid|id_str|key|keys|index|line|lines|revision|pr|mr|cve|patent|grant|award|nct|pmid|arxiv"
    r"|zip"
    r"|plz|barcode|quantity|qty|year|years|limit|max|min|pi|code|codes|ns|us|snowflake"
    r"|(?!(?:tele?fon|handy|ruf|mobil|fax|karten|kreditkarten|credit|kreditkort|betaal|kontakt"
    r"|haus|telefoon|kort|phone))"
    r"[a-zäöüßåæø]{3,24}(?:nummer|nr|nummern|zeichen|kennung|numero|nummeret)"
    r"|[a-zäöü]{2,24}\.?-(?:nr|nummer|no)"
    r"|(?:n[°º]|n[uú]m[ée]ro|c[oó]dig[oe]|codice|numer|номер) "
    r"(?:de |d['\u2019]|du |da |do |di |del )?"
    r"(?!t[ée]l|m[óo][bv]i|portab|celu|cell|fax|phone|contact|whats|телеф|моб|card|tarj"
    r"|cart)[^\W\d_]{3,14}"
    r"|customer|client|contract|polic(?:y|ies)|claims?|employee|vendor|supplier|member|bookings?"
    r"|reservation|confirmation|account|acct|student|staff|badge|license|licence|permit|steamid"
    r"|ordine|fattura|pratica|kunden|konto|cuenta|compte|conta|encomenda|fatura|zam[óo]wieni\w"
    r"|faktur\w|zlecenia|bestelling|заказ\w{0,2}|сч[её]т\w{0,2}|договор\w{0,2}|накладн\w{2}"
    r"|(?:注文|受注|伝票|会員|顧客|受付|整理|製造|追跡|管理|予約)番号"
    r"|(?:订单|快递|运单|流水|合同|发票|编|訂單|編|單|序列|会员|账|案件|工单|学)[号號]?[码碼]?"
    r"|주문(?: ?번호)?|송장(?: ?번호)?"
    r"|הזמנה|חשבונית|(?:ال)?طلب|(?:ال)?فاتورة|سفارش|p\.?o\.?(?=[ ]?(?:number|no\b|nr\b|#)))"
    r"(?![a-z])[\"'`\\\]\s:=#.(*|-]{0,6}"
    r"(?:(?i:id|ids|number|numbers|n[uú]m[ée]ro|n[°º]|№|no|nr|num|номер|מספר|رقم|is|was|are|of|at|in|the"
    r"|ist|est|es"
    r"|è|:)"
    r"(?![^\W_])[\"'`\\\]\s:=#.(*|-]{0,6}){0,3}$"
)
"""The name of a number that is neither a phone nor a card, up to the number itself."""

_UNITS: Final = LazyPattern(
    r"[ ](?i:units?|bytes|bits|rows|columns|lines|records|entries|items|objects|files"
    r"|documents|applications|forms|certificates|licen[cs]es|seats|photos|images|rpm"
    r"|vehicles|cars|households|employees|patients|workers|members|subscribers|followers|citizens"
    r"|residents|homes|shares|transactions|orders|tickets|products|param(?:eter)?s|weights|nodes"
    r"|queries|clicks|likes|comments|tweets|articles|books|songs|stars|trees|animals|tons|tonnes"
    r"|lit(?:er|re)s|gallons|acres|hectares|[kmg]?wh|volts|watts|k?cal(?:orie)?s?|tokens|words"
    r"|characters|chars|letters|messages|texts|e?mails|calls|requests|hits|views|visits|downloads"
    r"|installs|users|people|persons|customers|votes|times|cycles|steps|iterations|operations"
    r"|events"
    r"|samples|points|pixels|cells|copies|pieces|parts|dollars|euros?|pounds|yen|miles|meters"
    r"|metres"
    r"|m[aw]h|k?wh|souls|inhabitants|rupiah|rupees|pesos|euros|francs|rubles|won|dong|seconds|minutes|hours|ms|ns|us|[kmg]i?b|[kcm]?m|kg|hz|[kmg]hz|einheiten|stück|zeichen|euro"
    r"|habitantes|habitants|einwohner|voix|votos|stimmen|units)(?![a-z])"
)
"""What a number counts or measures, right after it."""


_DECIMAL_AFTER: Final = LazyPattern(r"[,;\t ][ ]?-?\d{0,9}\.\d{4}")
_DECIMAL_BEFORE: Final = LazyPattern(r"\d\.\d{4,24}(?:[eE][+-]?\d{1,3})?[,;\t ][ ]?$")
_GROUPS: Final = LazyPattern(r"[^0-9]")
_DOI: Final = LazyPattern(r"\b10\.\d{4,9}/[^\s\"'<>]{0,40}$")
"""The beginning of a digital object identifier (ISO 26324)."""


def is_part_of_number(text: str, start: int, end: int) -> bool:
    """Say whether digits continue a decimal, a signed or a dotted number, a path or a word."""
    before, after = text[max(0, start - NEAR) : start], text[end : end + 2]
    return _continues(before[-3:]) or _is_continued(after) or _DOI.search(before) is not None


def _continues(before: str) -> bool:
    last, previous = before[-1:], before[-2:-1]
    if last == ".":  # "0.45", ".45", but not "no.45"
        return not previous.isalpha()
    if last == ",":  # "0,45" is a decimal in most of Europe; "7,45" may be two cells of a table
        return previous == "0" and not before[-3:-2].isalnum()
    if last == ":":  # the minutes or the seconds of a time
        return previous.isdigit()
    if last in _SIGNS and last:
        return True
    return last == "_" or last.isalnum()


def _is_continued(after: str) -> bool:
    first, second = after[:1], after[1:2]
    if first in ".-" and first:
        return second.isalnum()
    return first == "_" or first in {"%", "‰", "°"} or first.isalnum()


def is_among_decimals(text: str, start: int, end: int) -> bool:
    """Say whether a number stands beside a decimal in a row of them: it was cut from one, too."""
    before = text[max(0, start - 40) : start]
    return bool(_DECIMAL_AFTER.match(text, end) or _DECIMAL_BEFORE.search(before))


def names_another_number(text: str, start: int) -> bool:
    """Say whether the words before a number, or its column, call it an order, an id or a time."""
    return bool(another_number(text, start)) or _heads_another(text, start)


def _heads_another(text: str, start: int) -> bool:
    head = head_above(text, start) if "\n" in text else ""
    return bool(head) and _OTHER.search(head[-36:] + ": ") is not None


def continues_row(text: str, start: int, end: int) -> bool:
    """Say whether groups go on beside a grouped number, as long and with the same separator."""
    value = text[start:end]
    groups = _GROUPS.split(value)
    if len(groups) < 2 or not groups[0] or not groups[-1]:
        return False
    first, last = value[len(groups[0])], value[-len(groups[-1]) - 1]
    before = text[max(0, start - len(groups[0]) - 2) : start]
    after = text[end : end + len(groups[-1]) + 2]
    beside = (
        _group(before[::-1], first, len(groups[0])),
        _group(after, last, len(groups[-1])),
    )
    return all(beside) or any(any(map(str.isdigit, group)) for group in beside)


def _group(beside: str, separator: str, length: int) -> str:
    """Return the group of hexadecimal digits that comes first behind a separator, if it is whole.

    Letters alone make a row only where a group stands on both sides: "be" is a word, too.
    """
    group, rest = beside[1 : 1 + length], beside[1 + length :]
    whole = len(group) == length and not (rest and rest[0].isalnum())
    hexadecimal = all(c in "0123456789abcdefABCDEF" for c in group)
    return group if beside[:1] == separator and whole and hexadecimal else ""


def counts_things(text: str, end: int) -> bool:
    """Say whether a unit or a plural of things follows a number."""
    return _UNITS.match(text, end) is not None


def another_number(text: str, start: int) -> str:
    """Return the words right before a number that call it an order or the like; else nothing."""
    match = _OTHER.search(text[max(0, start - 40) : start])
    return match.group() if match else ""
